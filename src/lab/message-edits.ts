/**
 * Dropping and delaying one message of a run. The fault that does it waits for the client's
 * operation to get as far as it was when the message left, so that it finds the message again after
 * other edits; only where that would meet another one does it strike at the message's instant.
 */
import type { OperationId, Trigger } from '../fault.js';
import type { InvokeRecord } from '../history.js';
import type { Scenario } from '../scenario.js';
import type { ModelMessage, TraceModel } from '../timeline/model.js';
import { addFault, type NewFault } from './fault-edits.js';

/**
 * Loses a request before it is applied, or a reply after its request was; with it goes the
 * connection (docs/semantics.md, R7). The same scenario for a message that no client's request led
 * to.
 */
export function dropMessage(scenario: Scenario, model: TraceModel, message: number): Scenario {
  const request = requestOf(model, message);
  if (request === undefined) return scenario;
  const { client, server } = endsOf(model, request);
  const isRequest = request.index === message;
  const fault: NewFault = {
    class: isRequest ? 'lost-request' : 'lost-reply',
    client,
    server,
    at: triggerOf(model, request).at,
  };
  return addFault(scenario, fault);
}

/** Lets a message arrive `byUs` later, and with it those behind it on its connection. */
export function delayMessage(
  scenario: Scenario,
  model: TraceModel,
  message: number,
  byUs: number,
): Scenario {
  const delayed = model.messages[message];
  const request = requestOf(model, message);
  if (delayed === undefined || request === undefined) return scenario;
  const isRequest = request === delayed;
  let { at, fromUs } = triggerOf(model, request);
  const others = model.messages.filter(
    ({ from, to, sentAtUs, index }) =>
      from === delayed.from &&
      to === delayed.to &&
      index !== message &&
      sentAtUs >= fromUs &&
      sentAtUs < delayed.sentAtUs,
  );
  if (others.length > 0) {
    fromUs = Math.max(0, delayed.sentAtUs - 1);
    at = { atUs: fromUs };
  }
  return addFault(scenario, {
    class: 'delay',
    ...endsOf(model, request),
    direction: isRequest ? 'to-server' : 'to-client',
    durationUs: delayed.sentAtUs - fromUs + 1,
    byUs: Math.max(0, Math.round(byUs)),
    at,
  });
}

function endsOf({ hosts }: TraceModel, { from, to }: ModelMessage) {
  return { client: hosts[from]!.id, server: hosts[to]!.id };
}

/** The request itself, or the one that a reply answers: the last that its server had by then. */
function requestOf(model: TraceModel, message: number): ModelMessage | undefined {
  const found = model.messages[message];
  if (found === undefined) return undefined;
  if (isOfClient(model, found)) return found;
  return model.messages.findLast(
    (request) =>
      request.from === found.to &&
      request.to === found.from &&
      request.fate === 'delivered' &&
      request.endedAtUs <= found.sentAtUs &&
      isOfClient(model, request),
  );
}

function isOfClient({ hosts }: TraceModel, { from }: ModelMessage): boolean {
  return hosts[from]?.kind === 'client';
}

interface Strike {
  readonly at: Trigger;
  /** When that is in this run. */
  readonly fromUs: number;
}

/** What a fault waits for that shall meet this request, and no other one before it. */
function triggerOf(model: TraceModel, request: ModelMessage): Strike {
  const timed = Math.max(0, request.sentAtUs - 1);
  const byTime = { at: { atUs: timed }, fromUs: timed };
  const operation = operationAt(model, request.from, request.sentAtUs);
  if (operation === undefined) return byTime;
  const { id, fromUs } = operation;
  // What arrived at the instant of the first call led to it, and is of the operation before.
  const since = model.messages.filter(({ endedAtUs }) => endedAtUs > fromUs);
  const before = (message: ModelMessage) => message.endedAtUs <= request.sentAtUs;
  const ofClient = since.filter(
    (message) => before(message) && [message.from, message.to].includes(request.from),
  );
  // The end of a connection counts as a delivery too, and stands in no message.
  if (ofClient.some(({ fate }) => fate !== 'delivered')) return byTime;
  const delivered = ofClient.filter(({ to }) => to === request.from);
  const lastUs = Math.max(fromUs, ...delivered.map(({ endedAtUs }) => endedAtUs));
  const isFirst = !model.messages.some(
    ({ from, to, sentAtUs, index }) =>
      from === request.from && to === request.to && sentAtUs >= lastUs && index < request.index,
  );
  const atOnce = delivered.filter(({ endedAtUs }) => endedAtUs === lastUs).length;
  if (!isFirst || atOnce > 1) return byTime;
  const nth = delivered.length;
  const at: Trigger =
    nth === 0 ? { call: { operation: id, nth: 1 } } : { delivery: { operation: id, nth } };
  return { at, fromUs: lastUs };
}

/** The operation that a client was in, and when it first called the lock in it. */
function operationAt(
  model: TraceModel,
  client: number,
  atUs: number,
): { readonly id: OperationId; readonly fromUs: number } | undefined {
  let found: { id: OperationId; fromUs: number } | undefined;
  const end = model.rowAfter(atUs);
  for (let row = 0; row < end; row++) {
    if (model.host[row] !== client) continue;
    const record = model.record(row);
    if (record.type !== 'invoke') continue;
    const { operation } = record as InvokeRecord;
    if (operation !== found?.id) found = { id: operation, fromUs: record.atUs };
  }
  return found;
}

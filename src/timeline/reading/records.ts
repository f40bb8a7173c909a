/**
 * The records of a trace file: which fields stand in a payload depends on the type that a row gives
 * it (docs/trace-format.md). A type that is not known here is of a later Holdfast, and let through.
 */
import type { HistoryRecord } from '../../history.js';
import type { TraceFile } from '../format.js';
import { type Check, fields, flag, from0, must, nullOr, number, text, whole } from './shape.js';

const count = whole(0);
const us = count;
const process = { incarnation: count, operation: text };
const client = { client: text, ...process };
const actor = fields({ host: text, ...process });
const act = { calledAtUs: us, grant: count, client: text };
const place = { key: text, server: text, host: text, ...process };

const completion = fields({
  call: count,
  client: text,
  operation: text,
  action: text,
  'ownerId?': text,
  'fencingToken?': count,
  'push?': flag,
  'pull?': flag,
  'reason?': text,
});

const term = must(
  'a whole number from 0 on, "none" or "session"',
  (value) => value === 'none' || value === 'session' || us(value) === undefined,
);

const RECORDS: Readonly<Record<HistoryRecord['type'], Check>> = {
  invoke: fields({
    call: count,
    ...client,
    action: text,
    key: text,
    mode: text,
    'ttlMs?': from0,
    'waitMs?': nullOr(from0),
    'grant?': count,
  }),
  ok: completion,
  fail: completion,
  info: completion,
  enter: fields({ ...act, ...process, key: text, mode: text, 'fencingToken?': count }),
  step: fields({ ...act, 'access?': text, 'cell?': text }),
  exit: fields({ ...act, completed: flag }),
  access: fields({
    resource: text,
    key: text,
    access: text,
    client: text,
    grant: count,
    'fencingToken?': count,
    accepted: flag,
    'cell?': text,
    'value?': number,
  }),
  lease: fields({
    lease: count,
    ...place,
    'owner?': actor,
    sentAtUs: us,
    termUs: term,
    extends: flag,
  }),
  acked: fields({ lease: count }),
  'lease-end': fields({ lease: count, cause: text, 'by?': actor }),
  request: fields({ sentAtUs: us, action: text, ...client, server: text, key: text, effect: text }),
  'release-sent': fields({ grant: count }),
  'loss-delivered': fields({ ...client, server: text }),
  told: fields({ grant: count, how: text }),
  validity: fields({ calledAtUs: us, grant: count, validForMs: nullOr(number) }),
  host: fields({ host: text, incarnation: count, state: text }),
  clock: fields({ host: text, clock: text, localUs: whole(), ratePpm: whole() }),
  fault: fields({ fault: text, class: text, edge: text }),
  pending: fields({ client: text, incarnation: count, requests: count, timers: count }),
  enqueued: fields({ ...place, mode: text }),
  dequeued: fields({ ...place, cause: text }),
};

const KNOWN = new Map<string, Check>(Object.entries(RECORDS));

/** The first payload that is not what the type of its row says; rows must lead somewhere. */
export function wrongRecord({ dict, payload, ev }: TraceFile): string | undefined {
  const checked = new Map<string, Set<number>>();
  for (let row = 0; row < ev.type.length; row++) {
    const type = dict[ev.type[row]!]!;
    const check = KNOWN.get(type);
    if (check === undefined) continue;
    const at = ev.payload[row]!;
    let seen = checked.get(type);
    if (seen === undefined) checked.set(type, (seen = new Set()));
    if (seen.has(at)) continue;
    seen.add(at);
    const wrong = check(payload[at]);
    if (wrong !== undefined) return `payload[${at}]${wrong}; row ${row} of ev says it is "${type}"`;
  }
  return undefined;
}

/** Stretches in which a server holds a lease are drawn by the record of that lease. */
export function wrongLease({ dict, ev, spans }: TraceFile): string | undefined {
  for (const [at, { kind, by }] of spans.entries()) {
    if (kind !== 'lease') continue;
    const index = by.findIndex((row) => dict[ev.type[row]!] !== 'lease');
    if (index < 0) continue;
    const row = by[index]!;
    const type = dict[ev.type[row]!]!;
    return `spans[${at}].by[${index}] is ${row}; row ${row} of ev is "${type}", and no lease`;
  }
  return undefined;
}

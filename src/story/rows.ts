/**
 * The rows of a printed counterexample: what the operations concerned did and what befell them, in
 * order, up to the moment at which the property breaks. Checks that passed, acknowledgements, acts
 * that prove nothing and everybody else's business are left out; the messages of one attempt to n
 * servers are one row (docs/semantics.md, Names: story row).
 */
import { promisedEnd } from '../checkers/promised-end.js';
import { NONE, positionOf } from '../checkers/sections.js';
import { findMalformation } from '../checkers/well-formed.js';
import type { HostId } from '../fault.js';
import type {
  AccessRecord,
  CompleteRecord,
  DequeuedRecord,
  EnqueuedRecord,
  HistoryRecord,
  InvokeRecord,
  StepRecord,
  ToldRecord,
} from '../history.js';
import type { Cell } from '../invariant.js';
import type { RowKind, StoryRow } from '../report.js';
import type { PropertyVerdict } from '../verdict.js';
import { faultRows } from './fault-rows.js';
import { type Focus, focusOn } from './focus.js';
import { leaseRows, type PlacedRow } from './lease-rows.js';
import { askedIn, lossClauses } from './narrative/clauses.js';
import { beginTale, type Tale, type Told } from './narrative/tale.js';
import { unansweredLeases } from './narrative/unanswered.js';
import { placeOfRecord } from './places.js';
import { reasonOf } from './reasons.js';
import { instant } from './words.js';

/** The story of a verdict; of one that is not invalid, of the whole run. */
export function storyRows(trace: Told, verdict: PropertyVerdict): StoryRow[] {
  if (findMalformation(trace.history) !== undefined) return [];
  const focus = focusOn(beginTale(trace), verdict);
  const leases = leaseRows(focus);
  const rows = [...leases.rows, ...faultRows(focus), ...recordRows(focus, leases.told)];
  rows.sort((a, b) => a.row.atUs - b.row.atUs || a.record - b.record);
  return marked(focus, rows);
}

/** Marks the witness and the break, and says where in the code under test a row was caused. */
function marked(focus: Focus, placed: readonly PlacedRow[]): StoryRow[] {
  const { witness, violation, missing, tale } = focus;
  const rows = placed.map(({ row, record }): StoryRow => {
    const place = placeOfRecord(tale, record);
    const mark = record === violation ? 'violation' : witness.has(record) ? 'witness' : undefined;
    return { ...row, ...(place !== undefined && { place }), ...(mark !== undefined && { mark }) };
  });
  if (missing !== undefined) rows.push(missing);
  else if (violation !== undefined && !rows.some(({ mark }) => mark === 'violation')) {
    const last = rows.pop();
    if (last !== undefined) rows.push({ ...last, mark: 'violation' });
  }
  return rows;
}

/** Rows that stand for one record each. */
function recordRows(focus: Focus, told: ReadonlySet<number>): PlacedRow[] {
  const { records } = focus.tale.index;
  const ids = new Set(focus.grants.map(({ id }) => id));
  const rows: PlacedRow[] = [];
  for (let record = 0; record <= focus.last; record++) {
    if (told.has(record)) continue;
    const one = records[record]!;
    const grant = grantIdOf(focus, one);
    if (grant === undefined || !ids.has(grant)) continue;
    const row = rowOf(focus, one, record, grant);
    if (row !== undefined) rows.push({ row, record });
  }
  return rows;
}

/** The grant a record is about, by the id of its acquire. */
function grantIdOf({ tale }: Focus, record: HistoryRecord): number | undefined {
  if ('grant' in record && record.grant !== undefined) {
    return tale.index.grantById.get(record.grant)?.id;
  }
  if (record.type === 'invoke') return record.call;
  if (record.type === 'ok' || record.type === 'fail' || record.type === 'info') {
    return tale.index.grantByOperation.get(record.operation)?.id;
  }
  const isQueue = record.type === 'enqueued' || record.type === 'dequeued';
  if (record.type !== 'loss-delivered' && !isQueue) return undefined;
  return tale.index.grantByOperation.get(record.operation)?.id;
}

function rowOf(focus: Focus, record: HistoryRecord, at: number, id: number): StoryRow | undefined {
  const { client: host, operation } = focus.tale.index.grantById.get(id)!;
  const row = (kind: RowKind, text: string): StoryRow => ({
    atUs: record.atUs,
    host,
    kind,
    operation,
    text,
  });
  switch (record.type) {
    case 'invoke':
      if (isAftermath(focus, at)) return undefined;
      return row('invoke', invokeWords(focus, record));
    case 'ok':
    case 'fail':
    case 'info': {
      const text = completionWords(focus, record, at);
      return text === undefined ? undefined : row(record.type, text);
    }
    case 'enter': {
      const as = record.mode === 'shared' ? ', to read' : '';
      return row('enter', record.grant === id ? `enters its section${as}` : 'enters once more');
    }
    case 'step':
      return isTelling(focus, record, at) ? row('step', stepWords(record)) : undefined;
    case 'exit':
      if (isAftermath(focus, at)) return undefined;
      if (record.grant !== id) return row('exit', 'leaves the inner section');
      return row('exit', record.completed ? 'leaves, its work done' : 'leaves early');
    case 'access':
      return accessRow(focus, record, at);
    case 'validity': {
      const left = instant(Math.round(record.validForMs * 1000));
      return focus.witness.has(at) ? row('told', `its check answers: ${left} left`) : undefined;
    }
    case 'told':
      return isAftermath(focus, at) ? undefined : row('told', toldWords(record));
    case 'loss-delivered':
      return firstLoss(focus, id, at) ? row('told', lossWords(focus, id, at)) : undefined;
    case 'enqueued':
    case 'dequeued':
      return queueRow(focus, record, host);
    default:
      return undefined;
  }
}

/** Places in a queue are told where their order matters. */
function queueRow(
  { verdict }: Focus,
  record: EnqueuedRecord | DequeuedRecord,
  client: HostId,
): StoryRow | undefined {
  if (verdict.verdict === 'invalid' && verdict.property !== 'fairness') return undefined;
  const { atUs, server, operation } = record;
  const ends = {
    granted: 'is taken out: its turn',
    left: 'is given up',
    expired: 'expires',
    removed: 'is removed',
  } as const;
  const text =
    record.type === 'enqueued'
      ? `${client} takes its place in the queue`
      : `${client}'s place in the queue ${ends[record.cause]}`;
  return { atUs, host: server, kind: 'lease', operation, servers: [server], text };
}

/** A call that takes a while, and more than one request, has to wait for somebody. */
const WAITS_US = 20_000;

function invokeWords({ tale }: Focus, record: InvokeRecord): string {
  const { action, call, atUs, client } = record;
  const isNested = tale.index.grantById.get(record.grant ?? call)!.id !== (record.grant ?? call);
  if (action !== 'acquire') return isNested ? `${action} the inner grant` : action;
  const as = record.mode === 'shared' ? ' to read' : '';
  if (record.grant !== undefined) return `acquire once more${as}`;
  const grant = tale.index.grantById.get(call)!;
  const { completion } = grant.acquire;
  const untilUs = completion?.atUs ?? Infinity;
  const asked = grant.leases.find(({ record: { sentAtUs } }) => sentAtUs < untilUs);
  const alone = asked !== undefined && !askedIn(tale, client, atUs, asked.record.sentAtUs);
  return `acquire${as}${untilUs - atUs > WAITS_US && !alone ? ': has to wait' : ''}`;
}

/** An acquire always; of renewals and releases only those that did not do what was asked. */
function completionWords({ tale }: Focus, record: CompleteRecord, at: number): string | undefined {
  const { action, type, fencingToken, call } = record;
  const reason = reasonOf(record);
  if (reason === CLIENT_DIED || (type === 'fail' && toldBy(tale, record))) return undefined;
  const because = reason === undefined ? '' : `: ${reason}`;
  if (type !== 'ok') {
    const how = type === 'fail' ? 'no' : 'no answer';
    return action === 'acquire' && type === 'fail'
      ? `not granted${because}`
      : `${action}: ${how}${because}`;
  }
  if (action !== 'acquire') return undefined;
  const grant = tale.index.grantById.get(call)!;
  if (grant.id !== call) return 'granted once more';
  const { endUs, lease } = promisedEnd(tale.index, grant, positionOf(tale.index, at));
  const fencing = fencingToken === undefined ? '' : `, fencing token ${fencingToken}`;
  if (lease === undefined) {
    if (tale.index.history.unseen !== undefined) return `granted${fencing}`;
    const silent = unansweredLeases(tale.index, grant, at).length > 0;
    return `granted, without a ${silent ? 'reply' : 'quorum'}${fencing}`;
  }
  if (lease.record.termUs === 'session' && endUs < Infinity) {
    return `granted, though its session ended at ${instant(endUs)}${fencing}`;
  }
  return endUs === Infinity ? `granted${fencing}` : `granted until ${instant(endUs)}${fencing}`;
}

/** Reason of a call that its client's death left open: the death has a row of its own. */
const CLIENT_DIED = 'client died';

/** Whether the answer of a renewal or release is told as the notice that it is. */
function toldBy({ index }: Tale, { operation, action, atUs }: CompleteRecord): boolean {
  const told = index.records[index.grantByOperation.get(operation)?.told ?? NONE];
  return told?.type === 'told' && told.how === action && told.atUs === atUs;
}

function toldWords({ how }: ToldRecord): string {
  switch (how) {
    case 'signal':
      return 'is told by its signal: lost';
    case 'validity':
      return 'its check answers: nothing left';
    case 'renew':
      return 'its renewal answers: lost';
    case 'release':
      return 'its release answers: lost';
  }
}

/**
 * Whether a record comes after the accesses that matter to the resource have left: what holders do
 * then proves nothing about it.
 */
function isAftermath({ verdict, tale, violation }: Focus, at: number): boolean {
  const late = tale.index.records[violation ?? NONE];
  if (verdict.property !== 'resource-safety' || late?.type !== 'access') return false;
  const acts = tale.index.grantById.get(late.grant)?.acts ?? [];
  const left = acts.filter((act) => {
    const record = tale.index.records[act]!;
    return record.type === 'step' && record.access === late.access && act < violation!;
  });
  const record = tale.index.records[at]!;
  return record.type !== 'invoke' || record.action !== 'acquire' ? at > (left.at(-1) ?? at) : false;
}

/** A step tells something if it proves the break, or if the access that does left with it. */
function isTelling(focus: Focus, step: StepRecord, at: number): boolean {
  if (focus.verdict.verdict !== 'invalid' || focus.witness.has(at)) return true;
  if (focus.verdict.property !== 'resource-safety' || step.access === undefined) return false;
  const { records } = focus.tale.index;
  const late = records[focus.violation ?? NONE];
  if (late?.type !== 'access' || late.grant !== step.grant) return false;
  return step.access === late.access && step.atUs <= late.atUs;
}

function stepWords({ access, cell }: StepRecord): string {
  return access === undefined ? 'takes a step of its work' : `its ${access}${ofCell(cell)} leaves`;
}

/** What the resource did: always if it refused, else only if that proves the break. */
function accessRow(focus: Focus, record: AccessRecord, at: number): StoryRow | undefined {
  const { atUs, resource, client, access, cell, accepted, fencingToken, grant } = record;
  const whole = focus.verdict.verdict !== 'invalid';
  if (accepted && !focus.witness.has(at) && !(whole && access === 'write')) return undefined;
  const fencing = fencingToken === undefined ? '' : ` (fencing token ${fencingToken})`;
  const text = `${accepted ? 'accepts' : 'refuses'} ${client}'s ${access}${ofCell(cell)}${fencing}`;
  const { operation } = focus.tale.index.grantById.get(grant)!;
  return { atUs, host: resource, kind: 'access', operation, text };
}

/** ` of seat 3`; nothing of the counter. */
function ofCell(cell: Cell | undefined): string {
  return cell === undefined ? '' : ` of ${cell}`;
}

function lossWords({ tale }: Focus, id: number, at: number): string {
  return lossClauses(tale, tale.index.grantById.get(id)!, at).row;
}

function firstLoss({ tale }: Focus, id: number, at: number): boolean {
  return tale.index.grantById.get(id)!.losses[0] === at;
}

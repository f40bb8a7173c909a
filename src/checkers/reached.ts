/**
 * What one run reached of the things a campaign must reach to mean anything: contention, faults
 * that met an operation, expiry while holding… Each goal is 1 if the run reached it, so that sums
 * over a campaign count runs (docs/semantics.md, R13, coverage). A campaign that reached nothing
 * is not green.
 */
import { FAULT_CLASSES, type FaultClass, type HostId } from '../fault.js';
import type { FaultRecord, HostRecord, LeaseEndRecord, RequestRecord } from '../history.js';
import { overAt } from './holding.js';
import { isBefore } from './promised-end.js';
import { type Grant, type HistoryIndex, NONE } from './sections.js';

/** The goals other than faults. */
export const GOALS = [
  'contention',
  'expiryWhileHolding',
  'releaseAfterExpiry',
  'renewalLost',
  'splitVote',
  'restart',
  'failoverWhileHeld',
  'refused',
  'lossTold',
] as const;
export type Goal = (typeof GOALS)[number];

/** Of one run: 0 or 1 each. Of a campaign: in how many runs. */
export interface Reached extends Record<Goal, number> {
  /** A fault of the class met a host or message of an operation in progress. */
  readonly touched: Record<FaultClass, number>;
  /** A lease was made that ends by itself: only then is expiry something to reach. */
  expiring: number;
}

/** Nothing reached: where a sum begins. */
export function nothingReached(): Reached {
  return {
    contention: 0,
    expiryWhileHolding: 0,
    releaseAfterExpiry: 0,
    renewalLost: 0,
    splitVote: 0,
    restart: 0,
    failoverWhileHeld: 0,
    refused: 0,
    lossTold: 0,
    expiring: 0,
    touched: {
      pause: 0,
      'clock-step': 0,
      'clock-drift': 0,
      'client-crash': 0,
      'server-crash': 0,
      partition: 0,
      delay: 0,
      'lost-request': 0,
      'lost-reply': 0,
      'half-open': 0,
      'server-error': 0,
      failover: 0,
      interleaving: 0,
    },
  };
}

/** Adds what one run reached to the sum of a campaign. */
export function addReached(sum: Reached, run: Reached): void {
  for (const name of GOALS) sum[name] += run[name];
  sum.expiring += run.expiring;
  for (const name of FAULT_CLASSES) sum.touched[name] += run.touched[name];
}

/** Which goals a history reached. */
export function reachedIn(index: HistoryIndex): Reached {
  const reached = nothingReached();
  if (contended(index)) reached.contention = 1;
  if (index.leases.some(({ record }) => typeof record.termUs === 'number')) reached.expiring = 1;
  for (const grant of index.grants) addGrant(index, grant, reached);
  for (const at of index.requests) {
    if (isLateRelease(index, index.records[at] as RequestRecord, at))
      reached.releaseAfterExpiry = 1;
  }
  for (const states of index.hostStates.values()) {
    for (const at of states) {
      if ((index.records[at] as HostRecord).state === 'restarted') reached.restart = 1;
    }
  }
  for (const at of index.faults) addFault(index, at, reached);
  return reached;
}

function addFault(index: HistoryIndex, at: number, reached: Reached): void {
  const record = index.records[at] as FaultRecord;
  if (record.edge === 'touched') reached.touched[record.class] = 1;
  const failsOver = record.class === 'failover' && record.edge === 'start';
  if (failsOver && isHeld(index, at)) reached.failoverWhileHeld = 1;
}

function addGrant(index: HistoryIndex, grant: Grant, reached: Reached): void {
  const { completion } = grant.acquire;
  if (completion?.type === 'fail') reached.refused = 1;
  if (grant.told !== NONE) reached.lossTold = 1;
  for (const { invocation, completion: end } of grant.calls) {
    if (invocation.action === 'renew' && end?.type === 'fail') reached.renewalLost = 1;
  }
  if (completion !== undefined && completion.type !== 'ok' && gotSome(index, grant)) {
    reached.splitVote = 1;
  }
  for (const { end, ended } of grant.leases) {
    const inside = isBefore(grant.enter, ended) && !isBefore(grant.exit, ended);
    if (ranOut(end) && inside) reached.expiryWhileHolding = 1;
  }
}

/** Whether a lease ended because nobody extended it in time, or the session that it lived with. */
function ranOut(end: LeaseEndRecord | undefined): boolean {
  return end?.cause === 'expired' || end?.cause === 'session';
}

/** Whether an acquire got leases on some servers, but on no quorum. */
function gotSome(index: HistoryIndex, grant: Grant): boolean {
  const servers = new Set(grant.leases.map(({ record }) => record.server));
  return servers.size > 0 && servers.size < index.quorum;
}

/**
 * Whether two clients ever wanted one key at a time: an acquire was under way while another
 * client's was, or while another client held. As long as nobody contends, only one client's
 * grants of a key can be under way, so the one that lasts longest stands for all.
 */
function contended(index: HistoryIndex): boolean {
  const busy = new Map<string, { readonly client: HostId; readonly until: number }>();
  for (const grant of index.grants) {
    const { client, key, acquire } = grant;
    const before = busy.get(key);
    if (
      before !== undefined &&
      before.client !== client &&
      isBefore(acquire.invoked, before.until)
    ) {
      return true;
    }
    const over = overAt(index, grant);
    const until = Math.max(over === NONE ? Infinity : over, before?.until ?? NONE);
    busy.set(key, { client, until });
  }
  return false;
}

/** Whether a request of a release found that its grant's lease there had expired. */
function isLateRelease(index: HistoryIndex, request: RequestRecord, at: number): boolean {
  if (request.action !== 'release') return false;
  const grant = index.grantByOperation.get(request.operation);
  if (grant === undefined) return false;
  for (const { record, end, ended } of grant.leases) {
    if (isBefore(ended, at) && ranOut(end) && record.server === request.server) return true;
  }
  return false;
}

/** Whether somebody held the lock at a record. */
function isHeld(index: HistoryIndex, at: number): boolean {
  return index.grants.some(
    (grant) => isBefore(grant.acquire.completed, at) && !isBefore(overAt(index, grant), at),
  );
}

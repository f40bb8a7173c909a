/**
 * What became of leases that nobody stands behind: when each was orphaned, for how long it kept
 * everybody out, and whether for ever (docs/semantics.md, R9).
 */
import { outlivedUs } from '../bounds.js';
import type { HostId, OperationId } from '../fault.js';
import type { CompleteRecord, HistoryRecord, PendingRecord, RequestRecord } from '../history.js';
import { hasSessions, serviceOf } from '../service.js';
import type { PropertyVerdict } from '../verdict.js';
import { valid } from './checker.js';
import { diedAt } from './holding.js';
import { type LeaseChain, type Owner, ownerOf } from './lease-chains.js';
import { isBefore } from './promised-end.js';
import { type Grant, type HistoryIndex, NONE } from './sections.js';

/** How long a service keeps the session of a client that fell silent (R7, user timeout). */
const SESSION_TIMEOUT_US = 60_000_000;

/** What became of a chain of leases that nobody stands behind. */
interface Leak {
  readonly chain: LeaseChain;
  readonly owner: Owner;
  /** Index of the record that orphaned it, and the instant from which it counts. */
  readonly orphaned: number;
  readonly fromUs: number;
  readonly lengthUs: number;
  /** Why it is for ever; absent for a leak until the TTL. */
  readonly forEver?: 'no-term' | 'extended' | 'outlived';
  /** Index of the extension, if it was extended. */
  readonly extension: number;
}

/** `undecided`: the run hit a limit before the lease could end. */
type Judgement = Leak | 'undecided' | undefined;

/**
 * Judges every lease that was orphaned: from the latest of its host's death, an acquire that
 * ended without a grant, the end of a release (ok or not), and the notice of a loss. All is asked
 * for the instant at which the lease ended, or the end of the run if it still stands. It is none
 * if its host lived then and was inside, or had not done with releasing: a release call that had
 * not ended, a request of one that arrived only later, or, for a lease that still stands,
 * anything left that may send one. Nor is it one if another lease of the host replaced it, or
 * somebody's request ended it in time and it had a term.
 *
 * Edges the rule leaves open: an extension sent after it was orphaned shows that what the host
 * has left renews rather than cleans up, so it counts for ever; a lease that a crash or failover
 * of the server lost counts until then; one that still stands when the run ends by itself counts
 * until the TTL; a leak of 0 µs is none. A session that never ends counts for ever after twice
 * the simulation's user timeout.
 */
export function judgeOrphans(index: HistoryIndex, chains: readonly LeaseChain[]): PropertyVerdict {
  let worst: Leak | undefined;
  let leaks = 0;
  let undecided = false;
  const releases = releaseRequests(index);
  for (const chain of chains) {
    const judgement = judge(index, chain, releases);
    if (judgement === undefined) continue;
    if (judgement === 'undecided') {
      undecided = true;
      continue;
    }
    leaks++;
    if (worst === undefined || isWorse(judgement, worst)) worst = judgement;
  }
  if (worst !== undefined) return verdictOf(index, worst, leaks);
  if (!undecided) return valid('leak');
  const reason = `a lease was still orphaned when the run ended: ${index.history.limit}`;
  return { property: 'leak', verdict: 'unknown', reason, witness: [] };
}

function isWorse(a: Leak, b: Leak): boolean {
  if ((a.forEver === undefined) !== (b.forEver === undefined)) return a.forEver !== undefined;
  return a.lengthUs > b.lengthUs;
}

function judge(index: HistoryIndex, chain: LeaseChain, releases: Releases): Judgement {
  const orphaned = orphanedAt(index, chain, releases);
  if (orphaned === NONE) return undefined;
  const first = chain.leases[0]!;
  const owner = ownerOf(first);
  const orphanedUs = index.records[orphaned]!.atUs;
  const fromUs = Math.max(orphanedUs, first.record.atUs);
  const stands = chain.closed === NONE;
  const untilUs = stands ? index.history.endUs : index.records[chain.closed]!.atUs;
  const lengthUs = untilUs - fromUs;
  if (lengthUs <= 0) return undefined;
  const extension = extensionAfter(chain, orphanedUs);
  const found = { chain, owner, orphaned, fromUs, lengthUs, extension };
  if (extension !== NONE) return { ...found, forEver: 'extended' };
  if (stands && hasWorkLeft(index, owner)) return undefined;
  const replaced = !stands && chain.end === undefined;
  if (inForce(chain).termUs === 'none' && !replaced) return { ...found, forEver: 'no-term' };
  const cause = chain.end?.cause;
  // A cluster of etcd extends leases as often as its leader changes, and ends them all the same.
  if (cause === 'expired' && serviceOf(first.record.server) === 'etcd') return found;
  const limitUs = lifetimeUs(index, chain);
  if (stands ? lengthUs >= limitUs : lengthUs > limitUs) return { ...found, forEver: 'outlived' };
  if (stands) return index.history.limit === undefined ? found : 'undecided';
  return cause === 'expired' || cause === 'session' || cause === 'lost' ? found : undefined;
}

/**
 * Index of the record that orphaned a lease before it ended; `NONE` if its client held it, or was
 * not done with releasing it.
 */
function orphanedAt(index: HistoryIndex, chain: LeaseChain, releases: Releases): number {
  const first = chain.leases[0]!;
  const { record, grant } = first;
  const owner = ownerOf(first);
  const before = chain.closed === NONE ? index.records.length : chain.closed;
  const death = diedAt(index, owner.host, owner.incarnation);
  const died = isBefore(death, before);
  if (grant === undefined) return latestBefore([death], before);
  if (!died && isInside(grant, before)) return NONE;
  const { completion, completed } = grant.acquire;
  const ends = [death, completion?.type === 'ok' ? NONE : completed, grant.told];
  for (const call of grant.calls) {
    if (call.invocation.action !== 'release') continue;
    if (!died && !isBefore(call.completed, before)) return NONE;
    ends.push(call.completed);
  }
  const request = releases.get(placeOf(record.server, grant.operation)) ?? NONE;
  if (request !== NONE && !isBefore(request, before)) return NONE;
  ends.push(request);
  return latestBefore(ends, before);
}

/** The latest of these records that lies before a position; `NONE` if none does. */
function latestBefore(records: readonly number[], before: number): number {
  return records.reduce(
    (latest, at) => (isBefore(at, before) ? Math.max(latest, at) : latest),
    NONE,
  );
}

/** Whether a client was inside its section at a position. */
function isInside(grant: Grant, before: number): boolean {
  return isBefore(grant.enter, before) && !isBefore(grant.exit, before);
}

/** The last request of a release, by the server it reached and the operation that sent it. */
type Releases = ReadonlyMap<string, number>;

function releaseRequests(index: HistoryIndex): Releases {
  const releases = new Map<string, number>();
  for (const at of index.requests) {
    const { action, server, operation } = index.records[at] as RequestRecord;
    if (action === 'release') releases.set(placeOf(server, operation), at);
  }
  return releases;
}

function placeOf(server: HostId, operation: OperationId): string {
  return `${server} ${operation}`;
}

/** The lease of a chain that was applied last. */
function inForce(chain: LeaseChain) {
  return chain.leases.at(-1)!.record;
}

/** Index of the first extension that was sent after an instant. */
function extensionAfter(chain: LeaseChain, afterUs: number): number {
  for (let i = 1; i < chain.leases.length; i++) {
    const { record, applied } = chain.leases[i]!;
    if (record.sentAtUs > afterUs) return applied;
  }
  return NONE;
}

/**
 * Whether the owner's host had a request left at the end that may release the key, or a timer that
 * may send one. Requests outlive their sender, timers do not.
 */
function hasWorkLeft(index: HistoryIndex, owner: Owner): boolean {
  const died = diedAt(index, owner.host, owner.incarnation) !== NONE;
  return index.pending.some((at) => {
    const { client, incarnation, requests, timers } = index.records[at] as PendingRecord;
    if (client !== owner.host || incarnation !== owner.incarnation) return false;
    return requests > 0 || (timers > 0 && !died);
  });
}

/** How long an orphan may live before its leak is for ever. */
function lifetimeUs(index: HistoryIndex, chain: LeaseChain): number {
  const { world } = index.history;
  const { termUs, server } = inForce(chain);
  if (termUs === 'session') return 2 * SESSION_TIMEOUT_US + world.largestClockStepUs;
  return outlivedUs(world, termUs !== 'none' && hasSessions(server) ? termUs : 0);
}

/** How a record orphans a lease. */
function orphaningOf(record: HistoryRecord): string {
  if (record.type === 'host') return 'client-died';
  if (record.type === 'told') return 'told';
  const { action } = record as CompleteRecord | RequestRecord;
  return action === 'release' ? 'released' : 'not-granted';
}

function verdictOf(index: HistoryIndex, found: Leak, leaks: number): PropertyVerdict {
  const { chain, owner, orphaned, extension } = found;
  const last = chain.leases.at(-1)!;
  const witness = [last.applied, orphaned, extension, chain.closed].filter((at) => at !== NONE);
  const orphanedBy = orphaningOf(index.records[orphaned]!);
  return {
    property: 'leak',
    verdict: 'invalid',
    class: found.forEver === undefined ? 'until-ttl' : 'for-ever',
    cause: found.forEver ?? orphanedBy,
    witness: [...new Set(witness)].sort((a, b) => a - b),
    offender: { host: owner.host, operation: owner.operation },
    details: {
      key: last.record.key,
      server: last.record.server,
      orphanedAtUs: found.fromUs,
      orphanedBy,
      lengthUs: found.lengthUs,
      ended: chain.closed !== NONE,
      leaks,
    },
  };
}

/**
 * Leaks: leases that nobody will end (docs/semantics.md, R9). A lock that forgets its lease keeps
 * everybody out until the TTL; one that goes on extending it, or gave it no TTL, keeps them out for
 * ever. Judged at the end of the healed phase, from the leases of the servers and what their owners
 * still had under way.
 */
import { outlivedUs } from '../bounds.js';
import type { HostId, OperationId } from '../fault.js';
import type { HistoryRecord, PendingRecord } from '../history.js';
import type { PropertyVerdict } from '../verdict.js';
import { type Checker, valid } from './checker.js';
import { diedAt } from './holding.js';
import { type LeaseChain, leaseChains } from './lease-chains.js';
import { type Grant, type HistoryIndex, NONE } from './sections.js';

/** How long a service keeps the session of a client that fell silent (R7, user timeout). */
const SESSION_TIMEOUT_US = 60_000_000;

/** What became of a chain of leases that nobody stands behind. */
interface Leak {
  readonly chain: LeaseChain;
  readonly owner: { readonly host: HostId; readonly operation: OperationId };
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
 * Judges every lease that was orphaned: from the latest of its host's death, an acquire that ended
 * without a grant, the end of a release (ok or not), and the notice of a loss. It is none while the
 * holder is alive and inside, or while its host has a release under way or anything left at the end
 * of the run that may still send one; nor if its own host ended it after all, or somebody's request
 * did in time and the lease had a term. Edges the rule leaves open: an extension sent after all of
 * these instants shows that what the host has left renews rather than cleans up, so it counts for
 * ever; a lease that a crash or failover of the server lost counts until then; one that still stands
 * when the run ends on its own counts until the TTL; a leak of 0 µs is none. A session that never
 * ends counts for ever after twice the simulation's user timeout.
 */
export const leak: Checker = {
  property: 'leak',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.leases.length === 0) {
      return { ...valid('leak'), verdict: 'not-applicable', reason: 'no lease was made' };
    }
    let worst: Leak | undefined;
    let leaks = 0;
    let undecided = false;
    for (const chain of leaseChains(index)) {
      const judgement = judge(index, chain);
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
  },
};

function isWorse(a: Leak, b: Leak): boolean {
  if ((a.forEver === undefined) !== (b.forEver === undefined)) return a.forEver !== undefined;
  return a.lengthUs > b.lengthUs;
}

function judge(index: HistoryIndex, chain: LeaseChain): Judgement {
  const first = chain.leases[0]!;
  const owner = first.record.owner ?? first.record;
  const died = diedAt(index, owner.host, owner.incarnation);
  if (died === NONE && holdsOrReleases(first.grant)) return undefined;
  const orphaned = Math.max(died, lastEnd(first.grant));
  if (orphaned === NONE || endedByOwner(chain, owner)) return undefined;
  const orphanedUs = index.records[orphaned]!.atUs;
  const fromUs = Math.max(orphanedUs, first.record.atUs);
  const stands = chain.closed === NONE;
  const untilUs = stands ? index.history.endUs : index.records[chain.closed]!.atUs;
  const lengthUs = untilUs - fromUs;
  if (lengthUs <= 0) return undefined;
  const extension = extensionAfter(chain, orphanedUs);
  const found = { chain, owner, orphaned, fromUs, lengthUs, extension };
  if (extension !== NONE) return { ...found, forEver: 'extended' };
  if (died === NONE && hasWorkLeft(index, owner)) return undefined;
  const replaced = !stands && chain.end === undefined;
  if (inForce(chain).termUs === 'none' && !replaced) return { ...found, forEver: 'no-term' };
  const limitUs = lifetimeUs(index, chain);
  if (stands ? lengthUs >= limitUs : lengthUs > limitUs) return { ...found, forEver: 'outlived' };
  if (stands) return index.history.limit === undefined ? found : 'undecided';
  const cause = chain.end?.cause;
  return cause === 'expired' || cause === 'session' || cause === 'lost' ? found : undefined;
}

/** The lease of a chain that was applied last. */
function inForce(chain: LeaseChain) {
  return chain.leases.at(-1)!.record;
}

/** Whether a grant's client, if it lives, is still inside, or still gives the grant back. */
function holdsOrReleases(grant: Grant | undefined): boolean {
  if (grant === undefined) return false;
  const inside = grant.enter !== NONE && grant.exit === NONE;
  return inside || grant.calls.some(isPendingRelease);
}

function isPendingRelease({ invocation, completed }: Grant['calls'][number]): boolean {
  return invocation.action === 'release' && completed === NONE;
}

/** Index of the last record with which a grant's client gave it up; `NONE` if none did. */
function lastEnd(grant: Grant | undefined): number {
  if (grant === undefined) return NONE;
  const { completion, completed } = grant.acquire;
  let last = completion === undefined || completion.type === 'ok' ? NONE : completed;
  last = Math.max(last, grant.told);
  for (const call of grant.calls) {
    if (call.invocation.action === 'release') last = Math.max(last, call.completed);
  }
  return last;
}

function endedByOwner(chain: LeaseChain, owner: { host: HostId; incarnation: number }): boolean {
  const by = chain.end?.by;
  return by?.host === owner.host && by.incarnation === owner.incarnation;
}

/** Index of the first extension that was sent after an instant. */
function extensionAfter(chain: LeaseChain, afterUs: number): number {
  for (let i = 1; i < chain.leases.length; i++) {
    const { record, applied } = chain.leases[i]!;
    if (record.sentAtUs > afterUs) return applied;
  }
  return NONE;
}

/** Whether the living host had a request or timer left at the end that may release the key. */
function hasWorkLeft(index: HistoryIndex, owner: { host: HostId; incarnation: number }): boolean {
  return index.pending.some((at) => {
    const { client, incarnation, requests, timers } = index.records[at] as PendingRecord;
    return client === owner.host && incarnation === owner.incarnation && requests + timers > 0;
  });
}

/** How long an orphan may live before its leak is for ever. */
function lifetimeUs(index: HistoryIndex, chain: LeaseChain): number {
  const { world } = index.history;
  if (inForce(chain).termUs !== 'session') return outlivedUs(world);
  return 2 * SESSION_TIMEOUT_US + world.largestClockStepUs;
}

/** How a record orphans a lease. */
function orphaningOf(record: HistoryRecord): string {
  if (record.type === 'host') return 'client-died';
  if (record.type === 'told') return 'told';
  return 'action' in record && record.action === 'release' ? 'released' : 'not-granted';
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

/**
 * Progress: once the faults are over, whoever waits is served within the bound, and an acquire
 * that may wait so long does not wait much longer, faults or not (docs/semantics.md, R10). What
 * counts is when calls end; who is free, who holds and who waits for whom only tells why one did
 * not.
 */
import { drainedAtUs, leaseEndUs, progressBoundUs, type StandingLease } from '../bounds.js';
import type { Details, PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { monoUs } from './clocks.js';
import { diedAt, pausesOf, releaseInvokedAt } from './holding.js';
import { type LeaseChain, leaseChains } from './lease-chains.js';
import { isBefore } from './promised-end.js';
import { type Call, endOfInstant, type Grant, type HistoryIndex, NONE } from './sections.js';
import { nobodyGranted, waitCycle } from './waiting.js';

type Cause = 'deadlock' | 'lost-wake-up' | 'not-completed' | 'overlong-wait';

/** A call that ended too late, or not at all. */
interface Overdue {
  readonly call: Call;
  readonly dueUs: number;
}

/**
 * Every call that is pending at H or made later must have ended within the bound from the latest
 * of H, D and its invocation, unless its client died. Faults of kind 2 and 4 (a free key that
 * nobody is given, a cycle of waits) leave such a call behind, so they are looked for only then,
 * and name it: `lost-wake-up`, `deadlock`, else `not-completed`. An acquire that outstays its
 * `waitMs` is `overlong-wait`. A run that ended before the bound did, at a limit or by itself,
 * proves nothing: `unknown`, unless something was late before.
 */
export const progress: Checker = {
  property: 'progress',
  check(index: HistoryIndex): PropertyVerdict {
    const { world, healedAtUs, endUs, limit } = index.history;
    const boundUs = progressBoundUs(world);
    const chains = leaseChains(index);
    const drainedUs = drainedAtUs(healedAtUs, standingLeases(index, chains));
    if (drainedUs === Infinity) {
      const reason = 'a lease that nobody ends stands in the way for ever: see leak';
      return notApplicable('progress', reason);
    }
    const details = { boundUs, drainedUs };
    const { overdue, undecided } = lateCalls(index, drainedUs, boundUs);
    if (overdue !== undefined) {
      const cycle = waitCycle(index, overdue.call.invocation.client);
      if (cycle !== undefined) {
        return verdictOf('deadlock', overdue, { ...details, cycle: cycle.join(', ') });
      }
      const fromUs = Math.max(drainedUs, overdue.call.invocation.atUs);
      const free = nobodyGranted(index, chains, overdue.call, fromUs, boundUs);
      return verdictOf(free ? 'lost-wake-up' : 'not-completed', overdue, details);
    }
    const overlong = overlongWait(index, boundUs);
    if (overlong !== undefined) return verdictOf('overlong-wait', overlong, details);
    if (limit === undefined && !undecided) return valid('progress');
    const reason = limit ?? `the run ended at ${endUs / 1e6} s, before the bound of a pending call`;
    return { property: 'progress', verdict: 'unknown', reason, witness: [] };
  },
};

/**
 * The leases that stand at H (R10): when each ends if no client extends it, and whether somebody
 * is there to end it. A lease that did end is taken at its word; one that was extended after H
 * ends, as far as anybody knows, with the term it had at H and every clock step against it.
 */
function* standingLeases(
  index: HistoryIndex,
  chains: readonly LeaseChain[],
): Iterable<StandingLease> {
  const { healedAtUs } = index.history;
  const { before } = endOfInstant(index, healedAtUs);
  for (const { leases, closed } of chains) {
    const [first] = leases;
    if (!isBefore(first!.applied, before)) continue;
    // What ended before H stands in nobody's way; most did.
    if (isBefore(closed, before)) continue;
    const atHealing = leases.findLast(({ applied }) => isBefore(applied, before))!;
    const extended = atHealing !== leases.at(-1);
    const holderInside = holds(index, first!.grant, before);
    const ended = closed !== NONE && !extended;
    const endsAtUs = ended ? index.records[closed]!.atUs : naturalEndUs(index, atHealing);
    yield { endsAtUs, holderInside };
  }
}

function naturalEndUs(index: HistoryIndex, { record }: LeaseChain['leases'][number]): number {
  if (typeof record.termUs !== 'number') return Infinity;
  return leaseEndUs(record.atUs, record.termUs, index.history.world.largestClockStepUs);
}

/** Whether a living client was granted this before a position, and has not left or lost it. */
function holds(index: HistoryIndex, grant: Grant | undefined, before: number): boolean {
  if (grant === undefined) return false;
  const { completion, completed } = grant.acquire;
  if (completion?.type !== 'ok' || !isBefore(completed, before)) return false;
  const ends = [
    grant.told,
    // Who left without a release has forgotten it.
    grant.exit,
    releaseInvokedAt(grant),
    diedAt(index, grant.client, grant.incarnation),
  ];
  return !ends.some((at) => isBefore(at, before));
}

/** The first call that ended after it was due, or did not; whether one may yet be. */
function lateCalls(
  index: HistoryIndex,
  drainedUs: number,
  boundUs: number,
): { overdue: Overdue | undefined; undecided: boolean } {
  const { endUs } = index.history;
  let overdue: Overdue | undefined;
  let undecided = false;
  const judge = (call: Call): void => {
    const { invocation, completion } = call;
    const dueUs = Math.max(drainedUs, invocation.atUs) + boundUs;
    if (completion !== undefined ? completion.atUs <= dueUs : hasDied(index, call)) return;
    if (endUs < dueUs) undecided = true;
    else if (overdue === undefined || dueUs < overdue.dueUs) overdue = { call, dueUs };
  };
  for (const grant of index.grants) {
    judge(grant.acquire);
    for (const call of grant.calls) judge(call);
  }
  return { overdue, undecided };
}

function hasDied(index: HistoryIndex, { invocation }: Call): boolean {
  return diedAt(index, invocation.client, invocation.incarnation) !== NONE;
}

/**
 * The first acquire that ended, or was still pending, later than its `waitMs` and the bound allow
 * by its client's monotonic clock, its pauses not counted.
 */
function overlongWait(index: HistoryIndex, boundUs: number): Overdue | undefined {
  for (const call of index.calls) {
    const { invocation, completion } = call;
    const { waitMs, atUs: fromUs, client } = invocation;
    if (typeof waitMs !== 'number') continue;
    if (completion === undefined && hasDied(index, call)) continue;
    const untilUs = completion?.atUs ?? index.history.endUs;
    const allowedUs = waitMs * 1000 + boundUs;
    const waitedUs = monoUs(index, client, untilUs) - monoUs(index, client, fromUs);
    let pausedUs = 0;
    for (const pause of pausesOf(index, client, fromUs, untilUs)) {
      const start = Math.max(pause.fromUs, fromUs);
      const end = Math.min(pause.untilUs, untilUs);
      pausedUs += monoUs(index, client, end) - monoUs(index, client, start);
    }
    if (waitedUs - pausedUs > allowedUs) return { call, dueUs: fromUs + allowedUs };
  }
  return undefined;
}

function verdictOf(cause: Cause, { call, dueUs }: Overdue, details: Details): PropertyVerdict {
  const { invocation, completed, completion } = call;
  const { client: host, operation, action, key } = invocation;
  return {
    property: 'progress',
    verdict: 'invalid',
    cause,
    witness: completed === NONE ? [call.invoked] : [call.invoked, completed],
    offender: { host, operation },
    details: {
      ...details,
      key,
      action,
      dueUs,
      invokedAtUs: invocation.atUs,
      ...(completion && { completedAtUs: completion.atUs }),
    },
  };
}

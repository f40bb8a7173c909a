/**
 * How long the healed world may take: the bound within which a waiter must be served, the instant
 * from which nothing but live holders stands in its way, and the horizon of a run
 * (docs/semantics.md, R10). Pure formulas, here because the kernel, the checkers and the report
 * must agree to the microsecond and none of them may import another.
 */
import type { History } from './history.js';

type World = History['world'];

/**
 * 2^45 µs, 407 days. What would be due further ahead than this never is within a run: a timer, the
 * end of a lease. All sums of instants stay below 2^53 that way, whatever the code under test asks
 * for.
 */
export const FAR_US = 0x2000_0000_0000;
/** Where the queue keeps what is never due: behind the end of every run. */
export const NEVER_US = 0x10_0000_0000_0000;

/** Messages of one turn: connect, acquire and release, there and back each. R10. */
const MESSAGES_PER_TURN = 6;

/**
 * R10's bound in microseconds: what the lock declares, else one turn (section, retry delay and six
 * messages, each as long as it gets without faults) for every waiter and one for the holder.
 * `waiters` defaults to the clients: the probe makes one host more, and one of them holds.
 */
export function progressBoundUs(world: World, waiters: number = world.clients.length): number {
  const declaredMs = world.declares.progressBoundMs;
  if (declaredMs !== undefined) return Math.ceil(declaredMs * 1000);
  const { longestSectionUs, longestRetryUs, longestLatencyUs } = world;
  return (waiters + 1) * (longestSectionUs + longestRetryUs + MESSAGES_PER_TURN * longestLatencyUs);
}

/** When a lease that was given at `atUs` ends by itself; `Infinity` if no run sees it. */
export function leaseEndUs(atUs: number, termUs: number, largestClockStepUs: number): number {
  return termUs > FAR_US ? Infinity : atUs + termUs + largestClockStepUs;
}

/** A lease that stands at a server when the faults end. */
export interface StandingLease {
  /** World instant at which it ends if no client extends it; `Infinity` if it never does. */
  readonly endsAtUs: number;
  /**
   * Whether its grant was returned, its host is alive, and it was neither released nor told: then
   * its holder ends it. A lease of an acquire that has not returned has no such holder; its owner
   * may not even know of it.
   */
  readonly holderInside: boolean;
}

/** R10's D: when the last lease that stands at H and that no live holder will end has ended. */
export function drainedAtUs(healedAtUs: number, standing: Iterable<StandingLease>): number {
  let drainedUs = healedAtUs;
  for (const lease of standing) {
    if (!lease.holderInside && lease.endsAtUs > drainedUs) drainedUs = lease.endsAtUs;
  }
  return drainedUs;
}

/**
 * Where a run ends: two bounds after `drainedUs` (D, which is at least H). If D is `Infinity`
 * progress is not judged, and the run lasts until a lease that is never given back shows itself.
 */
export function healedHorizonUs(world: World, healedAtUs: number, drainedUs: number): number {
  const afterUs = 2 * progressBoundUs(world);
  if (drainedUs !== Infinity) return Math.max(healedAtUs, drainedUs) + afterUs;
  return healedAtUs + outlivedUs(world) + afterUs;
}

/**
 * How long after it was orphaned a lease may live before its leak counts as for ever (R9), with the
 * TTL asked for, or a longer one that its service has agreed on.
 */
export function outlivedUs(world: World, ttlUs = 0): number {
  return 2 * Math.max(world.ttlMs * 1000, ttlUs) + world.largestClockStepUs;
}

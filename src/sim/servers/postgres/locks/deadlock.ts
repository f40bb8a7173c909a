/**
 * Deadlock detection: looks for a circle of waits through one waiter (PostgreSQL sources:
 * deadlock.c). A wait for somebody who only stands before one in a queue can be undone by changing
 * places; only if no such change helps is it a deadlock.
 */
import { PostgresError } from '../errors.js';
import type { LockOwner, Waiter } from './lock-manager.js';
import { CONFLICTS, MODE_NAMES } from './modes.js';

interface SoftEdge {
  readonly waiter: Waiter;
  readonly before: Waiter;
}

interface Cycle {
  /** The waits of the circle, the first that of the process that looked. */
  readonly waits: readonly Waiter[];
  readonly soft: readonly SoftEdge[];
}

/** Follows waits from `owner`; a circle counts only if it comes back to `start`. */
function follow(
  owner: LockOwner,
  start: LockOwner,
  visited: Set<LockOwner>,
  path: Waiter[],
  soft: SoftEdge[],
): Cycle | undefined {
  if (visited.has(owner)) {
    return owner === start ? { waits: [...path], soft: [...soft] } : undefined;
  }
  visited.add(owner);
  const waiter = owner.waiting;
  if (waiter === undefined) return undefined;
  path.push(waiter);
  const conflicts = CONFLICTS[waiter.mode]!;
  for (const holder of waiter.lock.holders) {
    if (holder.owner === owner || (holder.mask & conflicts) === 0) continue;
    const found = follow(holder.owner, start, visited, path, soft);
    if (found !== undefined) return found;
  }
  for (const other of waiter.lock.waiters) {
    if (other === waiter) break;
    if ((conflicts & (1 << other.mode)) === 0) continue;
    soft.push({ waiter, before: other });
    const found = follow(other.owner, start, visited, path, soft);
    if (found !== undefined) return found;
    soft.pop();
  }
  path.pop();
  return undefined;
}

function findCycle(start: LockOwner): Cycle | undefined {
  return follow(start, start, new Set(), [], []);
}

function moveBefore({ waiter, before }: SoftEdge): void {
  const { waiters } = waiter.lock;
  waiters.splice(waiters.indexOf(waiter), 1);
  waiters.splice(waiters.indexOf(before), 0, waiter);
}

/** Whether changing places resolves it; if so, `wake` the locks whose queues were changed. */
function rearranged(start: LockOwner, cycle: Cycle, depth: number, wake: Set<Waiter>): boolean {
  for (const edge of cycle.soft) {
    const { waiters } = edge.waiter.lock;
    const order = [...waiters];
    moveBefore(edge);
    const next = findCycle(start);
    if (next === undefined || (depth > 0 && rearranged(start, next, depth - 1, wake))) {
      wake.add(edge.waiter);
      return true;
    }
    waiters.splice(0, waiters.length, ...order);
  }
  return false;
}

const REARRANGEMENTS_MAX = 4;

export function deadlockError(waits: readonly Waiter[]): PostgresError {
  const lines = waits.map((wait, at) => {
    const blocker = waits[(at + 1) % waits.length]!.owner.processId;
    const what = `${MODE_NAMES[wait.mode]} on ${wait.lock.description()}`;
    return `Process ${wait.owner.processId} waits for ${what}; blocked by process ${blocker}.`;
  });
  return new PostgresError('40P01', 'deadlock detected', lines.join('\n'));
}

/**
 * What a process finds that has waited for `deadlock_timeout`: an error for itself, waiters whose
 * queues were changed and should be looked at again, or nothing.
 */
export function checkDeadlock(start: LockOwner): PostgresError | ReadonlySet<Waiter> | undefined {
  const cycle = findCycle(start);
  if (cycle === undefined) return undefined;
  const wake = new Set<Waiter>();
  if (rearranged(start, cycle, REARRANGEMENTS_MAX, wake)) return wake;
  return deadlockError(cycle.waits);
}

/**
 * The lock manager: who holds which lock in which mode, who waits, and in what order they are
 * granted (PostgreSQL sources: lock.c and proc.c, `LockAcquireExtended`, `ProcSleep`,
 * `ProcLockWakeup`). It knows neither clocks nor messages; its owner is told of each grant.
 */
import { CONFLICTS } from './modes.js';

/** `passing`: only to wait until nothing is in the way; then nothing is held. */
export type LockLevel = 'session' | 'transaction' | 'passing';

/** A session as the lock manager sees it. */
export interface LockOwner {
  readonly connection: number;
  readonly processId: number;
  /** Locks of which it holds anything. */
  readonly held: Set<Lock>;
  waiting: Waiter | undefined;
}

export interface Waiter {
  readonly owner: LockOwner;
  readonly lock: Lock;
  readonly mode: number;
  readonly level: LockLevel;
}

interface Holder {
  readonly owner: LockOwner;
  /** By mode: how often it was taken. */
  readonly session: number[];
  readonly transaction: number[];
  mask: number;
}

export interface AdvisoryKey {
  /** Two bigints that tell it from every other. */
  readonly id: string;
  /** `42` or `1,2`. */
  readonly text: string;
}

export class Lock {
  readonly holders: Holder[] = [];
  readonly waiters: Waiter[] = [];
  /** @param description What deadlock reports call it. */
  constructor(
    readonly description: () => string,
    readonly advisory: AdvisoryKey | undefined,
  ) {}

  holderOf(owner: LockOwner): Holder | undefined {
    for (const holder of this.holders) if (holder.owner === owner) return holder;
    return undefined;
  }

  /** Whether what others hold is in the way. */
  heldAgainst(owner: LockOwner, mode: number): boolean {
    const conflicts = CONFLICTS[mode]!;
    for (const holder of this.holders) {
      if (holder.owner !== owner && (holder.mask & conflicts) !== 0) return true;
    }
    return false;
  }

  get idle(): boolean {
    return this.holders.length === 0 && this.waiters.length === 0;
  }
}

export class LockManager {
  /** Advisory locks that somebody holds or waits for. */
  private readonly advisory = new Map<string, Lock>();

  /** @param granted A waiter got what it waited for, and waits no more. */
  constructor(private readonly granted: (waiter: Waiter) => void) {}

  advisoryLock(key: AdvisoryKey, description: () => string): Lock {
    let lock = this.advisory.get(key.id);
    if (lock === undefined) {
      lock = new Lock(description, key);
      this.advisory.set(key.id, lock);
    }
    return lock;
  }

  /** Takes the lock if it can be had now. */
  tryAcquire(owner: LockOwner, lock: Lock, mode: number, level: LockLevel): boolean {
    const own = lock.holderOf(owner);
    if (own === undefined || (own.mask & (1 << mode)) === 0) {
      if (lock.heldAgainst(owner, mode)) return false;
      const conflicts = CONFLICTS[mode]!;
      for (const waiter of lock.waiters) {
        if ((conflicts & (1 << waiter.mode)) !== 0) return false;
      }
    }
    this.hold(owner, lock, mode, level);
    return true;
  }

  /**
   * Waits for it. Who holds a lock that a waiter wants goes before that waiter; if nothing else is
   * in the way it has the lock at once (`granted`), and if each wants what the other holds they
   * block each other: the waiter in question is returned.
   */
  enqueue(waiter: Waiter): Waiter | 'granted' | 'waiting' {
    const { owner, lock, mode } = waiter;
    const heldMask = lock.holderOf(owner)?.mask ?? 0;
    let at = lock.waiters.length;
    if (heldMask !== 0) {
      let ahead = 0;
      for (const [index, other] of lock.waiters.entries()) {
        if ((CONFLICTS[other.mode]! & heldMask) !== 0) {
          const theirs = lock.holderOf(other.owner)?.mask ?? 0;
          if ((CONFLICTS[mode]! & theirs) !== 0) return other;
          if ((CONFLICTS[mode]! & ahead) === 0 && !lock.heldAgainst(owner, mode)) {
            this.hold(owner, lock, mode, waiter.level);
            return 'granted';
          }
          at = index;
          break;
        }
        ahead |= 1 << other.mode;
      }
    }
    lock.waiters.splice(at, 0, waiter);
    owner.waiting = waiter;
    return 'waiting';
  }

  /** Takes a waiter out of its queue; those behind it may go ahead. */
  cancel(waiter: Waiter): void {
    const { lock } = waiter;
    lock.waiters.splice(lock.waiters.indexOf(waiter), 1);
    waiter.owner.waiting = undefined;
    this.wake(lock);
  }

  hold(owner: LockOwner, lock: Lock, mode: number, level: LockLevel): void {
    if (level === 'passing') return;
    let holder = lock.holderOf(owner);
    if (holder === undefined) {
      holder = { owner, session: [], transaction: [], mask: 0 };
      lock.holders.push(holder);
      owner.held.add(lock);
    }
    const counts = holder[level];
    counts[mode] = (counts[mode] ?? 0) + 1;
    holder.mask |= 1 << mode;
  }

  holds(owner: LockOwner, lock: Lock, mode: number, level: 'session' | 'transaction'): boolean {
    return (lock.holderOf(owner)?.[level][mode] ?? 0) > 0;
  }

  /** Gives back one hold; false if there is none. */
  release(owner: LockOwner, lock: Lock, mode: number, level: 'session' | 'transaction'): boolean {
    const holder = lock.holderOf(owner);
    const count = holder?.[level][mode] ?? 0;
    if (holder === undefined || count === 0) return false;
    holder[level][mode] = count - 1;
    this.settle(lock, holder);
    return true;
  }

  /** Gives back all holds of a level, in the order in which the locks were first taken. */
  releaseAll(
    owner: LockOwner,
    level: 'session' | 'transaction',
    on: (lock: Lock, mode: number, count: number) => void,
  ): void {
    for (const lock of [...owner.held]) {
      const holder = lock.holderOf(owner)!;
      const counts = holder[level];
      if (counts.length === 0) continue;
      for (const [mode, count] of counts.entries()) if (count > 0) on(lock, mode, count);
      counts.length = 0;
      this.settle(lock, holder);
    }
  }

  private settle(lock: Lock, holder: Holder): void {
    let mask = 0;
    for (const [mode, count] of holder.session.entries()) if (count > 0) mask |= 1 << mode;
    for (const [mode, count] of holder.transaction.entries()) if (count > 0) mask |= 1 << mode;
    holder.mask = mask;
    if (mask === 0) {
      lock.holders.splice(lock.holders.indexOf(holder), 1);
      holder.owner.held.delete(lock);
    }
    this.wake(lock);
  }

  /** Grants what can be granted, from the front; nobody overtakes whom it excludes. */
  wake(lock: Lock): void {
    let ahead = 0;
    for (const waiter of [...lock.waiters]) {
      const { owner, mode, level } = waiter;
      if ((CONFLICTS[mode]! & ahead) !== 0 || lock.heldAgainst(owner, mode)) {
        ahead |= 1 << mode;
        continue;
      }
      lock.waiters.splice(lock.waiters.indexOf(waiter), 1);
      owner.waiting = undefined;
      this.hold(owner, lock, mode, level);
      this.granted(waiter);
    }
    if (lock.advisory !== undefined && lock.idle) this.advisory.delete(lock.advisory.id);
  }
}

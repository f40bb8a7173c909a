/**
 * Renewal of all locks that a client holds without a lease time of its own: one timer for all, at
 * every third of `lockWatchdogTimeout`, one request for all names, each renewed for the holder that
 * came first (redisson/redisson v4.7.0: renewal/RenewalTask.java, LockTask.java). It tells no
 * holder of a loss: a lock that is gone is only forgotten.
 */
import { isCallFailure } from './call-failure.js';
import type { Environment, RedisConnection } from './environment.js';
import { RENEW_ALL } from './redisson-scripts.js';

/** Renews locks by name, each for one holder; answers for each whether the holder still has it. */
export type RenewAll = (names: readonly string[], holders: readonly string[]) => Promise<boolean[]>;

export class Watchdog {
  /** How often each holder has entered, by name of the lock. */
  private readonly locks = new Map<string, Map<string, number>>();
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly leaseMs: number,
    private readonly renewAll: RenewAll,
  ) {}

  add(name: string, holder: string): void {
    let holders = this.locks.get(name);
    if (holders === undefined) {
      holders = new Map();
      this.locks.set(name, holders);
    }
    holders.set(holder, (holders.get(holder) ?? 0) + 1);
    if (this.cancelTimer === undefined) this.schedule();
  }

  /** A holder left once; the renewal ends with its last leave. */
  remove(name: string, holder: string): void {
    const holders = this.locks.get(name);
    const count = holders?.get(holder);
    if (holders === undefined || count === undefined) return;
    if (count > 1) holders.set(holder, count - 1);
    else holders.delete(holder);
    if (holders.size === 0) this.locks.delete(name);
    if (this.locks.size > 0) return;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private schedule(): void {
    const { environment, leaseMs } = this;
    this.cancelTimer = environment.after(leaseMs / 3, () => void this.run());
  }

  private async run(): Promise<void> {
    const timer = this.cancelTimer;
    const names = [...this.locks.keys()];
    const holders = names.map((name) => firstOf(this.locks.get(name)!));
    try {
      const held = await this.renewAll(names, holders);
      for (const [at, name] of names.entries()) if (!held[at]) this.remove(name, holders[at]!);
    } catch (error) {
      if (!isCallFailure(error)) throw error;
    }
    // Whoever emptied it meanwhile has stopped the timer, and whoever came since has another.
    if (this.cancelTimer === timer) this.schedule();
  }
}

function firstOf(holders: ReadonlyMap<string, number>): string {
  const [first] = holders.keys();
  return first!;
}

/** Renews locks that are hashes of holders, by one script. */
export function renewByHash(redis: RedisConnection, leaseMs: number): RenewAll {
  return async (names, holders) => {
    const answers = await redis.eval(RENEW_ALL, names, [leaseMs, ...holders]);
    return (answers as number[]).map((answer) => answer === 1);
  };
}

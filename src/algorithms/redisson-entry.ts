/**
 * Waiting for an unlock: a subscription to the channel of a lock, and a semaphore that its messages
 * release (redisson/redisson v4.7.0: RedissonLockEntry.java, pubsub/LockPubSub.java). A
 * subscription that is lost with its connection is made anew, as Redisson's connection watchdog
 * does; what is published meanwhile is missed.
 */
import { isCallFailure } from './call-failure.js';
import type { Environment, RedisConnection, Subscription } from './environment.js';

/** First and longest pause before a lost connection is opened again (`reconnectionDelay`). */
const RECONNECT_MS = 100;
const RECONNECT_MAX_MS = 10_000;

export class UnlockEntry {
  private permits = 0;
  private wake: (() => void) | undefined;
  private subscription: Subscription | undefined;
  private closed = false;

  constructor(
    private readonly environment: Environment,
    private readonly redis: RedisConnection,
    private readonly channel: string,
    /** Whether a message wakes who is waiting, or who next will. */
    private readonly wakes: (message: string, waiting: boolean) => boolean,
  ) {}

  /**
   * Subscribes. `false` if it takes longer than `limitMs`, or fails: the entry is closed then.
   */
  async open(limitMs: number): Promise<boolean> {
    let cancel: () => void = () => {};
    const late = new Promise<false>((resolve) => {
      if (limitMs === Number.POSITIVE_INFINITY) return;
      cancel = this.environment.after(limitMs, () => resolve(false));
    });
    const opened = await Promise.race([this.subscribe(), late]);
    cancel();
    if (!opened) this.close();
    return opened;
  }

  private async subscribe(): Promise<boolean> {
    let subscription: Subscription;
    try {
      subscription = await this.redis.subscribe(this.channel, (message) => this.heard(message));
    } catch (error) {
      if (!isCallFailure(error)) throw error;
      return false;
    }
    if (this.closed) {
      subscription.close();
      return false;
    }
    this.subscription = subscription;
    void subscription.lost.then(() => this.reopen(0));
    return true;
  }

  private reopen(attempt: number): void {
    if (this.closed) return;
    const halfMs = Math.min(RECONNECT_MS << Math.min(attempt, 7), RECONNECT_MAX_MS) / 2;
    this.environment.after(halfMs + this.environment.random() * halfMs, () => {
      if (this.closed) return;
      void this.subscribe().then((opened) => {
        if (!opened) this.reopen(attempt + 1);
      });
    });
  }

  private heard(message: string): void {
    if (!this.wakes(message, this.wake !== undefined)) return;
    this.permits += 1;
    this.wake?.();
  }

  /** Waits for a message, at most so long; one that came since the last wait counts. */
  async wait(limitMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.permits === 0) await this.sleep(limitMs, signal);
    if (this.permits > 0) this.permits -= 1;
  }

  private sleep(limitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const cancel =
        limitMs === Number.POSITIVE_INFINITY
          ? () => {}
          : this.environment.after(limitMs, () => this.wake?.());
      this.wake = () => {
        this.wake = undefined;
        cancel();
        signal?.removeEventListener('abort', this.onAbort);
        resolve();
      };
      signal?.addEventListener('abort', this.onAbort);
    });
  }
  private readonly onAbort = (): void => this.wake?.();

  close(): void {
    this.closed = true;
    this.subscription?.close();
  }
}

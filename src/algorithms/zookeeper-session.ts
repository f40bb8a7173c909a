/**
 * The session that a lock on ZooKeeper keeps from its first acquire on, as an application keeps one
 * client of Apache Curator or kazoo: what it asks for is repeated while there is no connection, and
 * holders are told when the connection or the session is lost.
 */
import { CallTimeout, type Environment } from './environment.js';
import { type SessionState, ZooKeeperError, type ZooKeeperSession } from './zookeeper.js';

export interface SessionSettings {
  readonly timeoutMs: number;
  readonly expirationPercent: number;
  readonly retryDelayMs: number;
}

export class LockSession {
  readonly zookeeper: ZooKeeperSession;
  private holders: ((state: 'SUSPENDED' | 'LOST') => void)[] = [];

  constructor(
    private readonly environment: Environment,
    private readonly settings: SessionSettings,
  ) {
    this.zookeeper = environment.zookeeper[0]!.connect({
      timeoutMs: settings.timeoutMs,
      sessionExpirationPercent: settings.expirationPercent,
    });
    this.zookeeper.onState((state) => this.#heard(state));
  }

  #heard(state: SessionState): void {
    if (state !== 'SUSPENDED' && state !== 'LOST') return;
    for (const tell of this.holders.slice()) tell(state);
  }

  /** Tells of the loss of the connection or the session; the answer ends it. */
  onLoss(tell: (state: 'SUSPENDED' | 'LOST') => void): () => void {
    this.holders.push(tell);
    return () => {
      this.holders = this.holders.filter((other) => other !== tell);
    };
  }

  /**
   * Repeats a call while the ensemble cannot be reached or is busy, until `untilMs` on the
   * monotonic clock; throws `CallTimeout` then. What is repeated must do no harm when repeated.
   */
  async repeat<T>(call: (zookeeper: ZooKeeperSession) => Promise<T>, untilMs: number): Promise<T> {
    for (;;) {
      try {
        return await call(this.zookeeper);
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
      await this.pause(untilMs);
    }
  }

  /** Waits before another try; throws `CallTimeout` if there is no time for one. */
  async pause(untilMs: number): Promise<void> {
    const { environment, settings } = this;
    if (untilMs !== Number.POSITIVE_INFINITY && environment.monoMs() >= untilMs) {
      throw new CallTimeout(0);
    }
    await environment.sleep(settings.retryDelayMs);
  }
}

/** Errors after which the same call may succeed: the session, or the next one, comes back. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ZooKeeperError)) return false;
  const { code } = error;
  return code === 'CONNECTIONLOSS' || code === 'SESSIONEXPIRED' || code === 'THROTTLEDOP';
}

export function isNoNode(error: unknown): boolean {
  return error instanceof ZooKeeperError && error.code === 'NONODE';
}

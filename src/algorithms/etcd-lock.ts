/**
 * `Lock`, `TryLock` and `Unlock` of etcd's `Mutex`, each on a session of its own, as `etcdctl lock`
 * uses them (etcd-io/etcd: client/v3/concurrency/mutex.go, etcdctl/ctlv3/command/lock_command.go).
 * The versions of it differ in what they look at after they have waited.
 */
import { isCallFailure } from './call-failure.js';
import { LockLost } from './deadline.js';
import type { Environment } from './environment.js';
import { Context } from './etcd-calls.js';
import type { EtcdConnection } from './etcd-connection.js';
import { enqueue, lookBefore, type Place, waitForTurn } from './etcd-queue.js';
import { abandon, EtcdSession } from './etcd-session.js';
import type { AcquireOptions, Grant, Lock, Refusal } from './lock.js';
import type { OptionValues } from './option-spec.js';
import { refused } from './retry.js';

export const ETCD_LOCK_OPTIONS = {
  sessionTtlMs: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 3_600_000,
    doc: 'lifetime of the session, in ms; 0: the TTL asked for (the Go client has 60 s by default)',
  },
  requestTimeoutMs: {
    kind: 'number',
    default: 5_000,
    min: 1,
    max: 60_000,
    doc: 'how long to wait for a lease or for an unlock, in ms (as etcdctl --command-timeout)',
  },
} as const;

export type EtcdLockOptions = OptionValues<typeof ETCD_LOCK_OPTIONS>;

/** How the versions differ. */
export interface EtcdLockDesign {
  /** Whether it looks after waiting if its own key is there still. */
  readonly looksAfterWaiting: boolean;
  /** Whether the holder listens to `Done()` of its session. */
  readonly hearsDone: boolean;
  /** Whether a wait ends with its session: the context of `Lock` is cancelled on `Done()`. */
  readonly endsWithSession?: boolean;
  /** How it takes a place in the queue. Default: as `Mutex` does, which learns who is first. */
  readonly enqueue?: typeof enqueue;
  /** Whose deletion it waits for: older keys with this prefix. Default: places of this lock. */
  readonly prefixOf?: (lock: string) => string;
  /** Gives up a place; answers whether it was there. Default: deletes the key. */
  readonly remove?: (etcd: EtcdConnection, place: Place) => Promise<boolean>;
}

/** Why a wait ended whose caller heard that its session is over. */
const SESSION_OVER = new LockLost('the session of the waiter is over');

/** One call of `Lock` or `TryLock`. */
interface Wait {
  readonly context: Context;
  readonly key: string;
  readonly session: EtcdSession;
  readonly triesOnce: boolean;
  place: Place | undefined;
}

export class EtcdLock implements Lock {
  private readonly etcd: EtcdConnection;

  constructor(
    private readonly environment: Environment,
    private readonly options: EtcdLockOptions,
    private readonly design: EtcdLockDesign,
  ) {
    this.etcd = environment.etcd[0]!;
  }

  async acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    const { environment, etcd, options } = this;
    const { requestTimeoutMs } = options;
    const { waitMs = Number.POSITIVE_INFINITY } = wanted;
    const ttlMs = options.sessionTtlMs === 0 ? wanted.ttlMs : options.sessionTtlMs;
    const triesOnce = waitMs === 0;
    const context = Context.of(environment, etcd, triesOnce ? requestTimeoutMs : waitMs);
    let session: EtcdSession;
    try {
      session = await EtcdSession.open(environment, etcd, ttlMs, requestTimeoutMs);
    } catch (error) {
      return refusalOf(error);
    }
    const wait: Wait = { context, key, session, triesOnce, place: undefined };
    try {
      const refusal = this.design.endsWithSession
        ? await this.#turnInSession(wait, wanted.signal)
        : await this.#turn(wait, wanted.signal);
      if (refusal === undefined) return this.#grant(session, wait.place!);
      this.#leave(session, triesOnce ? wait.place : undefined);
      return refused(refusal);
    } catch (error) {
      this.#leave(session, wait.place);
      return error === SESSION_OVER ? refused('session expired') : refusalOf(error);
    }
  }

  /** The turn; when the session is over none of its calls is waited for any more. */
  async #turnInSession(wait: Wait, signal: AbortSignal | undefined): Promise<string | undefined> {
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    if (signal?.aborted) stop.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        wait.session.done.onLost(() => {
          stop.abort();
          reject(SESSION_OVER);
        });
        this.#turn(wait, stop.signal).then(resolve, reject);
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Takes a place and waits until it is the first, or looks once; answers why not. */
  async #turn(wait: Wait, signal: AbortSignal | undefined): Promise<string | undefined> {
    const { design } = this;
    const { context, key, session, triesOnce } = wait;
    const prefix = design.prefixOf?.(key) ?? `${key}/`;
    const place = await (design.enqueue ?? enqueue)(context, key, session.lease);
    wait.place = place;
    if (place.first) return undefined;
    if (triesOnce) {
      if (design.enqueue === undefined) return 'held';
      const { predecessor } = await lookBefore(context, prefix, place);
      return predecessor === undefined ? undefined : 'held';
    }
    await waitForTurn(context, prefix, place, signal);
    if (!design.looksAfterWaiting) return undefined;
    const own = await context.repeat((connection) => connection.range(place.key));
    return own.kvs.length > 0 ? undefined : 'session expired';
  }

  #grant(session: EtcdSession, place: Place): Grant {
    const release = () => this.#release(session, place);
    return this.design.hearsDone ? new SessionGrant(session, release) : { granted: true, release };
  }

  /** Gives up a place that was not granted. */
  #leave(session: EtcdSession, place: Place | undefined): void {
    abandon(session, () => (place === undefined ? Promise.resolve() : this.#unlock(place)));
  }

  #unlock(place: Place): Promise<boolean> {
    const { environment, etcd, options, design } = this;
    const { connection } = Context.of(environment, etcd, options.requestTimeoutMs);
    return (design.remove ?? deleteKey)(connection, place);
  }

  /** `Unlock`, then `Close` of the session, which ends the lease and the key with it. */
  async #release(session: EtcdSession, place: Place): Promise<boolean> {
    session.done.end();
    try {
      return await this.#unlock(place);
    } finally {
      abandon(session, () => Promise.resolve());
    }
  }
}

async function deleteKey(etcd: EtcdConnection, { key }: Place): Promise<boolean> {
  return (await etcd.delete(key)).deleted === 1;
}

/** The lock is ours while the session lives. The client tells of its end, and not before. */
class SessionGrant implements Grant {
  readonly granted = true;

  constructor(
    private readonly session: EtcdSession,
    readonly release: () => Promise<boolean>,
  ) {}

  get signal(): AbortSignal {
    return this.session.done.signal;
  }

  onLost(callback: () => void): void {
    this.session.done.onLost(callback);
  }
}

function refusalOf(error: unknown): Refusal {
  if (!isCallFailure(error)) throw error;
  return refused(error.message);
}

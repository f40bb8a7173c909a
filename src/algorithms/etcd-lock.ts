/**
 * `Lock`, `TryLock` and `Unlock` of etcd's `Mutex`, each on a session of its own, as `etcdctl lock`
 * uses them (etcd-io/etcd: client/v3/concurrency/mutex.go, etcdctl/ctlv3/command/lock_command.go).
 * The versions of it differ in what they look at after they have waited.
 */
import { isCallFailure } from './call-failure.js';
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
  /** How it takes a place in the queue. Default: as `Mutex` does, which learns who is first. */
  readonly enqueue?: typeof enqueue;
  /** Whose deletion it waits for: older keys with this prefix. Default: places of this lock. */
  readonly prefixOf?: (lock: string) => string;
  /** Gives up a place; answers whether it was there. Default: deletes the key. */
  readonly remove?: (etcd: EtcdConnection, place: Place) => Promise<boolean>;
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
    const { design } = this;
    const prefix = design.prefixOf?.(key) ?? `${key}/`;
    let place: Place | undefined;
    try {
      place = await (design.enqueue ?? enqueue)(context, key, session.lease);
      if (place.first) return this.#grant(session, place);
      if (!triesOnce) {
        await waitForTurn(context, prefix, place, wanted.signal);
        if (!design.looksAfterWaiting) return this.#grant(session, place);
        const own = await context.repeat((connection) => connection.range(place!.key));
        if (own.kvs.length > 0) return this.#grant(session, place);
      } else if (design.enqueue !== undefined) {
        const { predecessor } = await lookBefore(context, prefix, place);
        if (predecessor === undefined) return this.#grant(session, place);
      }
    } catch (error) {
      this.#leave(session, place);
      return refusalOf(error);
    }
    this.#leave(session, triesOnce ? place : undefined);
    return refused(triesOnce ? 'held' : 'session expired');
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

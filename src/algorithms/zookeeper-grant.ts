/**
 * What is held of a lock on ZooKeeper: a place in the queue, by one or several acquires of one
 * holder, for as long as its session lives. Without a connection nobody knows whether that does, so
 * the holder is told when the connection is lost (apache/curator: errors page, "Error Handling").
 */
import { LockLost } from './deadline.js';
import type { Grant } from './lock.js';
import type { Contender } from './zookeeper-queue.js';
import type { LockSession } from './zookeeper-session.js';

const SUSPENDED = new LockLost('the connection to ZooKeeper is lost, and the session may end');
const ENDED = new LockLost('the session has ended, and the lock with it');

export class Holding {
  /** Acquires that have not been released. */
  acquires = 0;
  /** Transaction that created the znode. */
  readonly czxid: number;
  loss: LockLost | undefined;
  readonly #onLoss: (() => void)[] = [];
  readonly #stopListening: () => void;

  constructor(
    session: LockSession,
    private readonly contender: Contender,
  ) {
    this.czxid = contender.place!.czxid;
    this.#stopListening = session.onLoss((state) => {
      this.#stopListening();
      this.loss = state === 'SUSPENDED' ? SUSPENDED : ENDED;
      for (const tell of this.#onLoss) tell();
    });
  }

  onLoss(tell: () => void): void {
    if (this.loss === undefined) this.#onLoss.push(tell);
    else tell();
  }

  /** Gives one acquire back, and with the last one the place. */
  async release(): Promise<boolean> {
    this.acquires -= 1;
    if (this.acquires > 0) return this.loss === undefined;
    this.#stopListening();
    return this.contender.remove();
  }
}

/** The holder is not told of anything. */
export class SilentGrant implements Grant {
  readonly granted = true;
  readonly fencingToken?: number;

  constructor(
    readonly holding: Holding,
    fencingToken: number | undefined,
  ) {
    if (fencingToken !== undefined) this.fencingToken = fencingToken;
  }

  release(): Promise<boolean> {
    return this.holding.release();
  }
}

/** The holder may ask, and is told what it remembers itself. */
export class RememberedGrant extends SilentGrant {
  renew(): Promise<boolean> {
    return Promise.resolve(this.holding.acquires > 0);
  }
}

/** The holder is told when the connection or the session is lost. */
export class SessionGrant extends SilentGrant {
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onLost(() => controller.abort(this.holding.loss));
    }
    return this.#controller.signal;
  }

  onLost(callback: () => void): void {
    this.holding.onLoss(callback);
  }
}

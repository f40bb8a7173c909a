/**
 * A queue of ephemeral sequential znodes below one container, as the lock recipes of ZooKeeper have
 * it: who comes takes a number, and waits for the znode that stands in its way to go (ZooKeeper
 * documentation, "ZooKeeper Recipes and Solutions", section "Locks").
 *
 * The answer to a create can get lost while the znode, and the session it belongs to, live on. So
 * its name carries an id, and before it is created again it is looked for (apache/curator:
 * CreateBuilderImpl.java, "protection"; ZOOKEEPER-1262). Who looks asks for a `sync` first, because
 * the server at hand may lag; Curator and kazoo do without.
 */
import type { Mode } from '../history.js';
import { mayHaveBeenApplied } from './call-failure.js';
import type { Environment } from './environment.js';
import { ZooKeeperError, type ZooKeeperSession } from './zookeeper.js';
import { isNoNode, isTransient, type LockSession } from './zookeeper-session.js';

/** A place in the queue. */
export interface Place {
  readonly path: string;
  readonly name: string;
  /** Transaction that created it. */
  readonly czxid: number;
  /** Session that it ends with. */
  readonly sessionId: number;
}

/** How a wait ends: first in line, without a place because the session ended, or too late. */
export type Turn = 'ours' | 'gone' | 'over';

/** How locks, and their flawed versions, differ in what they do with the queue. */
export interface QueueDesign {
  /** Whether a create whose answer was lost is looked for before another one. */
  readonly isProtected: boolean;
  /** Whether a znode counts only as long as the session lives that created it. */
  readonly checksOwner: boolean;
  /** Which of the children stands in the way of `own`, if one does. */
  predecessorOf(children: readonly string[], own: string): string | undefined;
}

/** Whether a znode is that of a writer, or of whoever wants to be alone. */
export function isExclusive(name: string): boolean {
  return name.includes('-exclusive-') || name.startsWith('exclusive-');
}

/** The number of a sequential znode: the last ten digits, or more. */
export function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('-') + 1));
}

/** The child with the highest number below that of `own`, of those that `counts` lets through. */
export function latestBefore(
  children: readonly string[],
  own: string,
  counts: (name: string) => boolean = () => true,
): string | undefined {
  const limit = numberOf(own);
  let latest: string | undefined;
  for (const name of children) {
    const number = numberOf(name);
    if (number >= limit || !counts(name)) continue;
    if (latest === undefined || number > numberOf(latest)) latest = name;
  }
  return latest;
}

/** One stay in the queue, from the first create to the place, and the way out of it. */
export class Contender {
  readonly #root: string;
  readonly #id: string;
  /** Whether a create was sent whose outcome is not known. */
  #inDoubt = false;
  place: Place | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly session: LockSession,
    private readonly design: QueueDesign,
    key: string,
    /** Stands in the name before the number. */
    private readonly mode: Mode,
    /** End of the wait, on the monotonic clock. */
    private readonly untilMs: number,
  ) {
    this.#root = `/${key}`;
    // A slash would make a path of it.
    this.#id = environment.ownerId().replaceAll('/', '.');
  }

  get #prefix(): string {
    return this.design.isProtected ? `_c_${this.#id}-${this.mode}-` : `${this.mode}-`;
  }

  /** Takes a place; throws `CallTimeout` when the wait is over before the ensemble was reached. */
  async enter(): Promise<Place> {
    this.place = undefined;
    for (;;) {
      try {
        const found = this.#inDoubt && this.design.isProtected ? await this.#find() : undefined;
        this.place = found ?? (await this.#create());
        return this.place;
      } catch (error) {
        if (isNoNode(error)) {
          await this.#makeRoot();
          continue;
        }
        if (!isTransient(error)) throw error;
      }
      await this.session.pause(this.untilMs);
    }
  }

  async #create(): Promise<Place> {
    const { zookeeper } = this.session;
    const path = `${this.#root}/${this.#prefix}`;
    try {
      const { path: made, stat } = await zookeeper.create(path, '', 'ephemeral-sequential');
      this.#inDoubt = false;
      return this.#placeAt(made, stat.czxid, stat.ephemeralOwner);
    } catch (error) {
      if (error instanceof ZooKeeperError && !error.refused) this.#inDoubt = true;
      throw error;
    }
  }

  #placeAt(path: string, czxid: number, sessionId: number): Place {
    return { path, name: path.slice(this.#root.length + 1), czxid, sessionId };
  }

  async #makeRoot(): Promise<void> {
    const make = (zookeeper: ZooKeeperSession) => zookeeper.create(this.#root, '', 'container');
    try {
      await this.session.repeat(make, this.untilMs);
    } catch (error) {
      if (!(error instanceof ZooKeeperError && error.code === 'NODEEXISTS')) throw error;
    }
  }

  /** The znode of a create whose answer was lost. One of a session that is over is none. */
  async #find(): Promise<Place | undefined> {
    const { zookeeper } = this.session;
    await zookeeper.sync(this.#root);
    const children = await zookeeper.getChildren(this.#root);
    const name = children.find((child) => child.startsWith(this.#prefix));
    if (name === undefined) return undefined;
    const path = `${this.#root}/${name}`;
    const stat = await zookeeper.exists(path);
    if (stat === undefined) return undefined;
    if (!this.design.checksOwner || stat.ephemeralOwner === zookeeper.sessionId) {
      return this.#placeAt(path, stat.czxid, stat.ephemeralOwner);
    }
    await zookeeper.delete(path);
    return undefined;
  }

  /** Waits until no znode stands in the way of the own one, or the wait is over. */
  async waitForTurn({ name, sessionId }: Place, signal: AbortSignal | undefined): Promise<Turn> {
    const { session, design, untilMs } = this;
    for (;;) {
      const children = await session.repeat((zk) => zk.getChildren(this.#root), untilMs);
      if (!children.includes(name)) return 'gone';
      if (design.checksOwner && sessionId !== session.zookeeper.sessionId) {
        // It stands for a session that was given up, and may go at any moment.
        await this.remove();
        return 'gone';
      }
      const predecessor = design.predecessorOf(children, name);
      if (predecessor === undefined) return 'ours';
      if (this.#isOver(signal)) return 'over';
      await this.#changeOf(`${this.#root}/${predecessor}`, signal);
    }
  }

  #isOver(signal: AbortSignal | undefined): boolean {
    if (signal?.aborted) return true;
    const { environment, untilMs } = this;
    return untilMs !== Number.POSITIVE_INFINITY && environment.monoMs() >= untilMs;
  }

  /**
   * Returns when a znode has changed or is not there, when the state of the session changed, since
   * a watch may be lost with a connection, or when the wait is over.
   */
  #changeOf(path: string, signal: AbortSignal | undefined): Promise<void> {
    const { environment, session, untilMs } = this;
    return new Promise((resolve, reject) => {
      let cancelTimer = () => {};
      const end = (): void => {
        cancelTimer();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      signal?.addEventListener('abort', end, { once: true });
      if (untilMs !== Number.POSITIVE_INFINITY) {
        cancelTimer = environment.after(untilMs - environment.monoMs(), end);
      }
      session.zookeeper.getData(path, end).catch((error: unknown) => {
        if (isNoNode(error) || isTransient(error)) end();
        else reject(error);
      });
    });
  }

  /**
   * Leaves the queue, however long it takes: a znode that is left behind keeps everybody out while
   * this client lives (python-zk/kazoo#732).
   */
  async leave(): Promise<void> {
    if (this.#inDoubt && this.design.isProtected) {
      this.place = await this.session.repeat(() => this.#find(), Number.POSITIVE_INFINITY);
    }
    if (this.place !== undefined) await this.remove();
  }

  /** Gives the place back. `false`: it had gone before. */
  async remove(): Promise<boolean> {
    const { path, sessionId } = this.place!;
    const { zookeeper } = this.session;
    let mayBeDeleted = false;
    for (;;) {
      try {
        await zookeeper.delete(path);
        return true;
      } catch (error) {
        // Nobody else deletes it while its session lives.
        if (isNoNode(error)) return mayBeDeleted && zookeeper.sessionId === sessionId;
        if (!isTransient(error)) throw error;
        if (mayHaveBeenApplied(error)) mayBeDeleted = true;
      }
      await this.session.pause(Number.POSITIVE_INFINITY);
    }
  }
}

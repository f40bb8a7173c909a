/**
 * The tree of one server: transactions in, changes and fired watches out (upstream DataTree.java of
 * 3.8.0). It checks nothing: the leader has, in `preparation.ts`.
 */
import { JavaHashSet } from './java-hash-set.js';
import {
  OPEN_ACL_UNSAFE,
  type OperationResult,
  READ_ACL_UNSAFE,
  type SetWatches,
  type Stat,
  type WatchMode,
} from './messages.js';
import { nameOf, parentOf } from './path.js';
import type { ZnodeCause, ZnodeState } from './port.js';
import type { Change, Transaction } from './transaction.js';
import { type Notify, WatchTable } from './watch-table.js';
import { Znode } from './znode.js';

export type Observe = (
  path: string,
  before: ZnodeState | undefined,
  after: ZnodeState | undefined,
  cause: ZnodeCause,
) => void;

export class DataTree {
  readonly znodes = new Map<string, Znode>();
  readonly containers = new Set<string>();
  private readonly ephemerals = new Map<number, JavaHashSet>();
  readonly dataWatches: WatchTable;
  readonly childWatches: WatchTable;
  /** Last transaction applied. */
  lastZxid = 0;

  constructor(
    private readonly notify: Notify,
    /** The leader's tree is observed. */
    public observe: Observe | undefined,
  ) {
    this.dataWatches = new WatchTable(notify);
    this.childWatches = new WatchTable(notify);
    const root = new Znode('', OPEN_ACL_UNSAFE, 0, false, 0, 0);
    this.znodes.set('', root);
    this.znodes.set('/', root);
    for (const path of ['/zookeeper', '/zookeeper/config', '/zookeeper/quota']) {
      const acl = path === '/zookeeper/config' ? READ_ACL_UNSAFE : OPEN_ACL_UNSAFE;
      this.znodes.set(path, new Znode('', acl, 0, false, 0, 0));
      this.znodes.get(parentOf(path))!.addChild(nameOf(path));
    }
  }

  /** A session's ephemeral znodes, in the order in which its end deletes them. */
  ephemeralsOf(sessionId: number): string[] {
    return this.ephemerals.get(sessionId)?.clone().values() ?? [];
  }

  /** What each operation brought, if somebody waits for it. */
  apply(transaction: Transaction, awaited: boolean): OperationResult[] | undefined {
    const { type, changes, zxid } = transaction;
    const results = awaited ? ([] as OperationResult[]) : undefined;
    if (type === 'closeSession') {
      for (const path of transaction.paths) this.delete(path, zxid, 'session');
      this.ephemerals.delete(transaction.sessionId);
    } else if (changes.some((change) => change.type === 'error')) {
      for (const { error } of changes) results?.push({ error, path: undefined, stat: undefined });
    } else {
      for (const change of changes) {
        this.applyChange(change, transaction);
        results?.push(this.resultOf(change));
      }
    }
    this.lastZxid = zxid;
    return results;
  }

  private applyChange(change: Change, transaction: Transaction): void {
    if (change.type === 'setData') this.setData(change, transaction);
    else if (change.type === 'delete') this.delete(change.path, transaction.zxid, 'command');
    else if (change.type !== 'check') this.create(change, transaction);
  }

  private resultOf({ type, path }: Change): OperationResult {
    const created = type === 'create' || type === 'create2';
    const stat: Stat | undefined =
      type === 'create2' || type === 'setData' ? this.znodes.get(path)!.stat() : undefined;
    return { error: 0, path: created ? path : undefined, stat };
  }

  private create(change: Change, { zxid, atMs }: Transaction): void {
    const { path, ephemeralOwner, container } = change;
    const znode = new Znode(change.data, change.acl!, ephemeralOwner, container, zxid, atMs);
    const parentPath = parentOf(path);
    const parent = this.znodes.get(parentPath)!;
    parent.creates = change.version;
    parent.pzxid = zxid;
    parent.addChild(nameOf(path));
    this.znodes.set(path, znode);
    if (container) this.containers.add(path);
    if (ephemeralOwner !== 0) this.own(ephemeralOwner, path);
    this.observe?.(path, undefined, znode.state(), 'command');
    this.dataWatches.trigger(path, 'NodeCreated');
    this.childWatches.trigger(parentPath || '/', 'NodeChildrenChanged');
  }

  private own(sessionId: number, path: string): void {
    let owned = this.ephemerals.get(sessionId);
    if (owned === undefined) {
      owned = new JavaHashSet(16);
      this.ephemerals.set(sessionId, owned);
    }
    owned.add(path);
  }

  private delete(path: string, zxid: number, cause: ZnodeCause): void {
    const znode = this.znodes.get(path)!;
    const parentPath = parentOf(path);
    const parent = this.znodes.get(parentPath)!;
    parent.children!.delete(nameOf(path));
    parent.pzxid = zxid;
    this.znodes.delete(path);
    this.containers.delete(path);
    this.ephemerals.get(znode.ephemeralOwner)?.delete(path);
    this.observe?.(path, znode.state(), undefined, cause);
    const told = this.dataWatches.trigger(path, 'NodeDeleted');
    this.childWatches.trigger(path, 'NodeDeleted', told);
    this.childWatches.trigger(parentPath || '/', 'NodeChildrenChanged');
  }

  private setData(change: Change, { zxid, atMs }: Transaction): void {
    const { path } = change;
    const znode = this.znodes.get(path)!;
    const before = znode.state();
    znode.data = change.data;
    znode.mzxid = zxid;
    znode.mtimeMs = atMs;
    znode.version = change.version;
    this.observe?.(path, before, znode.state(), 'command');
    this.dataWatches.trigger(path, 'NodeDataChanged');
  }

  addWatch(path: string, connection: number, mode: WatchMode): void {
    this.dataWatches.add(path, connection, mode);
    this.childWatches.add(path, connection, mode);
  }

  /** Watches of a client that comes back: what it missed fires at once. */
  setWatches(request: SetWatches, connection: number): void {
    const { relativeZxid } = request;
    for (const path of request.dataWatches) {
      const znode = this.znodes.get(path);
      if (znode === undefined) this.notify(connection, 'NodeDeleted', path);
      else if (znode.mzxid > relativeZxid) this.notify(connection, 'NodeDataChanged', path);
      else this.dataWatches.add(path, connection, 'one-shot');
    }
    for (const path of request.existWatches) {
      if (this.znodes.has(path)) this.notify(connection, 'NodeCreated', path);
      else this.dataWatches.add(path, connection, 'one-shot');
    }
    for (const path of request.childWatches) {
      const znode = this.znodes.get(path);
      if (znode === undefined) this.notify(connection, 'NodeDeleted', path);
      else if (znode.pzxid > relativeZxid) this.notify(connection, 'NodeChildrenChanged', path);
      else this.childWatches.add(path, connection, 'one-shot');
    }
    for (const path of request.persistentWatches) this.addWatch(path, connection, 'persistent');
    for (const path of request.persistentRecursiveWatches) {
      this.addWatch(path, connection, 'persistent-recursive');
    }
  }

  /** The connection ended: its watches with it. */
  leave(connection: number): void {
    this.dataWatches.leave(connection);
    this.childWatches.leave(connection);
  }
}

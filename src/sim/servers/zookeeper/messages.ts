/**
 * What clients and a simulated ZooKeeper say to each other: the records of ZooKeeper 3.8's wire
 * protocol (upstream zookeeper-jute/src/main/resources/zookeeper.jute) as plain objects. Times are
 * milliseconds, data is text that stands for its UTF-8 bytes, and session ids are small numbers
 * where the real ones have 64 bits.
 */

/** Of an access control list; bits of `perms`: read 1, write 2, create 4, delete 8, admin 16. */
export interface Acl {
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

/** Everybody may do everything: what lock recipes use. */
export const OPEN_ACL_UNSAFE: readonly Acl[] = [{ perms: 31, scheme: 'world', id: 'anyone' }];
/** The authenticated creator may do everything; nobody is authenticated here: INVALIDACL. */
export const CREATOR_ALL_ACL: readonly Acl[] = [{ perms: 31, scheme: 'auth', id: '' }];
/** Everybody may read. */
export const READ_ACL_UNSAFE: readonly Acl[] = [{ perms: 1, scheme: 'world', id: 'anyone' }];

/** Kinds of znodes, as the flags of a create request have them (upstream CreateMode.java). */
export const CREATE_MODE = {
  persistent: 0,
  ephemeral: 1,
  persistentSequential: 2,
  ephemeralSequential: 3,
  container: 4,
  persistentWithTtl: 5,
  persistentSequentialWithTtl: 6,
} as const;

export interface Stat {
  /** zxids: of its create, of the last change of its data, of the last change of its children. */
  readonly czxid: number;
  readonly mzxid: number;
  readonly pzxid: number;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  /** Creates and deletes of children. */
  readonly cversion: number;
  readonly aversion: number;
  /** Session that it ends with; 0: with none. */
  readonly ephemeralOwner: number;
  readonly dataLength: number;
  readonly numChildren: number;
}

/** The first request of every connection: a new session (id 0), or one that goes on. */
export interface ConnectRequest {
  readonly type: 'connect';
  readonly sessionId: number;
  readonly password: string;
  /** Session timeout asked for. */
  readonly timeoutMs: number;
  /** A server that is behind this refuses the connection. */
  readonly lastZxidSeen: number;
}

export interface CreateOperation {
  /** `create2` and `createContainer` answer with the stat too. */
  readonly type: 'create' | 'create2' | 'createContainer' | 'createTTL';
  readonly path: string;
  readonly data: string | null;
  readonly acl: readonly Acl[];
  /** One of `CREATE_MODE`. */
  readonly flags: number;
}
export interface DeleteOperation {
  readonly type: 'delete';
  readonly path: string;
  /** −1: any. */
  readonly version: number;
}
export interface SetDataOperation {
  readonly type: 'setData';
  readonly path: string;
  readonly data: string | null;
  readonly version: number;
}
/** Of a transaction only. */
export interface CheckOperation {
  readonly type: 'check';
  readonly path: string;
  readonly version: number;
}
export type Operation = CreateOperation | DeleteOperation | SetDataOperation | CheckOperation;

export interface ReadOperation {
  readonly type: 'exists' | 'getData' | 'getChildren' | 'getChildren2';
  readonly path: string;
  readonly watch: boolean;
}

export type WatchMode = 'one-shot' | 'persistent' | 'persistent-recursive';

/** Watches of a client that has reconnected; `relativeZxid` is the last zxid it saw. */
export interface SetWatches {
  readonly type: 'setWatches';
  readonly relativeZxid: number;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
  readonly persistentWatches: readonly string[];
  readonly persistentRecursiveWatches: readonly string[];
}

/** What follows `connect`; every request has an xid, which its response repeats. */
export type RequestBody =
  | CreateOperation
  | DeleteOperation
  | SetDataOperation
  | ReadOperation
  | SetWatches
  | { readonly type: 'ping' | 'closeSession' }
  | { readonly type: 'sync'; readonly path: string }
  | { readonly type: 'getEphemerals'; readonly path: string }
  | { readonly type: 'multi'; readonly operations: readonly Operation[] }
  | { readonly type: 'addWatch'; readonly path: string; readonly mode: WatchMode }
  | {
      readonly type: 'removeWatches';
      readonly path: string;
      readonly watcherType: 'children' | 'data' | 'any';
    }
  | { readonly type: Unmodelled };

/** Requests that a real server carries out and this one refuses by name. */
export type Unmodelled =
  | 'auth'
  | 'checkWatches'
  | 'getACL'
  | 'getAllChildrenNumber'
  | 'multiRead'
  | 'reconfig'
  | 'sasl'
  | 'setACL'
  | 'whoAmI';

export type Request = ConnectRequest | (RequestBody & { readonly xid: number });

/** xids that mean something (upstream ClientCnxn.java). */
export const PING_XID = -2;
export const SET_WATCHES_XID = -8;

/** The answer to `connect`: `timeoutMs` is what was agreed on; session 0: it is gone. */
export interface ConnectResponse {
  readonly type: 'connected';
  readonly sessionId: number;
  readonly password: string;
  readonly timeoutMs: number;
}

/** What a request brought; the parts that it does not have are `undefined`. */
export interface Result {
  readonly path: string | undefined;
  readonly data: string | null | undefined;
  readonly children: readonly string[] | undefined;
  readonly stat: Stat | undefined;
  /** Of a transaction: one for each operation. */
  readonly results: readonly OperationResult[] | undefined;
}
export interface OperationResult {
  readonly error: number;
  readonly path: string | undefined;
  readonly stat: Stat | undefined;
}

export interface Response {
  readonly type: 'response';
  readonly xid: number;
  /** Last transaction that the answering server had applied. */
  readonly zxid: number;
  /** 0, or a code of `errors.ts`. */
  readonly error: number;
  readonly result: Result | undefined;
  /** What is not modelled; elsewhere `undefined`. */
  readonly reason: string | undefined;
}

export type WatchEventKind =
  | 'NodeCreated'
  | 'NodeDeleted'
  | 'NodeDataChanged'
  | 'NodeChildrenChanged';

/** A watch that fired; it comes before any response that shows the change. */
export interface WatchEvent {
  readonly type: 'event';
  readonly event: WatchEventKind;
  readonly path: string;
}

export type ServerMessage = ConnectResponse | Response | WatchEvent;

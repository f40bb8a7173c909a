/**
 * What a lock sees of etcd: the v3 API of keys, leases and watches as typed calls (etcd
 * documentation, "etcd API"). Absent options mean what an absent field means there. Every call may
 * reject with `EtcdError`, with `ConnectionLost`, or on a connection made by `within` with
 * `CallTimeout`. Keys and values are text; revisions are whole numbers from 1; ids of leases are
 * whole numbers from 1 to 2^53 − 1.
 */

/** Codes with which etcd says what it found wrong, and that nothing was done. */
const REFUSALS = new Set([
  'FailedPrecondition',
  'InvalidArgument',
  'NotFound',
  'OutOfRange',
  'ResourceExhausted',
]);

/** The server answered with an error. */
export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  constructor(
    /** Of gRPC, by its name in Go: `NotFound`, `Unavailable`, … */
    readonly code: string,
    /** `etcdserver: requested lease not found`. */
    text: string,
  ) {
    super(text);
  }

  /** Whether nothing was done; other errors, a time-out say, leave open what became of it. */
  get refused(): boolean {
    return REFUSALS.has(this.code);
  }
}

/** A key at a revision; of a deletion only `key` and `modRevision` say something. */
export interface EtcdKeyValue {
  readonly key: string;
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  /** The lease it is attached to; 0: none. */
  readonly lease: number;
}

export interface EtcdRangeOptions {
  /** Absent: the key alone; '\0': all from the key on; else all up to but not with this key. */
  readonly rangeEnd?: string;
  readonly limit?: number;
  /** The keys as of then; absent: now. */
  readonly revision?: number;
  readonly sortOrder?: 'ascend' | 'descend';
  readonly sortTarget?: 'key' | 'version' | 'create' | 'mod' | 'value';
  /** Answered by any member from what it knows, which may be old. */
  readonly serializable?: boolean;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
  readonly minModRevision?: number;
  readonly maxModRevision?: number;
  readonly minCreateRevision?: number;
  readonly maxCreateRevision?: number;
}

export interface EtcdPutOptions {
  readonly lease?: number;
  readonly prevKv?: boolean;
  readonly ignoreValue?: boolean;
  readonly ignoreLease?: boolean;
}

export interface EtcdDeleteOptions {
  readonly rangeEnd?: string;
  readonly prevKv?: boolean;
}

/** `create`, `mod`, `version` and `lease` of a key that does not exist are 0; it has no value. */
export type EtcdCompare = {
  readonly key: string;
  readonly rangeEnd?: string;
  readonly result: 'equal' | 'greater' | 'less' | 'notEqual';
} & (
  | { readonly target: 'version' | 'create' | 'mod' | 'lease'; readonly operand: number }
  | { readonly target: 'value'; readonly operand: string }
);

export type EtcdOperation =
  | ({ readonly type: 'range'; readonly key: string } & EtcdRangeOptions)
  | ({ readonly type: 'put'; readonly key: string; readonly value: string } & EtcdPutOptions)
  | ({ readonly type: 'deleteRange'; readonly key: string } & EtcdDeleteOptions)
  | ({ readonly type: 'txn' } & EtcdTxn);

/** All of `success` is done if every comparison holds, else all of `failure`. */
export interface EtcdTxn {
  readonly compare: readonly EtcdCompare[];
  readonly success: readonly EtcdOperation[];
  readonly failure?: readonly EtcdOperation[];
}

/** `revision` of every answer is that of its header. */
export interface EtcdRangeAnswer {
  readonly type: 'range';
  readonly revision: number;
  readonly kvs: readonly EtcdKeyValue[];
  readonly more: boolean;
  /** Number of keys in the range, whatever the limit and the bounds. */
  readonly count: number;
}

export interface EtcdPutAnswer {
  readonly type: 'put';
  readonly revision: number;
  readonly prevKv: EtcdKeyValue | undefined;
}

export interface EtcdDeleteAnswer {
  readonly type: 'deleteRange';
  readonly revision: number;
  readonly deleted: number;
  readonly prevKvs: readonly EtcdKeyValue[];
}

export interface EtcdTxnAnswer {
  readonly type: 'txn';
  readonly revision: number;
  readonly succeeded: boolean;
  readonly responses: readonly EtcdAnswer[];
}

export type EtcdAnswer = EtcdRangeAnswer | EtcdPutAnswer | EtcdDeleteAnswer | EtcdTxnAnswer;

/** `ttlMs` is the TTL granted: whole seconds, at least the server's minimum. */
export interface EtcdLease {
  readonly revision: number;
  readonly id: number;
  readonly ttlMs: number;
}

export interface EtcdTimeToLive {
  readonly revision: number;
  /** What is left, in whole seconds rounded down; undefined: there is no such lease. */
  readonly leftMs: number | undefined;
  readonly grantedTtlMs: number;
  /** If asked for. */
  readonly keys: readonly string[];
}

export interface EtcdWatchOptions {
  readonly rangeEnd?: string;
  /** The first revision of interest; absent: the next one. */
  readonly startRevision?: number;
  readonly prevKv?: boolean;
  readonly noPut?: boolean;
  readonly noDelete?: boolean;
}

export interface EtcdEvent {
  readonly type: 'put' | 'delete';
  readonly kv: EtcdKeyValue;
  readonly prevKv: EtcdKeyValue | undefined;
}

/** What happened at one revision, or since a watch began in the past. */
export interface EtcdWatchNews {
  readonly revision: number;
  readonly events: readonly EtcdEvent[];
}

export interface EtcdWatch {
  /** Ends the watch: nothing more is delivered. */
  cancel(): void;
  /**
   * Resolves when the watch ended by itself: with its connection, or (`compactRevision`) because it
   * began before the oldest revision that is kept. Who goes on watches anew from the revision after
   * the last one it was told of.
   */
  readonly lost: Promise<{ readonly compactRevision: number | undefined }>;
}

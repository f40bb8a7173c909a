/**
 * What goes to and comes from a simulated etcd: the v3 API as plain objects, each kind of one
 * shape, so that no field is ever missing (`etcdserver/etcdserverpb/rpc.proto`, `mvcc/mvccpb/
 * kv.proto` of etcd 3.4). Names are the API's; 0, '' and `false` mean what an absent field means
 * there. Keys and values are text that stands for its UTF-8 bytes. Ids of leases are whole numbers
 * from 1 to 2^53 − 1; revisions count from 1.
 */

/** A key at a revision. What a deletion leaves has all of its numbers 0 but `modRevision`. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Number of changes since it was created, from 1. */
  readonly version: number;
  /** The lease it is attached to; 0: none. */
  readonly lease: number;
}

/* ---- requests ---- */

/** `rangeEnd` here and below: '' the key alone, '\0' all from the key on, else all before it. */
export interface RangeRequest {
  readonly type: 'range';
  readonly key: string;
  readonly rangeEnd: string;
  readonly limit: number;
  /** The keys as of then; 0: now. */
  readonly revision: number;
  readonly sortOrder: 'none' | 'ascend' | 'descend';
  readonly sortTarget: 'key' | 'version' | 'create' | 'mod' | 'value';
  /** Answered by the member at hand from what it knows, which may be old. */
  readonly serializable: boolean;
  readonly keysOnly: boolean;
  readonly countOnly: boolean;
  readonly minModRevision: number;
  readonly maxModRevision: number;
  readonly minCreateRevision: number;
  readonly maxCreateRevision: number;
}

export interface PutRequest {
  readonly type: 'put';
  readonly key: string;
  readonly value: string;
  readonly lease: number;
  readonly prevKv: boolean;
  readonly ignoreValue: boolean;
  readonly ignoreLease: boolean;
}

export interface DeleteRangeRequest {
  readonly type: 'deleteRange';
  readonly key: string;
  readonly rangeEnd: string;
  readonly prevKv: boolean;
}

/** A key that does not exist has 0 for each number, and no value that equals or differs. */
export interface Compare {
  readonly target: 'version' | 'create' | 'mod' | 'value' | 'lease';
  readonly result: 'equal' | 'greater' | 'less' | 'notEqual';
  readonly key: string;
  readonly rangeEnd: string;
  /** A text for `value`, else a number. */
  readonly operand: number | string;
}

export type Operation = RangeRequest | PutRequest | DeleteRangeRequest | TxnRequest;

export interface TxnRequest {
  readonly type: 'txn';
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}

export interface CompactRequest {
  readonly type: 'compact';
  readonly revision: number;
}

/** `id` 0: the server chooses one. */
export interface LeaseGrantRequest {
  readonly type: 'leaseGrant';
  readonly id: number;
  readonly ttlSeconds: number;
}

export interface LeaseKeepAliveRequest {
  readonly type: 'leaseKeepAlive';
  readonly id: number;
}

export interface LeaseRevokeRequest {
  readonly type: 'leaseRevoke';
  readonly id: number;
}

export interface LeaseTimeToLiveRequest {
  readonly type: 'leaseTimeToLive';
  readonly id: number;
  readonly keys: boolean;
}

export interface LeaseLeasesRequest {
  readonly type: 'leaseLeases';
}

/** Each connection has one stream of watches. */
export interface WatchCreateRequest {
  readonly type: 'watchCreate';
  readonly key: string;
  readonly rangeEnd: string;
  /** The first revision of interest; 0: the next one. */
  readonly startRevision: number;
  readonly prevKv: boolean;
  readonly noPut: boolean;
  readonly noDelete: boolean;
  /** A number of the client's choice; 0: the server counts, from 0. */
  readonly watchId: number;
}

export interface WatchCancelRequest {
  readonly type: 'watchCancel';
  readonly watchId: number;
}

export type EtcdRequest =
  | Operation
  | CompactRequest
  | LeaseGrantRequest
  | LeaseKeepAliveRequest
  | LeaseRevokeRequest
  | LeaseTimeToLiveRequest
  | LeaseLeasesRequest
  | WatchCreateRequest
  | WatchCancelRequest;

/* ---- answers; `revision` is that of the header ---- */

export interface RangeResponse {
  readonly type: 'range';
  readonly revision: number;
  readonly kvs: readonly KeyValue[];
  /** Whether `limit` cut something off. */
  readonly more: boolean;
  /** Number of keys in the range, without limit and revision bounds. */
  readonly count: number;
}

export interface PutResponse {
  readonly type: 'put';
  readonly revision: number;
  readonly prevKv: KeyValue | undefined;
}

export interface DeleteRangeResponse {
  readonly type: 'deleteRange';
  readonly revision: number;
  readonly deleted: number;
  readonly prevKvs: readonly KeyValue[];
}

/** `revision` of a transaction within a transaction is 0. */
export interface TxnResponse {
  readonly type: 'txn';
  readonly revision: number;
  readonly succeeded: boolean;
  readonly responses: readonly OperationResponse[];
}

export type OperationResponse = RangeResponse | PutResponse | DeleteRangeResponse | TxnResponse;

export interface CompactResponse {
  readonly type: 'compact';
  readonly revision: number;
}

/** `ttlSeconds` is the TTL granted, which may be more than was asked for. */
export interface LeaseGrantResponse {
  readonly type: 'leaseGrant';
  readonly revision: number;
  readonly id: number;
  readonly ttlSeconds: number;
}

/** `ttlSeconds` 0: there is no such lease. `revision` is as of when its turn came. */
export interface LeaseKeepAliveResponse {
  readonly type: 'leaseKeepAlive';
  readonly revision: number;
  readonly id: number;
  readonly ttlSeconds: number;
}

export interface LeaseRevokeResponse {
  readonly type: 'leaseRevoke';
  readonly revision: number;
}

/** `ttlSeconds` is what is left, rounded towards 0, −1 if there is no such lease. */
export interface LeaseTimeToLiveResponse {
  readonly type: 'leaseTimeToLive';
  readonly revision: number;
  readonly id: number;
  readonly ttlSeconds: number;
  readonly grantedTtlSeconds: number;
  /** If asked for: in the order in which they were attached, where etcd promises none. */
  readonly keys: readonly string[];
}

/** By what is left of them, the shortest first. */
export interface LeaseLeasesResponse {
  readonly type: 'leaseLeases';
  readonly revision: number;
  readonly ids: readonly number[];
}

export interface WatchEvent {
  readonly type: 'put' | 'delete';
  readonly kv: KeyValue;
  readonly prevKv: KeyValue | undefined;
}

/** That a watch was created or cancelled, or what it saw. */
export interface WatchResponse {
  readonly type: 'watch';
  readonly revision: number;
  /** −1: the watch could not be created. */
  readonly watchId: number;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly cancelReason: string;
  /** Not 0: the watch began before this revision, the oldest one kept, and has ended. */
  readonly compactRevision: number;
  readonly events: readonly WatchEvent[];
}

/** Codes of gRPC, by their names in Go. */
export type ErrorCode =
  | 'FailedPrecondition'
  | 'InvalidArgument'
  | 'NotFound'
  | 'OutOfRange'
  | 'ResourceExhausted'
  | 'Unavailable'
  | 'Unknown';

export interface ErrorResponse {
  readonly type: 'error';
  readonly code: ErrorCode;
  readonly text: string;
}

export type EtcdResponse =
  | OperationResponse
  | CompactResponse
  | LeaseGrantResponse
  | LeaseKeepAliveResponse
  | LeaseRevokeResponse
  | LeaseTimeToLiveResponse
  | LeaseLeasesResponse
  | WatchResponse
  | ErrorResponse;

/**
 * `call` says which request of the connection this answers, the first being 0; `undefined`: a push
 * to a watch.
 */
export interface EtcdMessage {
  readonly call: number | undefined;
  readonly body: EtcdResponse;
}

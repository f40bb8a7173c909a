/**
 * The errors of etcd 3.4.23, each once, with gRPC's code and etcd's text
 * (`etcdserver/api/v3rpc/rpctypes/error.go`).
 */
import type { ErrorCode, ErrorResponse } from './messages.js';

function error(code: ErrorCode, text: string): ErrorResponse {
  return { type: 'error', code, text };
}

export const EMPTY_KEY = error('InvalidArgument', 'etcdserver: key is not provided');
export const KEY_NOT_FOUND = error('InvalidArgument', 'etcdserver: key not found');
export const VALUE_PROVIDED = error('InvalidArgument', 'etcdserver: value is provided');
export const LEASE_PROVIDED = error('InvalidArgument', 'etcdserver: lease is provided');
export const TOO_MANY_OPERATIONS = error(
  'InvalidArgument',
  'etcdserver: too many operations in txn request',
);
export const DUPLICATE_KEY = error(
  'InvalidArgument',
  'etcdserver: duplicate key given in txn request',
);
export const COMPACTED = error(
  'OutOfRange',
  'etcdserver: mvcc: required revision has been compacted',
);
export const FUTURE_REVISION = error(
  'OutOfRange',
  'etcdserver: mvcc: required revision is a future revision',
);
/** What was agreed on is far ahead of what was applied (`v3_server.go`). */
export const TOO_MANY_REQUESTS = error('ResourceExhausted', 'etcdserver: too many requests');
export const LEASE_NOT_FOUND = error('NotFound', 'etcdserver: requested lease not found');
export const LEASE_EXISTS = error('FailedPrecondition', 'etcdserver: lease already exists');
export const TTL_TOO_LARGE = error('OutOfRange', 'etcdserver: too large lease TTL');

/* ---- of a cluster whose leader is gone ---- */

export const NO_LEADER = error('Unavailable', 'etcdserver: no leader');
export const LEADER_CHANGED = error('Unavailable', 'etcdserver: leader changed');
export const REQUEST_TIMED_OUT = error('Unavailable', 'etcdserver: request timed out');
export const LEADER_FAILED = error(
  'Unavailable',
  'etcdserver: request timed out, possibly due to previous leader failure',
);
export const CONNECTION_LOST = error(
  'Unavailable',
  'etcdserver: request timed out, possibly due to connection lost',
);
/** A proposal that found no leader to go to: the error of Go, not one of etcd. */
export const DEADLINE_EXCEEDED = error('Unknown', 'context deadline exceeded');

/** Why a watch could not be created: no error, but the reason of a cancellation (`watcher.go`). */
export const EMPTY_WATCH_RANGE = 'mvcc: watcher range is empty';
export const DUPLICATE_WATCH_ID = 'mvcc: duplicate watch ID provided on the WatchStream';

/**
 * Writes to the store: a put or deletion of its own, or one of a transaction's
 * (`etcdserver/apply.go: Put, DeleteRange, checkRequestPut`). They leave the transaction in hand to
 * be committed.
 */
import type { RpcError } from './check.js';
import { KEY_NOT_FOUND, LEASE_NOT_FOUND } from './errors.js';
import type {
  DeleteRangeRequest,
  DeleteRangeResponse,
  PutRequest,
  PutResponse,
} from './messages.js';
import type { Store } from './store.js';

/** The leases there are. */
export interface KnownLeases {
  has(id: number): boolean;
}

/** Why a put cannot be applied alone; a lease that is missing is noticed first. */
export function refusePut(
  store: Store,
  leases: KnownLeases,
  request: PutRequest,
): RpcError | undefined {
  if (request.lease !== 0 && !leases.has(request.lease)) return LEASE_NOT_FOUND;
  return refuseIgnoring(store, request);
}

/** Why a put cannot be applied in a transaction; a key that is missing is noticed first. */
export function refusePutInTxn(
  store: Store,
  leases: KnownLeases,
  request: PutRequest,
): RpcError | undefined {
  const error = refuseIgnoring(store, request);
  if (error !== undefined) return error;
  return request.lease !== 0 && !leases.has(request.lease) ? LEASE_NOT_FOUND : undefined;
}

/** What is kept of the key has to be there. */
function refuseIgnoring(
  store: Store,
  { key, ignoreValue, ignoreLease }: PutRequest,
): RpcError | undefined {
  if (!ignoreValue && !ignoreLease) return undefined;
  return store.find(key, store.readRevision) === undefined ? KEY_NOT_FOUND : undefined;
}

export function put(store: Store, request: PutRequest): PutResponse {
  const { key, ignoreValue, ignoreLease, prevKv } = request;
  const kept = ignoreValue || ignoreLease ? store.find(key, store.readRevision) : undefined;
  const value = ignoreValue ? (kept?.value ?? '') : request.value;
  const lease = ignoreLease ? (kept?.lease ?? 0) : request.lease;
  const before = store.put(key, value, lease);
  return { type: 'put', revision: store.readRevision, prevKv: prevKv ? before : undefined };
}

export function deleteRange(store: Store, request: DeleteRangeRequest): DeleteRangeResponse {
  const found = store.deleteRange(request.key, request.rangeEnd);
  return {
    type: 'deleteRange',
    revision: store.readRevision,
    deleted: found.length,
    prevKvs: request.prevKv ? found : [],
  };
}

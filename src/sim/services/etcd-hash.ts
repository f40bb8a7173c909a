/**
 * Hashes of what goes to and comes from etcd, for the digest of a run (docs/semantics.md, R14):
 * every field that can differ counts, in a fixed order, and no field is looked up by its name.
 */
import { fold, hashString } from '../../digest.js';
import type {
  Compare,
  EtcdMessage,
  EtcdRequest,
  EtcdResponse,
  KeyValue,
  Operation,
  WatchResponse,
} from '../servers/etcd/messages.js';

/** Folds a whole number of up to 2^53 − 1. */
function number(state: number, value: number): number {
  const low = value | 0;
  return value === low ? fold(state, low) : fold(fold(state, low), (value / 0x1_0000_0000) | 0);
}

function text(state: number, value: string): number {
  return fold(state, hashString(value));
}

/** Folds some truths as bits. */
function flags(state: number, a: boolean, b: boolean, c: boolean): number {
  return fold(state, (a ? 1 : 0) | (b ? 2 : 0) | (c ? 4 : 0));
}

export function hashRequest(request: EtcdRequest): number {
  const h = hashString(request.type);
  switch (request.type) {
    case 'compact':
      return number(h, request.revision);
    case 'leaseGrant':
      return number(number(h, request.id), request.ttlSeconds);
    case 'leaseKeepAlive':
    case 'leaseRevoke':
      return number(h, request.id);
    case 'leaseTimeToLive':
      return fold(number(h, request.id), request.keys ? 1 : 0);
    case 'leaseLeases':
      return h;
    case 'watchCreate': {
      const { key, rangeEnd, startRevision, watchId, prevKv, noPut, noDelete } = request;
      const keys = number(number(text(text(h, key), rangeEnd), startRevision), watchId);
      return flags(keys, prevKv, noPut, noDelete);
    }
    case 'watchCancel':
      return number(h, request.watchId);
    default:
      return operation(h, request);
  }
}

function operation(state: number, request: Operation): number {
  switch (request.type) {
    case 'range': {
      let h = text(text(state, request.key), request.rangeEnd);
      h = number(number(h, request.limit), request.revision);
      h = text(text(h, request.sortOrder), request.sortTarget);
      h = number(number(h, request.minModRevision), request.maxModRevision);
      h = number(number(h, request.minCreateRevision), request.maxCreateRevision);
      return flags(h, request.serializable, request.keysOnly, request.countOnly);
    }
    case 'put': {
      const h = number(text(text(state, request.key), request.value), request.lease);
      return flags(h, request.prevKv, request.ignoreValue, request.ignoreLease);
    }
    case 'deleteRange':
      return flags(text(text(state, request.key), request.rangeEnd), request.prevKv, false, false);
    case 'txn': {
      let h = fold(state, request.compare.length);
      for (const one of request.compare) h = compare(h, one);
      return operations(operations(h, request.success), request.failure);
    }
  }
}

function operations(state: number, requests: readonly Operation[]): number {
  let h = fold(state, requests.length);
  for (const request of requests) h = operation(text(h, request.type), request);
  return h;
}

function compare(state: number, { target, result, key, rangeEnd, operand }: Compare): number {
  const h = text(text(text(text(state, target), result), key), rangeEnd);
  return typeof operand === 'string' ? text(h, operand) : number(h, operand);
}

export function hashMessage({ call, body }: EtcdMessage): number {
  return response(fold(hashString(body.type), call ?? -1), body);
}

function response(state: number, body: EtcdResponse): number {
  if (body.type === 'error') return text(text(state, body.code), body.text);
  const h = number(state, body.revision);
  switch (body.type) {
    case 'range': {
      const all = number(fold(h, body.more ? 1 : 0), body.count);
      return keyValues(all, body.kvs);
    }
    case 'put':
      return body.prevKv === undefined ? h : keyValue(h, body.prevKv);
    case 'deleteRange':
      return keyValues(number(h, body.deleted), body.prevKvs);
    case 'txn': {
      let all = fold(h, body.succeeded ? 1 : 0);
      for (const one of body.responses) all = response(text(all, one.type), one);
      return all;
    }
    case 'leaseGrant':
    case 'leaseKeepAlive':
      return number(number(h, body.id), body.ttlSeconds);
    case 'leaseTimeToLive': {
      let all = number(number(number(h, body.id), body.ttlSeconds), body.grantedTtlSeconds);
      for (const key of body.keys) all = text(all, key);
      return all;
    }
    case 'leaseLeases': {
      let all = fold(h, body.ids.length);
      for (const id of body.ids) all = number(all, id);
      return all;
    }
    case 'watch':
      return watch(h, body);
    case 'compact':
    case 'leaseRevoke':
      return h;
  }
}

function watch(state: number, body: WatchResponse): number {
  let h = number(number(state, body.watchId), body.compactRevision);
  h = flags(text(h, body.cancelReason), body.created, body.canceled, false);
  for (const { type, kv, prevKv } of body.events) {
    h = keyValue(text(h, type), kv);
    if (prevKv !== undefined) h = keyValue(h, prevKv);
  }
  return h;
}

function keyValues(state: number, kvs: readonly KeyValue[]): number {
  let h = fold(state, kvs.length);
  for (const kv of kvs) h = keyValue(h, kv);
  return h;
}

function keyValue(state: number, kv: KeyValue): number {
  const h = number(number(text(text(state, kv.key), kv.value), kv.createRevision), kv.modRevision);
  return number(number(h, kv.version), kv.lease);
}

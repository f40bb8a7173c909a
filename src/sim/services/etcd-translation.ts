/**
 * Between what a lock says to etcd and what etcd hears: absent options as the API's zero values,
 * answers as a client library hands them out.
 */
import {
  type EtcdCompare,
  EtcdError,
  type EtcdOperation,
  type EtcdTxn,
} from '../../algorithms/etcd.js';
import type { Compare, EtcdMessage, EtcdResponse, Operation } from '../servers/etcd/messages.js';

export function toOperation(operation: EtcdOperation): Operation {
  switch (operation.type) {
    case 'range':
      return {
        type: 'range',
        key: operation.key,
        rangeEnd: operation.rangeEnd ?? '',
        limit: operation.limit ?? 0,
        revision: operation.revision ?? 0,
        sortOrder: operation.sortOrder ?? 'none',
        sortTarget: operation.sortTarget ?? 'key',
        serializable: operation.serializable ?? false,
        keysOnly: operation.keysOnly ?? false,
        countOnly: operation.countOnly ?? false,
        minModRevision: operation.minModRevision ?? 0,
        maxModRevision: operation.maxModRevision ?? 0,
        minCreateRevision: operation.minCreateRevision ?? 0,
        maxCreateRevision: operation.maxCreateRevision ?? 0,
      };
    case 'put':
      return {
        type: 'put',
        key: operation.key,
        value: operation.value,
        lease: operation.lease ?? 0,
        prevKv: operation.prevKv ?? false,
        ignoreValue: operation.ignoreValue ?? false,
        ignoreLease: operation.ignoreLease ?? false,
      };
    case 'deleteRange':
      return {
        type: 'deleteRange',
        key: operation.key,
        rangeEnd: operation.rangeEnd ?? '',
        prevKv: operation.prevKv ?? false,
      };
    case 'txn':
      return toTxn(operation);
  }
}

export function toTxn({
  compare,
  success,
  failure = [],
}: EtcdTxn): Extract<Operation, { type: 'txn' }> {
  return {
    type: 'txn',
    compare: compare.map(toCompare),
    success: success.map(toOperation),
    failure: failure.map(toOperation),
  };
}

function toCompare({ target, result, key, rangeEnd = '', operand }: EtcdCompare): Compare {
  return { target, result, key, rangeEnd, operand };
}

/** What a client library makes of an answer: TTLs in milliseconds, an error to be thrown. */
export function toClientAnswer(message: unknown): unknown {
  const body: EtcdResponse = (message as EtcdMessage).body;
  switch (body.type) {
    case 'error':
      return new EtcdError(body.code, body.text);
    case 'leaseGrant':
    case 'leaseKeepAlive': {
      const { revision, id, ttlSeconds } = body;
      return ttlSeconds === 0 ? undefined : { revision, id, ttlMs: ttlSeconds * 1_000 };
    }
    case 'leaseTimeToLive': {
      const { revision, ttlSeconds, grantedTtlSeconds, keys } = body;
      const leftMs = ttlSeconds < 0 ? undefined : ttlSeconds * 1_000;
      return { revision, leftMs, grantedTtlMs: grantedTtlSeconds * 1_000, keys };
    }
    case 'watch':
      return body.watchId < 0 || body.canceled
        ? new EtcdError('Unknown', body.cancelReason)
        : undefined;
    default:
      return body;
  }
}

/**
 * Requests to etcd as its gateway of gRPC reads them: from the objects of protocol buffers to the
 * plain messages that a model of the server takes (`proto/rpc.proto` of etcd3).
 */

import type { Compare, EtcdRequest, Operation } from '../../sim/servers/etcd/messages.js';
import type { Raw } from '../client/etcd-messages.js';

/** The request that a method was called with; undefined if no lock calls that method. */
export function toRequest(method: string, raw: Raw): EtcdRequest | undefined {
  switch (method) {
    case 'Range':
      return toRange(raw);
    case 'Put':
      return toPut(raw);
    case 'DeleteRange':
      return toDeleteRange(raw);
    case 'Txn':
      return toTxn(raw);
    case 'LeaseGrant':
      return { type: 'leaseGrant', id: number(raw['ID']), ttlSeconds: number(raw['TTL']) };
    case 'LeaseRevoke':
      return { type: 'leaseRevoke', id: number(raw['ID']) };
    case 'LeaseTimeToLive':
      return { type: 'leaseTimeToLive', id: number(raw['ID']), keys: raw['keys'] === true };
    case 'LeaseKeepAlive':
      return { type: 'leaseKeepAlive', id: number(raw['ID']) };
    case 'Watch':
      return toWatch(raw);
    default:
      return undefined;
  }
}

function toRange(raw: Raw): Operation {
  return {
    type: 'range',
    key: text(raw['key']),
    rangeEnd: text(raw['range_end']),
    limit: number(raw['limit']),
    revision: number(raw['revision']),
    sortOrder: word(raw['sort_order']) as 'none' | 'ascend' | 'descend',
    sortTarget: word(raw['sort_target']) as 'key' | 'version' | 'create' | 'mod' | 'value',
    serializable: raw['serializable'] === true,
    keysOnly: raw['keys_only'] === true,
    countOnly: raw['count_only'] === true,
    minModRevision: number(raw['min_mod_revision']),
    maxModRevision: number(raw['max_mod_revision']),
    minCreateRevision: number(raw['min_create_revision']),
    maxCreateRevision: number(raw['max_create_revision']),
  };
}

function toPut(raw: Raw): Operation {
  return {
    type: 'put',
    key: text(raw['key']),
    value: text(raw['value']),
    lease: number(raw['lease']),
    prevKv: raw['prev_kv'] === true,
    ignoreValue: raw['ignore_value'] === true,
    ignoreLease: raw['ignore_lease'] === true,
  };
}

function toDeleteRange(raw: Raw): Operation {
  return {
    type: 'deleteRange',
    key: text(raw['key']),
    rangeEnd: text(raw['range_end']),
    prevKv: raw['prev_kv'] === true,
  };
}

function toTxn(raw: Raw): Operation {
  return {
    type: 'txn',
    compare: list(raw['compare']).map(toCompare),
    success: list(raw['success']).map(toOperation),
    failure: list(raw['failure']).map(toOperation),
  };
}

/** A `oneof`: the loader says which of its fields is there. */
function toOperation(raw: Raw): Operation {
  const kind = String(raw['request']);
  const content = raw[kind] as Raw;
  switch (kind) {
    case 'request_range':
      return toRange(content);
    case 'request_put':
      return toPut(content);
    case 'request_delete_range':
      return toDeleteRange(content);
    default:
      return toTxn(content);
  }
}

function toCompare(raw: Raw): Compare {
  const field = String(raw['target_union'] ?? '');
  const target = word(raw['target']) as Compare['target'];
  const operand = target === 'value' ? text(raw['value']) : number(raw[field]);
  const [key, rangeEnd] = [text(raw['key']), text(raw['range_end'])];
  const result = String(raw['result']);
  return {
    target,
    result: (result[0]!.toLowerCase() + result.slice(1)) as Compare['result'],
    key,
    rangeEnd,
    operand,
  };
}

function toWatch(raw: Raw): EtcdRequest | undefined {
  const cancelled = raw['cancel_request'] as Raw | null | undefined;
  if (cancelled) return { type: 'watchCancel', watchId: number(cancelled['watch_id']) };
  const created = raw['create_request'] as Raw | null | undefined;
  if (!created) return undefined;
  const filters = (created['filters'] ?? []) as readonly string[];
  return {
    type: 'watchCreate',
    key: text(created['key']),
    rangeEnd: text(created['range_end']),
    startRevision: number(created['start_revision']),
    prevKv: created['prev_kv'] === true,
    noPut: filters.some((filter) => /^noput$/i.test(filter)),
    noDelete: filters.some((filter) => /^nodelete$/i.test(filter)),
    watchId: number(created['watch_id']),
  };
}

const number = (value: unknown): number => Number(value ?? 0);
const text = (value: unknown): string => Buffer.from((value ?? '') as Uint8Array).toString('utf8');
const list = (value: unknown): readonly Raw[] => (value ?? []) as readonly Raw[];
/** The name of an enumeration's value, in small letters. */
const word = (value: unknown): string => String(value).toLowerCase();

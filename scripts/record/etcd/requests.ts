/**
 * Requests with what they need said and the rest as usual.
 */
import type {
  CompactRequest,
  Compare,
  DeleteRangeRequest,
  EtcdRequest,
  LeaseGrantRequest,
  LeaseKeepAliveRequest,
  LeaseLeasesRequest,
  LeaseRevokeRequest,
  LeaseTimeToLiveRequest,
  Operation,
  PutRequest,
  RangeRequest,
  TxnRequest,
  WatchCancelRequest,
  WatchCreateRequest,
} from '../../../src/sim/servers/etcd/messages.js';
import type { Slim } from './format.js';

/** The end of a range that holds all keys from its beginning on. */
export const FROM_KEY = '\0';

const RANGE: RangeRequest = {
  type: 'range',
  key: '',
  rangeEnd: '',
  limit: 0,
  revision: 0,
  sortOrder: 'none',
  sortTarget: 'key',
  serializable: false,
  keysOnly: false,
  countOnly: false,
  minModRevision: 0,
  maxModRevision: 0,
  minCreateRevision: 0,
  maxCreateRevision: 0,
};
const PUT: PutRequest = {
  type: 'put',
  key: '',
  value: '',
  lease: 0,
  prevKv: false,
  ignoreValue: false,
  ignoreLease: false,
};
const DELETE: DeleteRangeRequest = { type: 'deleteRange', key: '', rangeEnd: '', prevKv: false };
const WATCH: WatchCreateRequest = {
  type: 'watchCreate',
  key: '',
  rangeEnd: '',
  startRevision: 0,
  prevKv: false,
  noPut: false,
  noDelete: false,
  watchId: 0,
};

export const range = (key: string, options: Partial<RangeRequest> = {}): RangeRequest => ({
  ...RANGE,
  ...options,
  key,
});

/** The keys that begin with a text: up to the text with its last character one higher. */
export function prefixEnd(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}

export const prefixed = (prefix: string, options: Partial<RangeRequest> = {}): RangeRequest =>
  range(prefix, { ...options, rangeEnd: prefixEnd(prefix) });

export const put = (key: string, value: string, options: Partial<PutRequest> = {}): PutRequest => ({
  ...PUT,
  ...options,
  key,
  value,
});

export const remove = (
  key: string,
  options: Partial<DeleteRangeRequest> = {},
): DeleteRangeRequest => ({ ...DELETE, ...options, key });

const RESULTS = { '=': 'equal', '>': 'greater', '<': 'less', '!=': 'notEqual' } as const;

export const compare = (
  target: Compare['target'],
  key: string,
  sign: keyof typeof RESULTS,
  operand: number | string,
  rangeEnd = '',
): Compare => ({ target, result: RESULTS[sign], key, rangeEnd, operand });

export const txn = (
  compares: readonly Compare[],
  success: readonly Operation[],
  failure: readonly Operation[] = [],
): TxnRequest => ({ type: 'txn', compare: compares, success, failure });

export const compact = (revision: number): CompactRequest => ({ type: 'compact', revision });
export const grant = (id: number, ttlSeconds: number): LeaseGrantRequest => ({
  type: 'leaseGrant',
  id,
  ttlSeconds,
});
export const keepAlive = (id: number): LeaseKeepAliveRequest => ({ type: 'leaseKeepAlive', id });
export const revoke = (id: number): LeaseRevokeRequest => ({ type: 'leaseRevoke', id });
export const timeToLive = (id: number, keys = false): LeaseTimeToLiveRequest => ({
  type: 'leaseTimeToLive',
  id,
  keys,
});
export const leases = (): LeaseLeasesRequest => ({ type: 'leaseLeases' });
export const watch = (
  key: string,
  options: Partial<WatchCreateRequest> = {},
): WatchCreateRequest => ({ ...WATCH, ...options, key });
export const cancel = (watchId: number): WatchCancelRequest => ({ type: 'watchCancel', watchId });

/** A recorded request with what is as usual put back. */
export function complete(request: Slim): EtcdRequest {
  const inner = (operations: unknown) => ((operations ?? []) as Slim[]).map(complete);
  switch (request.type) {
    case 'range':
      return { ...RANGE, ...request } as RangeRequest;
    case 'put':
      return { ...PUT, ...request } as PutRequest;
    case 'deleteRange':
      return { ...DELETE, ...request } as DeleteRangeRequest;
    case 'watchCreate':
      return { ...WATCH, ...request } as WatchCreateRequest;
    case 'txn': {
      const compares = ((request['compare'] ?? []) as Partial<Compare>[]).map(completeCompare);
      const success = inner(request['success']) as Operation[];
      return {
        type: 'txn',
        compare: compares,
        success,
        failure: inner(request['failure']) as Operation[],
      };
    }
    default:
      return {
        id: 0,
        ttlSeconds: 0,
        keys: false,
        revision: 0,
        watchId: 0,
        ...request,
      } as unknown as EtcdRequest;
  }
}

function completeCompare(slim: Partial<Compare>): Compare {
  const operand = slim.target === 'value' ? '' : 0;
  return { target: 'version', result: 'equal', key: '', rangeEnd: '', operand, ...slim };
}

/**
 * Answers a range request from the store (`etcdserver/apply.go: Range`). Equal elements keep the
 * order of their keys when sorted, as they do in etcd as long as there are at most 12: it sorts
 * with Go's `sort.Sort`, which promises nothing of the kind.
 */
import type { RpcError } from './check.js';
import { COMPACTED, FUTURE_REVISION } from './errors.js';
import { compareBytes } from './interval.js';
import type { KeyValue, RangeRequest, RangeResponse } from './messages.js';
import type { Store } from './store.js';

/** What a member knows of the store: the newest revision, and the oldest that is left. */
export interface View {
  readonly revision: number;
  readonly compactRevision: number;
}

export function answerRange(
  store: Store,
  request: RangeRequest,
  { revision, compactRevision }: View,
): RangeResponse | RpcError {
  if (request.revision > revision) return FUTURE_REVISION;
  const at = request.revision <= 0 ? revision : request.revision;
  if (at < compactRevision) return COMPACTED;
  const found = store.range(request.key, request.rangeEnd, at);
  const { limit } = request;
  let kvs: KeyValue[] = [];
  if (!request.countOnly) {
    // Without an order or bounds the limit comes first, and one more to see whether it cuts.
    const isCut = limit > 0 && request.sortOrder === 'none' && !hasBounds(request);
    kvs = sorted(bounded(isCut ? found.slice(0, limit + 1) : found, request), request);
  }
  const more = limit > 0 && kvs.length > limit;
  if (more) kvs = kvs.slice(0, limit);
  if (request.keysOnly) kvs = kvs.map(withoutValue);
  return { type: 'range', revision, kvs, more, count: found.length };
}

function hasBounds(request: RangeRequest): boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return (minModRevision || maxModRevision || minCreateRevision || maxCreateRevision) !== 0;
}

/** What lies within the bounds of revisions; 0 is no bound. */
function bounded(kvs: KeyValue[], request: RangeRequest): KeyValue[] {
  if (!hasBounds(request)) return kvs;
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return kvs.filter(
    ({ modRevision, createRevision }) =>
      (maxModRevision === 0 || modRevision <= maxModRevision) &&
      (minModRevision === 0 || modRevision >= minModRevision) &&
      (maxCreateRevision === 0 || createRevision <= maxCreateRevision) &&
      (minCreateRevision === 0 || createRevision >= minCreateRevision),
  );
}

const ORDERS = {
  key: (a: KeyValue, b: KeyValue): number => compareBytes(a.key, b.key),
  version: (a: KeyValue, b: KeyValue): number => a.version - b.version,
  create: (a: KeyValue, b: KeyValue): number => a.createRevision - b.createRevision,
  mod: (a: KeyValue, b: KeyValue): number => a.modRevision - b.modRevision,
  value: (a: KeyValue, b: KeyValue): number => compareBytes(a.value, b.value),
};

/** A target other than the key is sorted by even without an order: ascending. */
function sorted(kvs: KeyValue[], { sortOrder, sortTarget }: RangeRequest): KeyValue[] {
  if (kvs.length < 2 || (sortTarget === 'key' && sortOrder !== 'descend')) return kvs;
  const order = ORDERS[sortTarget];
  return kvs.sort(sortOrder === 'descend' ? (a, b) => order(b, a) : order);
}

function withoutValue(kv: KeyValue): KeyValue {
  const { key, createRevision, modRevision, version, lease } = kv;
  return { key, value: '', createRevision, modRevision, version, lease };
}

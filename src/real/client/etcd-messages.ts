/**
 * Between etcd's plain messages, which the simulator speaks too, and the objects of `etcd3`'s
 * protocol buffers, whose 64-bit numbers are text (`proto/rpc.proto` of etcd3).
 */
import type {
  Compare,
  EtcdRequest,
  EtcdResponse,
  KeyValue,
  Operation,
  OperationResponse,
  RangeRequest,
  WatchEvent,
  WatchResponse,
} from '../../sim/servers/etcd/messages.js';

/** As the loader of protocol buffers hands them out and takes them. */
export type Raw = Readonly<Record<string, unknown>>;

export interface Rpc {
  readonly service: 'KV' | 'Lease';
  readonly method: string;
  readonly payload: Raw;
}

/** Calls that are one request and one answer. */
export type UnaryRequest = Exclude<
  EtcdRequest,
  { type: 'compact' | 'leaseLeases' | 'leaseKeepAlive' | 'watchCreate' | 'watchCancel' }
>;

export function toRpc(request: UnaryRequest): Rpc {
  switch (request.type) {
    case 'leaseGrant':
      return lease('leaseGrant', { TTL: request.ttlSeconds, ID: request.id });
    case 'leaseRevoke':
      return lease('leaseRevoke', { ID: request.id });
    case 'leaseTimeToLive':
      return lease('leaseTimeToLive', { ID: request.id, keys: request.keys });
    default:
      return { service: 'KV', method: request.type, payload: toPayload(request) };
  }
}

function lease(method: string, payload: Raw): Rpc {
  return { service: 'Lease', method, payload };
}

const bytes = (text: string): Buffer => Buffer.from(text);
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

function toPayload(operation: Operation): Raw {
  switch (operation.type) {
    case 'range':
      return toRange(operation);
    case 'put':
      return {
        key: bytes(operation.key),
        value: bytes(operation.value),
        lease: operation.lease,
        prev_kv: operation.prevKv,
        ignore_value: operation.ignoreValue,
        ignore_lease: operation.ignoreLease,
      };
    case 'deleteRange':
      return {
        key: bytes(operation.key),
        ...endOf(operation.rangeEnd),
        prev_kv: operation.prevKv,
      };
    case 'txn':
      return {
        compare: operation.compare.map(toCompare),
        success: operation.success.map(toRequestOp),
        failure: operation.failure.map(toRequestOp),
      };
  }
}

/**
 * An end that is there and empty is not the same as none: etcd reads from the key on then
 * (`mvcc/index.go`: `Revisions` asks whether the end is nil).
 */
function endOf(rangeEnd: string): Raw {
  return rangeEnd === '' ? {} : { range_end: bytes(rangeEnd) };
}

function toRange(request: RangeRequest): Raw {
  return {
    key: bytes(request.key),
    ...endOf(request.rangeEnd),
    limit: request.limit,
    revision: request.revision,
    sort_order: capital(request.sortOrder),
    sort_target: capital(request.sortTarget),
    serializable: request.serializable,
    keys_only: request.keysOnly,
    count_only: request.countOnly,
    min_mod_revision: request.minModRevision,
    max_mod_revision: request.maxModRevision,
    min_create_revision: request.minCreateRevision,
    max_create_revision: request.maxCreateRevision,
  };
}

/** Names of an operation in a transaction and of its answer. */
const FIELDS = {
  range: 'range',
  put: 'put',
  deleteRange: 'delete_range',
  txn: 'txn',
} as const;

function toRequestOp(operation: Operation): Raw {
  return { [`request_${FIELDS[operation.type]}`]: toPayload(operation) };
}

const OPERANDS = {
  version: 'version',
  create: 'create_revision',
  mod: 'mod_revision',
  lease: 'lease',
  value: 'value',
} as const;

function toCompare({ target, result, key, rangeEnd, operand }: Compare): Raw {
  return {
    target: capital(target),
    result: capital(result),
    key: bytes(key),
    ...endOf(rangeEnd),
    [OPERANDS[target]]: typeof operand === 'string' ? bytes(operand) : operand,
  };
}

export function toWatchCreate(request: Extract<EtcdRequest, { type: 'watchCreate' }>): Raw {
  const { key, rangeEnd, startRevision, prevKv, noPut, noDelete, watchId } = request;
  return {
    create_request: {
      key: bytes(key),
      ...endOf(rangeEnd),
      start_revision: startRevision,
      prev_kv: prevKv,
      filters: [...(noPut ? ['Noput'] : []), ...(noDelete ? ['Nodelete'] : [])],
      watch_id: watchId,
    },
  };
}

export function toWatchCancel(watchId: number): Raw {
  return { cancel_request: { watch_id: watchId } };
}

/* ---- answers ---- */

function number(value: unknown): number {
  return Number(value ?? 0);
}

/** A missing header, as in transactions within transactions, is revision 0. */
function revisionOf({ header }: Raw): number {
  return number((header as Raw | null)?.['revision']);
}

function list(value: unknown): readonly Raw[] {
  return (value ?? []) as readonly Raw[];
}

function text(value: unknown): string {
  return Buffer.from((value ?? '') as Uint8Array | string).toString('utf8');
}

export function toAnswer(type: UnaryRequest['type'], raw: Raw): EtcdResponse {
  const revision = revisionOf(raw);
  switch (type) {
    case 'leaseGrant':
      return { type, revision, id: number(raw['ID']), ttlSeconds: number(raw['TTL']) };
    case 'leaseRevoke':
      return { type, revision };
    case 'leaseTimeToLive':
      return {
        type,
        revision,
        id: number(raw['ID']),
        ttlSeconds: number(raw['TTL']),
        grantedTtlSeconds: number(raw['grantedTTL']),
        keys: list(raw['keys']).map(text),
      };
    default:
      return toOperationAnswer(type, raw);
  }
}

export function toKeepAliveAnswer(raw: Raw): EtcdResponse {
  const [id, ttlSeconds] = [number(raw['ID']), number(raw['TTL'])];
  return { type: 'leaseKeepAlive', revision: revisionOf(raw), id, ttlSeconds };
}

function toOperationAnswer(type: Operation['type'], raw: Raw): OperationResponse {
  const revision = revisionOf(raw);
  switch (type) {
    case 'range': {
      const kvs = list(raw['kvs']).map(toKeyValue);
      return { type, revision, kvs, more: raw['more'] === true, count: number(raw['count']) };
    }
    case 'put':
      return { type, revision, prevKv: toOptional(raw['prev_kv']) };
    case 'deleteRange': {
      const prevKvs = list(raw['prev_kvs']).map(toKeyValue);
      return { type, revision, deleted: number(raw['deleted']), prevKvs };
    }
    case 'txn': {
      const responses = list(raw['responses']).map(toResponseOp);
      return { type, revision, succeeded: raw['succeeded'] === true, responses };
    }
  }
}

function toResponseOp(raw: Raw): OperationResponse {
  for (const [type, field] of Object.entries(FIELDS)) {
    const answer = raw[`response_${field}`];
    if (answer === undefined || answer === null) continue;
    return toOperationAnswer(type as Operation['type'], answer as Raw);
  }
  throw new TypeError('etcd answered an operation of a transaction with nothing');
}

function toKeyValue(raw: Raw): KeyValue {
  return {
    key: text(raw['key']),
    value: text(raw['value']),
    createRevision: number(raw['create_revision']),
    modRevision: number(raw['mod_revision']),
    version: number(raw['version']),
    lease: number(raw['lease']),
  };
}

function toOptional(raw: unknown): KeyValue | undefined {
  return raw === null || raw === undefined ? undefined : toKeyValue(raw as Raw);
}

export function toWatchResponse(raw: Raw): WatchResponse {
  return {
    type: 'watch',
    revision: revisionOf(raw),
    watchId: number(raw['watch_id']),
    created: raw['created'] === true,
    canceled: raw['canceled'] === true,
    cancelReason: String(raw['cancel_reason'] ?? ''),
    compactRevision: number(raw['compact_revision']),
    events: list(raw['events']).map(toEvent),
  };
}

function toEvent(raw: Raw): WatchEvent {
  const type = String(raw['type']).toLowerCase() === 'delete' ? 'delete' : 'put';
  return { type, kv: toKeyValue(raw['kv'] as Raw), prevKv: toOptional(raw['prev_kv']) };
}

/** Requests to etcd and its answers in the words of etcdctl, for traces and stories. */
import type {
  Compare,
  EtcdRequest,
  EtcdResponse,
  KeyValue,
  Operation,
  OperationResponse,
  RangeRequest,
  WatchResponse,
} from '../servers/etcd/messages.js';

const SIGNS = { equal: '=', greater: '>', less: '<', notEqual: '!=' } as const;

/** Ids of leases are shown as etcdctl shows them, in hexadecimal. */
export function leaseText(id: number): string {
  return id.toString(16);
}

export function requestText(request: EtcdRequest): string {
  switch (request.type) {
    case 'compact':
      return `compact ${request.revision}`;
    case 'leaseGrant':
      return `lease grant ${request.ttlSeconds}`;
    case 'leaseKeepAlive':
      return `lease keep-alive ${leaseText(request.id)}`;
    case 'leaseRevoke':
      return `lease revoke ${leaseText(request.id)}`;
    case 'leaseTimeToLive':
      return `lease timetolive ${leaseText(request.id)}${request.keys ? ' --keys' : ''}`;
    case 'leaseLeases':
      return 'lease list';
    case 'watchCreate': {
      const revision = request.startRevision === 0 ? '' : ` --rev=${request.startRevision}`;
      return `watch ${keysText(request.key, request.rangeEnd)}${revision}`;
    }
    case 'watchCancel':
      return `cancel watch ${request.watchId}`;
    default:
      return operationText(request);
  }
}

function operationText(operation: Operation): string {
  switch (operation.type) {
    case 'range':
      return `get ${keysText(operation.key, operation.rangeEnd)}${rangeFlags(operation)}`;
    case 'put': {
      const lease = operation.lease === 0 ? '' : ` --lease=${leaseText(operation.lease)}`;
      return `put ${operation.key} ${JSON.stringify(operation.value)}${lease}`;
    }
    case 'deleteRange':
      return `del ${keysText(operation.key, operation.rangeEnd)}`;
    case 'txn': {
      const { compare, success, failure } = operation;
      const otherwise = failure.length === 0 ? '' : ` else ${operationsText(failure)}`;
      const condition = compare.map(compareText).join(', ');
      return `txn if ${condition} then ${operationsText(success)}${otherwise}`;
    }
  }
}

function operationsText(operations: readonly Operation[]): string {
  return operations.length === 0 ? 'nothing' : operations.map(operationText).join('; ');
}

function keysText(key: string, rangeEnd: string): string {
  if (rangeEnd === '') return key;
  if (rangeEnd === '\0') return `${key} --from-key`;
  return rangeEnd === prefixEnd(key) ? `${key} --prefix` : `${key} ${rangeEnd}`;
}

/** The end of the range of all keys with a prefix that ends in an ASCII character. */
function prefixEnd(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}

function rangeFlags(request: RangeRequest): string {
  const { sortOrder, sortTarget, limit, revision, maxCreateRevision } = request;
  let flags = '';
  if (sortOrder !== 'none') flags += ` --order=${sortOrder} --sort-by=${sortTarget}`;
  if (limit !== 0) flags += ` --limit=${limit}`;
  if (revision !== 0) flags += ` --rev=${revision}`;
  if (maxCreateRevision !== 0) flags += ` --max-create-rev=${maxCreateRevision}`;
  if (request.serializable) flags += ' --consistency=s';
  if (request.countOnly) flags += ' --count-only';
  return flags;
}

function compareText({ target, key, result, operand }: Compare): string {
  return `${target}("${key}") ${SIGNS[result]} "${operand}"`;
}

export function responseText(response: EtcdResponse): string {
  switch (response.type) {
    case 'error':
      return `Error: ${response.text}`;
    case 'compact':
      return 'compacted';
    case 'leaseGrant':
      return `lease ${leaseText(response.id)} granted with TTL(${response.ttlSeconds}s)`;
    case 'leaseKeepAlive': {
      const lease = `lease ${leaseText(response.id)}`;
      return response.ttlSeconds === 0
        ? `${lease} expired or revoked`
        : `${lease} keepalived with TTL(${response.ttlSeconds})`;
    }
    case 'leaseRevoke':
      return 'lease revoked';
    case 'leaseTimeToLive': {
      const lease = `lease ${leaseText(response.id)}`;
      if (response.ttlSeconds < 0) return `${lease} already expired`;
      const { grantedTtlSeconds, ttlSeconds } = response;
      return `${lease} granted with TTL(${grantedTtlSeconds}s), remaining(${ttlSeconds}s)`;
    }
    case 'leaseLeases':
      return `found ${response.ids.length} leases`;
    case 'watch':
      return watchText(response);
    default:
      return answerText(response);
  }
}

function watchText({ watchId, created, canceled, events, cancelReason }: WatchResponse): string {
  if (canceled) return `watch ${watchId} cancelled${cancelReason && `: ${cancelReason}`}`;
  if (created) return `watch ${watchId} created`;
  return events.map(({ type, kv }) => `${type.toUpperCase()} ${kv.key}`).join(', ');
}

function answerText(response: OperationResponse): string {
  switch (response.type) {
    case 'range':
      return response.kvs.length === 0 ? '(none)' : response.kvs.map(keyText).join(', ');
    case 'put':
      return `OK, revision ${response.revision}`;
    case 'deleteRange':
      return `${response.deleted} deleted`;
    case 'txn': {
      const { succeeded, responses } = response;
      const outcome = succeeded ? 'SUCCESS' : 'FAILURE';
      return responses.length === 0
        ? outcome
        : `${outcome}: ${responses.map(answerText).join('; ')}`;
    }
  }
}

function keyText({ key, value, createRevision }: KeyValue): string {
  const shown = value === '' ? key : `${key} = ${JSON.stringify(value)}`;
  return `${shown} (created at ${createRevision})`;
}

/**
 * What a member refuses before anything else is done with a request (`etcdserver/api/v3rpc/
 * key.go`): no key, a value or lease that is to be ignored but was given, too many operations in a
 * transaction, and one that would write a key twice.
 */
import {
  DUPLICATE_KEY,
  EMPTY_KEY,
  LEASE_PROVIDED,
  TOO_MANY_OPERATIONS,
  VALUE_PROVIDED,
} from './errors.js';
import { FROM_KEY, inRange } from './interval.js';
import type {
  DeleteRangeRequest,
  ErrorResponse,
  EtcdRequest,
  Operation,
  TxnRequest,
} from './messages.js';

export type RpcError = ErrorResponse;

/** `--max-txn-ops`. */
const MAX_TXN_OPERATIONS = 128;

/** Why a request is malformed; undefined: it is not. */
export function malformed(request: EtcdRequest): RpcError | undefined {
  if (request.type !== 'txn') return malformedOperation(request, MAX_TXN_OPERATIONS);
  return (
    malformedTxn(request, MAX_TXN_OPERATIONS) ??
    checkWrites(request.success).error ??
    checkWrites(request.failure).error
  );
}

function malformedOperation(request: EtcdRequest, maxOperations: number): RpcError | undefined {
  switch (request.type) {
    case 'put':
      if (request.key === '') return EMPTY_KEY;
      if (request.ignoreValue && request.value !== '') return VALUE_PROVIDED;
      return request.ignoreLease && request.lease !== 0 ? LEASE_PROVIDED : undefined;
    case 'range':
    case 'deleteRange':
      return request.key === '' ? EMPTY_KEY : undefined;
    case 'txn':
      return malformedTxn(request, maxOperations);
    default:
      return undefined;
  }
}

/** Each level of nesting leaves fewer operations to those below it. */
function malformedTxn(request: TxnRequest, maxOperations: number): RpcError | undefined {
  const { compare, success, failure } = request;
  const operations = Math.max(compare.length, success.length, failure.length);
  if (operations > maxOperations) return TOO_MANY_OPERATIONS;
  if (compare.some(({ key }) => key === '')) return EMPTY_KEY;
  for (const operation of [...success, ...failure]) {
    const error = malformedOperation(operation, maxOperations - operations);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** What a list of operations, of which all are done, may write and delete. */
interface Writes {
  readonly puts: Set<string>;
  readonly deletions: DeleteRangeRequest[];
  error: RpcError | undefined;
}

/**
 * A key must not be put twice, nor put and deleted, unless in two branches of which only one is
 * taken (`key.go: checkIntervals`). A deletion of everything from a key on does not count there, so
 * it does not here.
 */
function checkWrites(operations: readonly Operation[]): Writes {
  const writes: Writes = {
    puts: new Set(),
    deletions: operations.filter((operation) => operation.type === 'deleteRange'),
    error: undefined,
  };
  for (const operation of operations) {
    if (operation.type !== 'txn') continue;
    writes.error ??= addBranches(writes, operation);
  }
  for (const operation of operations) {
    if (operation.type !== 'put' || writes.error !== undefined) continue;
    if (writes.puts.has(operation.key) || deletes(writes, operation.key)) {
      writes.error = DUPLICATE_KEY;
    }
    writes.puts.add(operation.key);
  }
  return writes;
}

function addBranches(writes: Writes, { success, failure }: TxnRequest): RpcError | undefined {
  const onSuccess = checkWrites(success);
  if (onSuccess.error !== undefined) return onSuccess.error;
  const onFailure = checkWrites(failure);
  if (onFailure.error !== undefined) return onFailure.error;
  for (const key of onSuccess.puts) {
    if (writes.puts.has(key) || deletes(writes, key)) return DUPLICATE_KEY;
  }
  for (const key of onFailure.puts) {
    if (writes.puts.has(key) || deletes(writes, key)) return DUPLICATE_KEY;
  }
  for (const key of [...onSuccess.puts, ...onFailure.puts]) writes.puts.add(key);
  writes.deletions.push(...onSuccess.deletions, ...onFailure.deletions);
  return undefined;
}

function deletes({ deletions }: Writes, key: string): boolean {
  return deletions.some(
    (deletion) => deletion.rangeEnd !== FROM_KEY && inRange(key, deletion.key, deletion.rangeEnd),
  );
}

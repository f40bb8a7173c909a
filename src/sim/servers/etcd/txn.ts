/**
 * Transactions (`etcdserver/apply.go: Txn`). All comparisons, those of nested transactions too, are
 * made before anything is written; then what the branches taken would do is checked; then it is
 * done, in order.
 */
import type { RpcError } from './check.js';
import { COMPACTED, FUTURE_REVISION } from './errors.js';
import { compareBytes } from './interval.js';
import type {
  Compare,
  KeyValue,
  Operation,
  OperationResponse,
  RangeRequest,
  RangeResponse,
  TxnRequest,
  TxnResponse,
} from './messages.js';
import { deleteRange, type KnownLeases, put, refusePutInTxn } from './operations.js';
import { answerRange, type View } from './range.js';
import type { Store } from './store.js';

/** Whether a transaction only reads, whichever branch it takes. A nested one counts as a write. */
export function isReadOnly({ success, failure }: TxnRequest): boolean {
  return success.every(isRange) && failure.every(isRange);
}

/**
 * Whether a member answers a transaction from what it knows. One without operations is such a one,
 * too: its comparisons may be made on old data (`v3_server.go: isTxnSerializable`).
 */
export function isSerializable({ success, failure }: TxnRequest): boolean {
  return success.every(isSerializableRange) && failure.every(isSerializableRange);
}

function isRange({ type }: Operation): boolean {
  return type === 'range';
}

function isSerializableRange(operation: Operation): boolean {
  return operation.type === 'range' && operation.serializable;
}

/** The branch that a transaction takes, with those of the transactions in it. */
interface Plan {
  readonly succeeded: boolean;
  readonly operations: readonly Operation[];
  /** One for each operation that is a transaction, in order. */
  readonly nested: readonly Plan[];
}

function planOf(store: Store, request: TxnRequest, revision: number): Plan {
  const succeeded = request.compare.every((compare) => holds(store, compare, revision));
  const operations = succeeded ? request.success : request.failure;
  const nested: Plan[] = [];
  for (const operation of operations) {
    if (operation.type === 'txn') nested.push(planOf(store, operation, revision));
  }
  return { succeeded, operations, nested };
}

/** Of a range, each key has to compare; of one without keys, a key that has nothing but zeros. */
function holds(store: Store, compare: Compare, revision: number): boolean {
  const kvs = store.range(compare.key, compare.rangeEnd, revision);
  if (kvs.length === 0) return compare.target !== 'value' && holdsFor(compare, undefined);
  return kvs.every((kv) => holdsFor(compare, kv));
}

function holdsFor({ target, result, operand }: Compare, kv: KeyValue | undefined): boolean {
  const order =
    target === 'value'
      ? compareBytes(kv?.value ?? '', String(operand))
      : numberOf(target, kv) - Number(operand);
  switch (result) {
    case 'equal':
      return order === 0;
    case 'notEqual':
      return order !== 0;
    case 'greater':
      return order > 0;
    case 'less':
      return order < 0;
  }
}

function numberOf(target: Exclude<Compare['target'], 'value'>, kv: KeyValue | undefined): number {
  if (kv === undefined) return 0;
  switch (target) {
    case 'version':
      return kv.version;
    case 'create':
      return kv.createRevision;
    case 'mod':
      return kv.modRevision;
    case 'lease':
      return kv.lease;
  }
}

/** Answers a transaction that only reads, as of what a member knows. */
export function readTxn(store: Store, request: TxnRequest, view: View): TxnResponse | RpcError {
  const plan = planOf(store, request, view.revision);
  return refuseRanges(plan, view) ?? run(store, plan, view, view.revision);
}

/** Applies a transaction; what it changed is left to be committed. */
export function applyTxn(
  store: Store,
  leases: KnownLeases,
  request: TxnRequest,
): TxnResponse | RpcError {
  const plan = planOf(store, request, store.revision);
  const error = refusePuts(store, leases, plan) ?? refuseRanges(plan, store);
  return error ?? run(store, plan, undefined, undefined);
}

function refusePuts(store: Store, leases: KnownLeases, plan: Plan): RpcError | undefined {
  let nested = 0;
  for (const operation of plan.operations) {
    const error =
      operation.type === 'txn'
        ? refusePuts(store, leases, plan.nested[nested++]!)
        : operation.type === 'put'
          ? refusePutInTxn(store, leases, operation)
          : undefined;
    if (error !== undefined) return error;
  }
  return undefined;
}

/** Here a revision below 0 is one like any other, unlike in a range of its own. */
function refuseRanges(plan: Plan, view: View): RpcError | undefined {
  let nested = 0;
  for (const operation of plan.operations) {
    if (operation.type === 'txn') {
      const error = refuseRanges(plan.nested[nested++]!, view);
      if (error !== undefined) return error;
    }
    if (operation.type !== 'range' || operation.revision === 0) continue;
    if (operation.revision > view.revision) return FUTURE_REVISION;
    if (operation.revision < view.compactRevision) return COMPACTED;
  }
  return undefined;
}

/** `view` of what a transaction that writes reads, `revision` of its header: the store's. */
function run(
  store: Store,
  { succeeded, operations, nested }: Plan,
  view: View | undefined,
  revision: number | undefined,
): TxnResponse {
  const responses: OperationResponse[] = [];
  let next = 0;
  for (const operation of operations) {
    switch (operation.type) {
      case 'range':
        responses.push(rangeWithin(store, operation, view));
        break;
      case 'put':
        responses.push(put(store, operation));
        break;
      case 'deleteRange':
        responses.push(deleteRange(store, operation));
        break;
      case 'txn':
        responses.push(run(store, nested[next++]!, view, 0));
    }
  }
  return { type: 'txn', revision: revision ?? store.readRevision, succeeded, responses };
}

/** A range that was checked; it sees what the transaction wrote before it. */
function rangeWithin(store: Store, request: RangeRequest, view: View | undefined): RangeResponse {
  const { readRevision: revision, compactRevision } = store;
  const answer = answerRange(store, request, view ?? { revision, compactRevision });
  if (answer.type === 'error') throw new Error(`unexpected error during txn: ${answer.text}`);
  return answer;
}

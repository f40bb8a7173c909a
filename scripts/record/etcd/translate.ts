/**
 * Requests and answers of the simulated etcd as messages of the real one's API, and back.
 */
import type {
  Compare,
  EtcdRequest,
  EtcdResponse,
  KeyValue,
  Operation,
  OperationResponse,
  WatchCreateRequest,
  WatchEvent,
  WatchResponse,
} from '../../../src/sim/servers/etcd/messages.js';
import type { Message } from './wire.js';

const SORT_ORDERS = ['none', 'ascend', 'descend'];
const SORT_TARGETS = ['key', 'version', 'create', 'mod', 'value'];
const RESULTS = ['equal', 'greater', 'less', 'notEqual'];
const TARGETS = ['version', 'create', 'mod', 'value', 'lease'];
const NO_PUT = 0;
const NO_DELETE = 1;

export type UnaryRequest = Exclude<
  EtcdRequest,
  { readonly type: 'watchCreate' | 'watchCancel' | 'leaseKeepAlive' }
>;

/** The message of a request; what has no field there is not sent. */
export function toMessage(request: UnaryRequest): Message {
  switch (request.type) {
    case 'range':
      return {
        ...request,
        sortOrder: SORT_ORDERS.indexOf(request.sortOrder),
        sortTarget: SORT_TARGETS.indexOf(request.sortTarget),
      };
    case 'txn':
      return {
        compare: request.compare.map(compareToMessage),
        success: request.success.map(operationToMessage),
        failure: request.failure.map(operationToMessage),
      };
    case 'compact':
      // Answered when it is done, so that what follows sees it.
      return { revision: request.revision, physical: true };
    default:
      return { ...request };
  }
}

function operationToMessage(operation: Operation): Message {
  return { [operation.type]: toMessage(operation) };
}

function compareToMessage({ target, result, key, rangeEnd, operand }: Compare): Message {
  return {
    result: RESULTS.indexOf(result),
    targetNumber: TARGETS.indexOf(target),
    key,
    rangeEnd,
    [target]: operand,
  };
}

export function watchToMessage(request: WatchCreateRequest): Message {
  const { noPut, noDelete } = request;
  const filters = [...(noPut ? [NO_PUT] : []), ...(noDelete ? [NO_DELETE] : [])];
  return { create: { ...request, filters } };
}

/** The answer to a request of that type. */
export function fromMessage(
  type: UnaryRequest['type'] | 'leaseKeepAlive',
  message: Message,
): EtcdResponse {
  const { header, ...rest } = message;
  const revision = ((header as Message | undefined)?.['revision'] ?? 0) as number;
  if (type === 'leaseLeases') {
    const ids = (rest['leases'] as readonly Message[]).map(({ id }) => id as number);
    return { type, revision, ids };
  }
  if (type !== 'txn') return { type, revision, ...rest } as unknown as EtcdResponse;
  const responses = (rest['responses'] as readonly Message[]).map(operationFromMessage);
  return { type, revision, succeeded: rest['succeeded'] as boolean, responses };
}

function operationFromMessage(message: Message): OperationResponse {
  for (const type of ['range', 'put', 'deleteRange', 'txn'] as const) {
    const answer = message[type];
    if (answer !== undefined) return fromMessage(type, answer as Message) as OperationResponse;
  }
  throw new Error('an operation without an answer');
}

export function watchFromMessage(message: Message): WatchResponse {
  const { header, events, ...rest } = message;
  return {
    type: 'watch',
    revision: (header as Message)['revision'],
    ...rest,
    events: (events as readonly Message[]).map(eventFromMessage),
  } as unknown as WatchResponse;
}

function eventFromMessage({ typeNumber, kv, prevKv }: Message): WatchEvent {
  return {
    type: typeNumber === 0 ? 'put' : 'delete',
    kv: kv as unknown as KeyValue,
    prevKv: prevKv as unknown as KeyValue | undefined,
  };
}

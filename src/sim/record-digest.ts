/**
 * Folds a history record into the digest: every field of every type (docs/semantics.md, R14). Spelled
 * out by type, because a generic walk over the fields costs more than simulating the record.
 */
import type { HistoryRecord } from '../history.js';
import { type Digest, hashString, hashValue } from './digest.js';

const TYPE = {
  invoke: 1,
  ok: 2,
  fail: 3,
  info: 4,
  enter: 5,
  step: 6,
  exit: 7,
  access: 8,
  lease: 9,
  acked: 10,
  'lease-end': 11,
  request: 12,
  'release-sent': 13,
  'loss-delivered': 14,
  told: 15,
  validity: 16,
  host: 17,
  clock: 18,
  fault: 19,
  pending: 20,
} as const satisfies Record<HistoryRecord['type'], number>;

export function digestRecord(digest: Digest, record: HistoryRecord): void {
  digest.word(TYPE[record.type]);
  digest.number(record.atUs);
  switch (record.type) {
    case 'invoke':
      digest.word(record.call);
      text(digest, record.client, record.operation, record.action, record.key, record.mode);
      digest.word(record.incarnation);
      numbers(digest, record.ttlMs, record.waitMs, record.grant);
      return;
    case 'ok':
    case 'fail':
    case 'info':
      digest.word(record.call);
      text(digest, record.client, record.operation, record.action, record.ownerId, record.reason);
      numbers(digest, record.fencingToken);
      digest.word((record.push ? 1 : 0) | (record.pull ? 2 : 0));
      return;
    case 'enter':
      numbers(digest, record.calledAtUs, record.grant, record.incarnation, record.fencingToken);
      text(digest, record.client, record.operation, record.key, record.mode);
      return;
    case 'step':
      numbers(digest, record.calledAtUs, record.grant);
      text(digest, record.client, record.access);
      return;
    case 'exit':
      numbers(digest, record.calledAtUs, record.grant, record.completed ? 1 : 0);
      text(digest, record.client);
      return;
    case 'access':
      text(digest, record.resource, record.key, record.access, record.client);
      numbers(digest, record.grant, record.fencingToken, record.value, record.accepted ? 1 : 0);
      return;
    case 'lease':
      text(digest, record.key, record.server, record.host, record.operation);
      numbers(digest, record.lease, record.incarnation, record.sentAtUs, record.extends ? 1 : 0);
      digest.word(hashValue(record.termUs));
      if (record.owner !== undefined) text(digest, record.owner.host, record.owner.operation);
      return;
    default:
      return restOf(digest, record);
  }
}

type Rest = Exclude<
  HistoryRecord,
  { type: 'invoke' | 'ok' | 'fail' | 'info' | 'enter' | 'step' | 'exit' | 'access' | 'lease' }
>;

function restOf(digest: Digest, record: Rest): void {
  switch (record.type) {
    case 'acked':
      return digest.word(record.lease);
    case 'lease-end':
      digest.word(record.lease);
      text(digest, record.cause, record.by?.host, record.by?.operation);
      return;
    case 'request':
      numbers(digest, record.sentAtUs, record.incarnation);
      text(digest, record.action, record.client, record.operation, record.server, record.effect);
      return;
    case 'release-sent':
      return digest.word(record.grant);
    case 'loss-delivered':
      text(digest, record.client, record.operation, record.server);
      return digest.word(record.incarnation);
    case 'told':
      text(digest, record.how);
      return digest.word(record.grant);
    case 'validity':
      digest.word(hashValue(record.validForMs));
      return numbers(digest, record.calledAtUs, record.grant);
    case 'host':
      text(digest, record.host, record.state);
      return digest.word(record.incarnation);
    case 'clock':
      text(digest, record.host, record.clock);
      return numbers(digest, record.localUs, record.ratePpm);
    case 'fault':
      return text(digest, record.fault, record.class, record.edge);
    case 'pending':
      text(digest, record.client);
      return numbers(digest, record.incarnation, record.requests, record.timers);
  }
}

function text(digest: Digest, ...values: readonly (string | undefined)[]): void {
  for (const value of values) digest.word(value === undefined ? 3 : hashString(value));
}

function numbers(digest: Digest, ...values: readonly (number | null | undefined)[]): void {
  for (const value of values) {
    if (value === undefined || value === null) digest.word(5);
    else digest.number(value);
  }
}

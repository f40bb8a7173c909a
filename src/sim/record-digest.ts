/**
 * Folds a history record into the digest: every field of every type (docs/semantics.md, R14).
 * Spelled out by type, because a generic walk over the fields costs more than simulating the
 * record.
 */

import { type Digest, hashValue } from '../digest.js';
import type { HistoryRecord } from '../history.js';

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
  const { type, atUs } = record;
  digest.word(TYPE[type]);
  digest.number(atUs);
  switch (type) {
    case 'invoke':
      digest.word(record.call);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.action);
      digest.text(record.key);
      digest.text(record.mode);
      digest.word(record.incarnation);
      digest.optional(record.ttlMs);
      digest.optional(record.waitMs);
      digest.optional(record.grant);
      return;
    case 'ok':
    case 'fail':
    case 'info':
      digest.word(record.call);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.action);
      digest.text(record.ownerId);
      digest.text(record.reason);
      digest.optional(record.fencingToken);
      digest.word((record.push ? 1 : 0) | (record.pull ? 2 : 0));
      return;
    case 'enter':
      digest.optional(record.calledAtUs);
      digest.optional(record.grant);
      digest.optional(record.incarnation);
      digest.optional(record.fencingToken);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.key);
      digest.text(record.mode);
      return;
    case 'step':
      digest.optional(record.calledAtUs);
      digest.optional(record.grant);
      digest.text(record.client);
      digest.text(record.access);
      return;
    case 'exit':
      digest.optional(record.calledAtUs);
      digest.optional(record.grant);
      digest.optional(record.completed ? 1 : 0);
      digest.text(record.client);
      return;
    default:
      return serviceRecord(digest, record);
  }
}

type Rest = Exclude<
  HistoryRecord,
  { type: 'invoke' | 'ok' | 'fail' | 'info' | 'enter' | 'step' | 'exit' }
>;

function serviceRecord(digest: Digest, record: Rest): void {
  switch (record.type) {
    case 'access':
      digest.text(record.resource);
      digest.text(record.key);
      digest.text(record.access);
      digest.text(record.client);
      digest.optional(record.grant);
      digest.optional(record.fencingToken);
      digest.optional(record.value);
      digest.optional(record.accepted ? 1 : 0);
      return;
    case 'lease':
      digest.text(record.key);
      digest.text(record.server);
      digest.text(record.host);
      digest.text(record.operation);
      digest.optional(record.lease);
      digest.optional(record.incarnation);
      digest.optional(record.sentAtUs);
      digest.optional(record.extends ? 1 : 0);
      digest.word(hashValue(record.termUs));
      actor(digest, record.owner);
      return;
    default:
      return restOf(digest, record);
  }
}

function restOf(digest: Digest, record: Exclude<Rest, { type: 'access' | 'lease' }>): void {
  switch (record.type) {
    case 'acked':
      return digest.word(record.lease);
    case 'lease-end':
      digest.word(record.lease);
      digest.text(record.cause);
      actor(digest, record.by);
      return;
    case 'request':
      digest.optional(record.sentAtUs);
      digest.optional(record.incarnation);
      digest.text(record.action);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.server);
      digest.text(record.key);
      digest.text(record.effect);
      return;
    case 'release-sent':
      return digest.word(record.grant);
    case 'loss-delivered':
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.server);
      return digest.word(record.incarnation);
    case 'told':
      digest.text(record.how);
      return digest.word(record.grant);
    case 'validity':
      digest.number(Math.round(record.validForMs * 1_000));
      digest.optional(record.calledAtUs);
      return digest.optional(record.grant);
    case 'host':
      digest.text(record.host);
      digest.text(record.state);
      return digest.word(record.incarnation);
    case 'clock':
      digest.text(record.host);
      digest.text(record.clock);
      digest.optional(record.localUs);
      return digest.optional(record.ratePpm);
    case 'fault':
      digest.text(record.fault);
      digest.text(record.class);
      return digest.text(record.edge);
    case 'pending':
      digest.text(record.client);
      digest.optional(record.incarnation);
      digest.optional(record.requests);
      return digest.optional(record.timers);
  }
}

function actor(
  digest: Digest,
  who: { host: string; incarnation: number; operation: string } | undefined,
): void {
  digest.text(who?.host);
  digest.optional(who?.incarnation);
  digest.text(who?.operation);
}

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
  enqueued: 21,
  dequeued: 22,
} as const satisfies Record<HistoryRecord['type'], number>;

/** What there is most of stands here: to read the type of a record costs more than to fold one. */
export function digestRecord(digest: Digest, record: HistoryRecord): void {
  switch (record.type) {
    case 'request':
      begin(digest, TYPE.request, record.atUs);
      digest.optional(record.sentAtUs);
      digest.optional(record.incarnation);
      digest.text(record.action);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.server);
      digest.text(record.key);
      digest.text(record.effect);
      return;
    case 'lease':
      begin(digest, TYPE.lease, record.atUs);
      digest.text(record.key);
      digest.text(record.server);
      digest.text(record.host);
      digest.text(record.operation);
      digest.optional(record.lease);
      digest.optional(record.incarnation);
      digest.optional(record.sentAtUs);
      digest.optional(record.extends ? 1 : 0);
      digest.word(hashValue(record.termUs));
      return actor(digest, record.owner);
    case 'acked':
      begin(digest, TYPE.acked, record.atUs);
      return digest.word(record.lease);
    case 'lease-end':
      begin(digest, TYPE['lease-end'], record.atUs);
      digest.word(record.lease);
      digest.text(record.cause);
      return actor(digest, record.by);
    case 'validity':
      begin(digest, TYPE.validity, record.atUs);
      digest.number(Math.round(record.validForMs * 1_000));
      digest.optional(record.calledAtUs);
      return digest.optional(record.grant);
    default:
      return workloadRecord(digest, record);
  }
}

/** Read in each case: there the type checker and the machine know the record's shape. */
function begin(digest: Digest, type: number, atUs: number): void {
  digest.word(type);
  digest.number(atUs);
}

type OfWorkload = Exclude<
  HistoryRecord,
  { type: 'request' | 'lease' | 'acked' | 'lease-end' | 'validity' }
>;

function workloadRecord(digest: Digest, record: OfWorkload): void {
  switch (record.type) {
    case 'invoke':
      begin(digest, TYPE.invoke, record.atUs);
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
      begin(digest, TYPE[record.type], record.atUs);
      digest.word(record.call);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.action);
      digest.text(record.ownerId);
      digest.text(record.reason);
      digest.optional(record.fencingToken);
      digest.word((record.push ? 1 : 0) | (record.pull ? 2 : 0));
      return;
    case 'step':
      begin(digest, TYPE.step, record.atUs);
      digest.optional(record.calledAtUs);
      digest.optional(record.grant);
      digest.text(record.client);
      digest.text(record.access);
      if (record.cell !== undefined) digest.text(record.cell);
      return;
    case 'access':
      begin(digest, TYPE.access, record.atUs);
      digest.text(record.resource);
      digest.text(record.key);
      digest.text(record.access);
      digest.text(record.client);
      digest.optional(record.grant);
      digest.optional(record.fencingToken);
      digest.optional(record.value);
      digest.optional(record.accepted ? 1 : 0);
      if (record.cell !== undefined) digest.text(record.cell);
      return;
    default:
      return restOf(digest, record);
  }
}

function restOf(
  digest: Digest,
  record: Exclude<OfWorkload, { type: 'invoke' | 'ok' | 'fail' | 'info' | 'step' | 'access' }>,
): void {
  switch (record.type) {
    case 'enter':
      begin(digest, TYPE.enter, record.atUs);
      digest.optional(record.calledAtUs);
      digest.optional(record.grant);
      digest.optional(record.incarnation);
      digest.optional(record.fencingToken);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.key);
      return digest.text(record.mode);
    case 'exit':
      begin(digest, TYPE.exit, record.atUs);
      digest.optional(record.calledAtUs);
      digest.optional(record.grant);
      digest.optional(record.completed ? 1 : 0);
      return digest.text(record.client);
    case 'release-sent':
      begin(digest, TYPE['release-sent'], record.atUs);
      return digest.word(record.grant);
    case 'loss-delivered':
      begin(digest, TYPE['loss-delivered'], record.atUs);
      digest.text(record.client);
      digest.text(record.operation);
      digest.text(record.server);
      return digest.word(record.incarnation);
    case 'told':
      begin(digest, TYPE.told, record.atUs);
      digest.text(record.how);
      return digest.word(record.grant);
    case 'enqueued':
    case 'dequeued':
      begin(digest, TYPE[record.type], record.atUs);
      digest.text(record.key);
      digest.text(record.server);
      digest.text(record.host);
      digest.text(record.operation);
      digest.text(record.type === 'enqueued' ? record.mode : record.cause);
      return digest.word(record.incarnation);
    default:
      return worldRecord(digest, record);
  }
}

/** What becomes of hosts, clocks and faults: a few in each run. */
function worldRecord(
  digest: Digest,
  record: Extract<HistoryRecord, { type: 'host' | 'clock' | 'fault' | 'pending' }>,
): void {
  switch (record.type) {
    case 'host':
      begin(digest, TYPE.host, record.atUs);
      digest.text(record.host);
      digest.text(record.state);
      return digest.word(record.incarnation);
    case 'clock':
      begin(digest, TYPE.clock, record.atUs);
      digest.text(record.host);
      digest.text(record.clock);
      digest.optional(record.localUs);
      return digest.optional(record.ratePpm);
    case 'fault':
      begin(digest, TYPE.fault, record.atUs);
      digest.text(record.fault);
      digest.text(record.class);
      return digest.text(record.edge);
    case 'pending':
      begin(digest, TYPE.pending, record.atUs);
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

/** Every field of every history record is in the digest (R14). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Digest } from '../../src/digest.js';
import { FAULT_CLASSES } from '../../src/fault.js';
import type { HistoryRecord } from '../../src/history.js';
import { digestRecord } from '../../src/sim/record-digest.js';

/** One arbitrary for each field of a record type; those in `maybe` may be absent. */
type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;
interface Shape {
  readonly always: Fields;
  readonly maybe?: Fields;
}

const us = fc.nat(2 ** 40);
const id = fc.nat(1_000);
const incarnation = fc.integer({ min: 1, max: 9 });
const host = fc.constantFrom('A', 'B', 'r1', 'r2');
const operation = fc.constantFrom('A1', 'A2', 'B1');
const key = fc.constantFrom('orders', 'orders-2');
const words = fc.constantFrom('held', 'lost', 'no quorum');
const action = fc.constantFrom('acquire', 'renew', 'release');
const mode = fc.constantFrom('exclusive', 'shared');
const fencingToken = fc.nat(2 ** 40);
const access = fc.constantFrom('read', 'write');
const cell = fc.constantFrom('seat 1', 'seat 2', 'sold');
const flag = fc.boolean();
const actor = fc.record({ host, incarnation, operation });

const completion: Shape = {
  always: { call: id, client: host, operation, action },
  maybe: { ownerId: words, fencingToken, reason: words },
};

const queued: Fields = { key, server: host, host, incarnation, operation };

const SHAPES: Record<HistoryRecord['type'], Shape> = {
  invoke: {
    always: { call: id, client: host, incarnation, operation, action, key, mode },
    maybe: { ttlMs: fc.nat(2 ** 40), waitMs: fc.nat(2 ** 40), grant: id },
  },
  ok: { always: { ...completion.always, push: flag, pull: flag }, maybe: completion.maybe! },
  fail: completion,
  info: completion,
  enter: {
    always: { calledAtUs: us, grant: id, client: host, incarnation, operation, key, mode },
    maybe: { fencingToken },
  },
  step: { always: { calledAtUs: us, grant: id, client: host }, maybe: { access, cell } },
  exit: { always: { calledAtUs: us, grant: id, client: host, completed: flag } },
  access: {
    always: { resource: host, key, access, client: host, grant: id, accepted: flag },
    maybe: { fencingToken, cell, value: fc.nat(2 ** 40) },
  },
  lease: {
    always: {
      lease: id,
      key,
      server: host,
      host,
      incarnation,
      operation,
      sentAtUs: us,
      termUs: fc.oneof(us, fc.constantFrom('none', 'session')),
      extends: flag,
    },
    maybe: { owner: actor },
  },
  acked: { always: { lease: id } },
  'lease-end': {
    always: {
      lease: id,
      cause: fc.constantFrom('expired', 'released', 'deleted', 'overwritten', 'lost', 'session'),
    },
    maybe: { by: actor },
  },
  request: {
    always: {
      sentAtUs: us,
      action: fc.constantFrom('renew', 'release'),
      client: host,
      incarnation,
      operation,
      server: host,
      key,
      effect: fc.constantFrom('none', 'ended', 'extended'),
    },
  },
  'release-sent': { always: { grant: id } },
  'loss-delivered': { always: { client: host, incarnation, operation, server: host } },
  told: { always: { grant: id, how: fc.constantFrom('signal', 'renew', 'release', 'validity') } },
  validity: {
    always: {
      calledAtUs: us,
      grant: id,
      validForMs: fc.oneof(fc.nat(10_000), fc.constantFrom(0.5, -1, 99.125, Infinity)),
    },
  },
  host: {
    always: { host, incarnation, state: fc.constantFrom('paused', 'resumed', 'dead', 'restarted') },
  },
  clock: {
    always: {
      host,
      clock: fc.constantFrom('wall', 'mono'),
      localUs: fc.integer({ min: -(2 ** 40), max: 2 ** 51 }),
      ratePpm: fc.integer({ min: -500_000, max: 500_000 }),
    },
  },
  fault: {
    always: {
      fault: fc.constantFrom('f1', 'f2'),
      class: fc.constantFrom(...FAULT_CLASSES),
      edge: fc.constantFrom('start', 'touched', 'end'),
    },
  },
  pending: { always: { client: host, incarnation, requests: id, timers: id } },
  enqueued: { always: { ...queued, mode } },
  dequeued: { always: { ...queued, cause: words } },
};

function recordOf(type: HistoryRecord['type']): fc.Arbitrary<HistoryRecord> {
  const { always, maybe = {} } = SHAPES[type];
  const model = { type: fc.constant(type), atUs: us, ...always, ...maybe };
  const requiredKeys = ['type', 'atUs', ...Object.keys(always)] as (keyof typeof model)[];
  return fc.record(model, { requiredKeys }) as unknown as fc.Arbitrary<HistoryRecord>;
}

function digestOf(...records: readonly HistoryRecord[]): string {
  const digest = new Digest();
  for (const record of records) digestRecord(digest, record);
  return digest.toString();
}

const TYPES = Object.keys(SHAPES) as HistoryRecord['type'][];

test.each(TYPES)('R14 changing any field of a record changes the digest: %s', (type) => {
  const { always, maybe = {} } = SHAPES[type];
  const fields: Fields = { atUs: us, ...always, ...maybe };
  for (const [name, values] of Object.entries(fields)) {
    const property = fc.property(recordOf(type), values, (record, value) => {
      const before = (record as unknown as Record<string, unknown>)[name];
      fc.pre(JSON.stringify(before) !== JSON.stringify(value));
      const changed = { ...record, [name]: value } as HistoryRecord;
      expect([name, digestOf(changed)]).not.toEqual([name, digestOf(record)]);
    });
    fc.assert(property, { numRuns: 60, seed: 1414 });
  }
});

test.each(TYPES)('R14 taking an optional field away changes the digest: %s', (type) => {
  for (const name of Object.keys(SHAPES[type].maybe ?? {})) {
    const property = fc.property(recordOf(type), (record) => {
      fc.pre(name in record);
      const { [name]: _gone, ...less } = record as unknown as Record<string, unknown>;
      const changed = less as unknown as HistoryRecord;
      expect([name, digestOf(changed)]).not.toEqual([name, digestOf(record)]);
    });
    fc.assert(property, { numRuns: 60, seed: 1414 });
  }
});

test('R14 records of different types, and in a different order, have different digests', () => {
  const any = fc.constantFrom(...TYPES).chain(recordOf);
  const property = fc.property(any, any, (one, other) => {
    fc.pre(JSON.stringify(one) !== JSON.stringify(other));
    expect(digestOf(one)).not.toBe(digestOf(other));
    expect(digestOf(one, other)).not.toBe(digestOf(other, one));
  });
  fc.assert(property, { numRuns: 2_000, seed: 1414 });
});

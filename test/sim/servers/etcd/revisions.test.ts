/**
 * What etcd promises of revisions and versions ("etcd3 API", etcd's documentation, and
 * `mvcc/kvstore.go`), against random requests and a model that keeps every state of all keys.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compact,
  FROM_KEY,
  grant,
  put,
  range,
  remove,
  revoke,
  txn,
  watch,
} from '../../../../scripts/record/etcd/requests.js';
import type {
  EtcdRequest,
  KeyValue,
  Operation,
  RangeResponse,
  WatchResponse,
} from '../../../../src/sim/servers/etcd/messages.js';
import { World } from './world.js';

const KEYS = ['a', 'b', 'c', 'd'];
const EVERYTHING = { rangeEnd: FROM_KEY };

const key = fc.constantFrom(...KEYS);
const lease = fc.constantFrom(0, 0, 1, 2);
const write: fc.Arbitrary<EtcdRequest & Operation> = fc.oneof(
  fc.tuple(key, fc.string({ maxLength: 2 }), lease).map(([of, value, by]) => {
    return put(of, value, { lease: by });
  }),
  fc.tuple(key, fc.constantFrom('', 'c', FROM_KEY)).map(([of, rangeEnd]) => {
    return remove(of, { rangeEnd });
  }),
);
const request: fc.Arbitrary<EtcdRequest> = fc.oneof(
  { weight: 6, arbitrary: write },
  { weight: 2, arbitrary: fc.array(write, { maxLength: 3 }).map((writes) => txn([], writes)) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2).map((id) => revoke(id)) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2).map((id) => grant(id, 60)) },
);
const requests = fc.array(request, { minLength: 1, maxLength: 40 });

function read(world: World, revision = 0): RangeResponse {
  return world.on(9, range('a', { ...EVERYTHING, revision })) as RangeResponse;
}

/** The states of all keys after each revision, as they were read at that time. */
function statesOf(world: World, given: readonly EtcdRequest[]): Map<number, readonly KeyValue[]> {
  const states = new Map([[1, read(world).kvs]]);
  for (const sent of given) {
    const before = read(world);
    world.call(sent);
    const after = read(world);
    expect(after.revision - before.revision).toBeOneOf([0, 1]);
    if (after.revision === before.revision) expect(after.kvs).toEqual(before.kvs);
    states.set(after.revision, after.kvs);
  }
  return states;
}

function checkStep(before: readonly KeyValue[], after: readonly KeyValue[], revision: number) {
  for (const kv of after) {
    const old = before.find((candidate) => candidate.key === kv.key);
    if (kv.modRevision !== revision) {
      expect(kv).toEqual(old);
      continue;
    }
    const isNew = old === undefined || kv.createRevision === revision;
    expect(kv.version).toBe(isNew ? 1 : old.version + 1);
    expect(kv.createRevision).toBe(isNew ? revision : old.createRevision);
  }
  const keys = after.map((kv) => kv.key);
  expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
}

describe('revisions', () => {
  it('count writes; creation, change and version of keys follow them', () => {
    fc.assert(
      fc.property(requests, (given) => {
        const states = statesOf(new World(), given);
        const revisions = [...states.keys()];
        expect(revisions).toEqual(revisions.map((_revision, index) => index + 1));
        for (const revision of revisions.slice(1)) {
          checkStep(states.get(revision - 1)!, states.get(revision)!, revision);
        }
      }),
    );
  });

  it('that are past still answer what was there', () => {
    fc.assert(
      fc.property(requests, (given) => {
        const world = new World();
        for (const [revision, kvs] of statesOf(world, given)) {
          expect(read(world, revision).kvs).toEqual(kvs);
        }
      }),
    );
  });

  it('up to a compaction are gone, and from it on are as they were', () => {
    fc.assert(
      fc.property(requests, fc.nat(40), (given, at) => {
        const world = new World();
        const states = statesOf(world, given);
        const revision = 1 + (at % states.size);
        expect(world.call(compact(revision))).toMatchObject({ type: 'compact' });
        for (const [known, kvs] of states) {
          const answer = world.on(9, range('a', { ...EVERYTHING, revision: known }));
          if (known < revision) expect(answer).toMatchObject({ code: 'OutOfRange' });
          else expect(answer).toMatchObject({ kvs });
        }
      }),
    );
  });

  it('are told to watches in order, none twice, none left out, whenever they began', () => {
    fc.assert(
      fc.property(requests, fc.nat(40), (given, at) => {
        const world = new World();
        world.on(1, watch('a', EVERYTHING));
        const states = statesOf(world, given);
        const startRevision = 1 + (at % states.size);
        world.on(2, watch('a', { ...EVERYTHING, startRevision }));
        world.pass(100);
        const seen = (connection: number) =>
          world.sent
            .filter((sent) => sent.connection === connection)
            .flatMap(({ message }) => (message.body as WatchResponse).events);
        const early = seen(1);
        const late = seen(2);
        expect(late).toEqual(early.filter(({ kv }) => kv.modRevision >= startRevision));
        const revisions = early.map(({ kv }) => kv.modRevision);
        expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
        expect(new Set(revisions)).toEqual(new Set([...states.keys()].slice(1)));
      }),
    );
  });

  it('agree with the keys that leases have', () => {
    fc.assert(
      fc.property(requests, (given) => {
        const world = new World();
        for (const id of [1, 2]) world.call(grant(id, 60));
        statesOf(world, given);
        for (const id of [1, 2]) {
          const attached = read(world).kvs.filter((kv) => kv.lease === id);
          world.takeLeaseNews();
          world.call(revoke(id));
          const news = world.takeLeaseNews();
          if (news.length === 0) expect(attached).toEqual([]);
          else expect(news[0]!.lease.keys.toSorted()).toEqual(attached.map((kv) => kv.key));
        }
        expect(read(world).kvs.every((kv) => kv.lease === 0)).toBe(true);
      }),
    );
  });
});

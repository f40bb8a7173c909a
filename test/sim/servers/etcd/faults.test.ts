/**
 * Random requests under random faults: what etcd promises whatever happens to its leader.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FROM_KEY,
  grant,
  keepAlive,
  put,
  range,
  remove,
  timeToLive,
  watch,
} from '../../../../scripts/record/etcd/requests.js';
import type {
  EtcdRequest,
  EtcdResponse,
  PutRequest,
  RangeResponse,
} from '../../../../src/sim/servers/etcd/messages.js';
import type { Isolation } from '../../../../src/sim/servers/etcd/port.js';
import { World } from './world.js';

const WATCHER = 7;
const READER = 8;
const EVERYTHING = { rangeEnd: FROM_KEY };

type Step =
  | { readonly type: 'request'; readonly connection: number; readonly request: EtcdRequest }
  | { readonly type: 'pass'; readonly durationMs: number }
  | { readonly type: 'isolate'; readonly how: Isolation }
  | { readonly type: 'heal' | 'change' };

const key = fc.constantFrom('a', 'b', 'c');
const id = fc.constantFrom(1, 2);
const request: fc.Arbitrary<EtcdRequest> = fc.oneof(
  fc.tuple(key, fc.nat(1000)).map(([of, value]) => put(of, String(value))),
  fc.tuple(key, id).map(([of, lease]) => put(of, 'leased', { lease })),
  key.map((of) => remove(of)),
  fc.tuple(key, fc.boolean()).map(([of, serializable]) => range(of, { serializable })),
  id.map((of) => grant(of, 2)),
  id.map((of) => keepAlive(of)),
  id.map((of) => timeToLive(of)),
);
const isolation = fc.constantFrom<Isolation>('partition', 'stall');

function steps(how: fc.Arbitrary<Isolation>): fc.Arbitrary<readonly Step[]> {
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        type: fc.constant('request' as const),
        connection: fc.nat(2),
        request,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ type: fc.constant('pass' as const), durationMs: fc.nat(1500) }),
    },
    { weight: 1, arbitrary: how.map((given) => ({ type: 'isolate' as const, how: given })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ type: 'heal' as const }, { type: 'change' as const }),
    },
  );
  return fc.array(step, { minLength: 5, maxLength: 60 });
}

interface Asked {
  readonly connection: number;
  readonly call: number;
  readonly request: EtcdRequest;
}

/** Plays steps, lets everything heal, and waits until nothing can be under way any more. */
function play(world: World, given: readonly Step[], draws: readonly number[]): Asked[] {
  let drawn = 0;
  world.choice = (n) => (draws[drawn++ % draws.length] ?? 0) % n;
  world.request(WATCHER, watch('a', { ...EVERYTHING, startRevision: 1 }));
  const asked: Asked[] = [];
  for (const step of given) {
    switch (step.type) {
      case 'request': {
        const { connection, request: sent } = step;
        asked.push({ connection, call: world.request(connection, sent), request: sent });
        break;
      }
      case 'pass':
        world.pass(step.durationMs);
        break;
      case 'isolate':
        world.server.isolateLeader(step.how);
        break;
      case 'heal':
        world.server.healLeader();
        break;
      case 'change':
        world.server.leaderChange();
    }
  }
  world.server.healLeader();
  world.pass(60_000);
  return asked;
}

function answersTo(world: World, { connection, call }: Asked): EtcdResponse[] {
  return world.sent
    .filter((sent) => sent.connection === connection && sent.message.call === call)
    .map(({ message }) => message.body);
}

const draws = fc.array(fc.nat(2000), { minLength: 1, maxLength: 20 });

describe('under faults of the leader', () => {
  it('every call is answered once', () => {
    fc.assert(
      fc.property(steps(isolation), draws, (given, drawn) => {
        const world = new World();
        for (const call of play(world, given, drawn)) {
          expect(answersTo(world, call)).toHaveLength(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a write that was confirmed is there, at the revision that the answer named', () => {
    fc.assert(
      fc.property(steps(isolation), draws, (given, drawn) => {
        const world = new World();
        for (const call of play(world, given, drawn)) {
          const answer = answersTo(world, call)[0]!;
          if (answer.type !== 'put') continue;
          const { key: of, value } = call.request as PutRequest;
          const { kvs } = world.on(
            READER,
            range(of, { revision: answer.revision }),
          ) as RangeResponse;
          expect(kvs).toMatchObject([{ value, modRevision: answer.revision }]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a watch sees every revision once and in order', () => {
    fc.assert(
      fc.property(steps(isolation), draws, (given, drawn) => {
        const world = new World();
        play(world, given, drawn);
        const { revision } = world.on(READER, range('a')) as RangeResponse;
        const seen = world.sent
          .filter(({ connection }) => connection === WATCHER)
          .flatMap(({ message }) => (message.body.type === 'watch' ? message.body.events : []))
          .map(({ kv }) => kv);
        const places = seen.map((kv) => `${kv.modRevision} ${kv.key}`);
        expect(new Set(places).size).toBe(places.length);
        // A lease that ends takes several keys with it at one revision.
        const revisions = seen.map((kv) => kv.modRevision);
        const once = revisions.filter((of, at) => of !== revisions[at - 1]);
        expect(once).toEqual(Array.from({ length: revision - 1 }, (_none, at) => at + 2));
      }),
      { numRuns: 300 },
    );
  });

  it('no lease ends before its time, unless a stalled leader has it revoked', () => {
    fc.assert(
      fc.property(steps(fc.constant('partition')), draws, (given, drawn) => {
        const world = new World();
        play(world, given, drawn);
        const keptSince = new Map<number, number>();
        for (const { lease, change, atUs } of world.leaseNews) {
          if (change === 'created' || change === 'reset') keptSince.set(lease.id, atUs);
          if (change !== 'expired') continue;
          expect(atUs - keptSince.get(lease.id)!).toBeGreaterThanOrEqual(2_000_000);
          expect(atUs).toBeGreaterThanOrEqual(lease.expiresAtUs);
        }
      }),
      { numRuns: 300 },
    );
  });
});

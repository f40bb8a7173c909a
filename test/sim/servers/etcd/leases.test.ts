/**
 * Time and leases: when they end, what a keep-alive does in between, and what the observer hears.
 * Numbers are those of `lease/lessor.go` and `etcdserver/server.go` of etcd 3.4.
 */
import { describe, expect, it } from 'vitest';
import {
  grant,
  keepAlive,
  leases,
  put,
  range,
  remove,
  revoke,
  timeToLive,
} from '../../../../scripts/record/etcd/requests.js';
import { createEtcdServer } from '../../../../src/sim/servers/etcd/server.js';
import { readExpiryDelays } from './replay.js';
import { World } from './world.js';

const CHECK_MS = 500;

/** How long after its end a lease granted after so long is gone, in milliseconds. */
function delayOf(world: World, grantedAfterMs: number): number {
  world.pass(grantedAfterMs);
  world.call(grant(0, 2));
  world.takeLeaseNews();
  world.pass(2000);
  for (let delayMs = 0; delayMs < 10_000; delayMs++) {
    if (world.takeLeaseNews().some(({ change }) => change === 'expired')) return delayMs;
    world.pass(1);
  }
  throw new Error('never');
}

describe('the minimum TTL', () => {
  it.each([
    [100, 1000, 2],
    [10, 100, 1],
    [100, 500, 1],
    [250, 5000, 8],
    [300, 2000, 3],
    [1000, 5000, 7],
  ])(
    'with heartbeats of %i ms and elections of %i ms is %i s',
    (heartbeatMs, electionMs, seconds) => {
      const world = new World({ heartbeatMs, electionMs });
      expect(world.call(grant(1, 1))).toMatchObject({ ttlSeconds: seconds });
    },
  );

  it('needs elections of at least five heartbeats', () => {
    const port = new World();
    expect(() => createEtcdServer({ heartbeatMs: 100, electionMs: 499 }, port)).toThrow(
      'electionMs must be at least five times heartbeatMs: 499, 100',
    );
    expect(() => createEtcdServer({ heartbeatMs: 0, electionMs: 499 }, port)).toThrow(RangeError);
    expect(() => createEtcdServer({ heartbeatMs: Number.NaN, electionMs: 1 }, port)).toThrow(
      RangeError,
    );
  });
});

describe('the end of a lease', () => {
  it('comes at the first check after it, at most 500 ms late', () => {
    for (const phaseMs of [0, 1, 250, 499]) {
      const world = new World();
      world.choice = (n) => (n === CHECK_MS ? phaseMs : 0);
      for (const afterMs of [0, 1, 123, 499, 77]) {
        const delayMs = delayOf(world, afterMs);
        expect(delayMs).toBeLessThanOrEqual(CHECK_MS);
        expect((world.monoUs() / 1000 - phaseMs) % CHECK_MS).toBe(0);
      }
    }
  });

  it('is as late as it was in the recording of a real one', () => {
    const real = readExpiryDelays().map(({ delayMs }) => delayMs);
    expect(real.length).toBeGreaterThanOrEqual(20);
    // A real one needs a moment to find consensus and to tell.
    expect(Math.min(...real)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...real)).toBeLessThanOrEqual(CHECK_MS + 50);
    expect(Math.max(...real)).toBeGreaterThan(CHECK_MS / 2);
  });

  it('is what a keep-alive in between waited for in the recording of a real one', () => {
    const between = readExpiryDelays().filter(({ delayMs }) => delayMs > 20);
    expect(between.length).toBeGreaterThanOrEqual(15);
    for (const { delayMs, answeredAfterMs, answeredTtlSeconds } of between) {
      expect(answeredTtlSeconds).toBe(0);
      expect(Math.abs(answeredAfterMs - delayMs)).toBeLessThanOrEqual(25);
    }
  });

  it('comes in a check for 500 leases, not more', () => {
    const world = new World();
    for (let id = 1; id <= 501; id++) world.call(grant(id, 2));
    world.pass(2000);
    expect(world.call(leases())).toMatchObject({ ids: [501] });
    world.pass(CHECK_MS);
    expect(world.call(leases())).toMatchObject({ ids: [] });
  });

  it('makes one revision for all of its keys, deleted in order', () => {
    const world = new World();
    world.call(grant(1, 2));
    for (const key of ['c', 'a', 'b']) world.call(put(key, '', { lease: 1 }));
    world.takeKeyNews();
    world.pass(2500);
    expect(world.takeKeyNews().map(({ key, change }) => [key, change])).toEqual([
      ['a', 'expired'],
      ['b', 'expired'],
      ['c', 'expired'],
    ]);
    expect(world.call(range('a'))).toMatchObject({ revision: 5, count: 0 });
  });

  it('asks for no alarm when there is nothing to wait for', () => {
    const world = new World();
    expect(world.untilAlarmUs).toBe(Number.POSITIVE_INFINITY);
    world.call(grant(1, 2));
    expect(world.untilAlarmUs).toBe(2_000_000);
    world.call(revoke(1));
    world.pass(2000);
    expect(world.untilAlarmUs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a keep-alive', () => {
  it('for a lease that is over waits for the check, and is told that there is none', () => {
    const world = new World();
    world.pass(100);
    world.call(grant(1, 2));
    world.pass(2000);
    const call = world.request(0, keepAlive(1));
    expect(world.answerTo(0, call)).toBeUndefined();
    world.pass(399);
    expect(world.answerTo(0, call)).toBeUndefined();
    world.pass(1);
    expect(world.answerTo(0, call)).toMatchObject({ type: 'leaseKeepAlive', ttlSeconds: 0 });
  });

  it('holds up those behind it on its connection, and nothing else', () => {
    const world = new World();
    world.pass(100);
    world.call(grant(1, 2));
    world.call(grant(2, 60));
    world.pass(2000);
    const first = world.request(0, keepAlive(1));
    const second = world.request(0, keepAlive(2));
    expect(world.answerTo(0, second)).toBeUndefined();
    expect(world.call(timeToLive(2))).toMatchObject({ ttlSeconds: 58 });
    expect(world.on(1, keepAlive(2))).toMatchObject({ ttlSeconds: 60 });
    world.call(put('k', 'v'));
    world.pass(400);
    // The header of each is made when its turn comes (`v3rpc/lease.go: leaseKeepAlive`).
    expect(world.takeSent()).toMatchObject([
      { message: { call: first, body: { ttlSeconds: 0, revision: 1 } } },
      { message: { call: second, body: { ttlSeconds: 60, revision: 2 } } },
    ]);
  });

  it('is answered when somebody revokes the lease meanwhile', () => {
    const world = new World();
    world.pass(100);
    world.call(grant(1, 2));
    world.pass(2000);
    const call = world.request(0, keepAlive(1));
    expect(world.on(1, revoke(1))).toMatchObject({ type: 'leaseRevoke' });
    expect(world.answerTo(0, call)).toMatchObject({ ttlSeconds: 0 });
  });

  it('succeeds if another leader gives the lease its TTL meanwhile', () => {
    const world = new World();
    world.pass(100);
    world.call(grant(1, 2));
    world.pass(2000);
    const call = world.request(0, keepAlive(1));
    world.server.leaderChange();
    expect(world.answerTo(0, call)).toMatchObject({ ttlSeconds: 2 });
  });

  it('is forgotten with its connection', () => {
    const world = new World();
    world.pass(100);
    world.call(grant(1, 2));
    world.pass(2000);
    world.request(0, keepAlive(1));
    world.close(0);
    world.pass(1000);
    expect(world.takeSent()).toEqual([]);
  });
});

describe('the observer', () => {
  it('hears of leases: created, extended, released, expired, with their keys', () => {
    const world = new World();
    world.call(grant(7, 1));
    world.call(put('k', '', { lease: 7 }));
    world.pass(1000);
    world.call(keepAlive(7));
    world.call(grant(8, 60));
    world.call(put('l', '', { lease: 8 }));
    world.call(revoke(8));
    world.pass(3000);
    const atUs = 5_000_000;
    expect(world.takeLeaseNews()).toMatchObject([
      {
        lease: { id: 7, ttlSeconds: 2, expiresAtUs: atUs + 2_000_000, keys: [] },
        change: 'created',
      },
      {
        lease: { id: 7, ttlSeconds: 2, expiresAtUs: atUs + 3_000_000, keys: ['k'] },
        change: 'extended',
      },
      {
        lease: { id: 8, ttlSeconds: 60, expiresAtUs: atUs + 61_000_000, keys: [] },
        change: 'created',
      },
      {
        lease: { id: 8, ttlSeconds: 60, expiresAtUs: atUs + 61_000_000, keys: ['l'] },
        change: 'released',
      },
      {
        lease: { id: 7, ttlSeconds: 2, expiresAtUs: atUs + 3_000_000, keys: ['k'] },
        change: 'expired',
      },
    ]);
  });

  it('hears of keys: created, overwritten, deleted, released', () => {
    const world = new World();
    world.call(grant(7, 60));
    world.call(put('k', '1', { lease: 7 }));
    world.call(put('k', '2', { lease: 7 }));
    world.call(put('l', '3'));
    world.call(remove('l'));
    world.call(revoke(7));
    const news = world.takeKeyNews();
    expect(news.map(({ key, change }) => [key, change])).toEqual([
      ['k', 'created'],
      ['k', 'overwritten'],
      ['l', 'created'],
      ['l', 'deleted'],
      ['k', 'released'],
    ]);
    expect(news[1]).toMatchObject({ before: { value: '1' }, after: { value: '2', version: 2 } });
    expect(news[3]).toMatchObject({ before: { value: '3' }, after: undefined });
    expect(news[4]).toMatchObject({ before: { lease: 7 }, after: undefined });
  });

  it('hears nothing of what was refused', () => {
    const world = new World();
    world.call(put('k', '', { lease: 9 }));
    world.call(grant(1, 9_000_000_001));
    world.call(keepAlive(1));
    world.call(remove('k'));
    expect(world.takeKeyNews()).toEqual([]);
    expect(world.takeLeaseNews()).toEqual([]);
  });
});

describe('ids of leases', () => {
  it('are drawn once and counted on, past those that clients took', () => {
    const world = new World();
    world.choice = (n) => (n === 2 ** 20 ? 3 : 0);
    const first = 3 * 2 ** 32 + 1;
    world.call(grant(first + 1, 60));
    expect(world.call(grant(0, 60))).toMatchObject({ id: first });
    expect(world.call(grant(0, 60))).toMatchObject({ id: first + 2 });
    world.server.crash();
    world.forgetConnections();
    world.server.restart();
    expect(world.call(grant(0, 60))).toMatchObject({ id: first + 3 });
  });
});

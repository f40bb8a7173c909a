/**
 * Crashes, changes of leader, and a leader that nobody follows any more. What is expected is what
 * `etcdserver/v3_server.go`, `server.go` and `lease/lessor.go` of etcd 3.4.23 do; the recordings of
 * three members in test/golden/etcd/cluster.jsonl show most of it.
 */
import { describe, expect, it } from 'vitest';
import {
  compact,
  compare,
  grant,
  keepAlive,
  leases,
  put,
  range,
  revoke,
  timeToLive,
  txn,
  watch,
} from '../../../../scripts/record/etcd/requests.js';
import type { EtcdRequest } from '../../../../src/sim/servers/etcd/messages.js';
import { World } from './world.js';

const GIVE_UP_MS = 7000;
const LEADER_CHANGED = { type: 'error', code: 'Unavailable', text: 'etcdserver: leader changed' };
const TIMED_OUT = { type: 'error', code: 'Unavailable', text: 'etcdserver: request timed out' };
const NO_LEADER = { type: 'error', code: 'Unavailable', text: 'etcdserver: no leader' };
const CONNECTION_LOST = { text: `${TIMED_OUT.text}, possibly due to connection lost` };
const LEADER_FAILED = { text: `${TIMED_OUT.text}, possibly due to previous leader failure` };

/** A world whose leader steps down, and whose others elect one, after so long. */
function worldOf(electedAfterMs: number, stepsDownAfterMs: number): World {
  const world = new World();
  world.call(grant(1, 10));
  world.call(put('k', 'v', { lease: 1 }));
  const draws = [electedAfterMs - 1000, stepsDownAfterMs - 1000];
  world.choice = (n) => (n === 1000 ? draws.shift()! : 0);
  return world;
}

/** Connection 0 stays with the old leader; 1 is with the others. */
function isolate(world: World, how: 'partition' | 'stall' = 'partition'): void {
  world.on(1, range('k'));
  const sides = [0, 1];
  const draw = world.choice;
  world.choice = (n) => (n === 3 ? sides.shift()! : draw(n));
  expect(world.server.isolateLeader(how)).toEqual([0]);
}

/** Sends a request that is not answered at once. */
function pending(world: World, connection: number, request: EtcdRequest): number {
  const call = world.request(connection, request);
  expect(world.answerTo(connection, call)).toBeUndefined();
  return call;
}

describe('a crash', () => {
  it('loses nothing that was answered, and gives leases their TTL and an election time-out', () => {
    const world = new World();
    world.call(grant(1, 10));
    world.call(put('k', 'v', { lease: 1 }));
    world.pass(8000);
    world.takeLeaseNews();
    world.server.crash();
    world.forgetConnections();
    world.pass(60_000);
    world.resetMono();
    world.server.restart();
    expect(world.takeLeaseNews()).toMatchObject([
      { lease: { id: 1, ttlSeconds: 10, expiresAtUs: 11_000_000, keys: ['k'] }, change: 'reset' },
    ]);
    expect(world.call(range('k'))).toMatchObject({ revision: 2, count: 1 });
    world.pass(11_500);
    expect(world.call(range('k'))).toMatchObject({ revision: 3, count: 0 });
  });

  it('ends connections, watches and what waited', () => {
    const world = new World();
    world.call(watch('k'));
    world.call(grant(1, 60));
    world.request(0, watch('k', { startRevision: 1 }));
    world.server.crash();
    world.server.execute(0, put('k', 'v'));
    world.server.leaderChange();
    expect(world.server.isolateLeader('partition')).toEqual([]);
    world.server.restart();
    world.on(1, put('k', 'v'));
    world.pass(1000);
    expect(world.takeSent().map(({ connection }) => connection)).toEqual([0]);
    // The answer to the second watch left before the crash; what it was to be told never did.
    expect(world.untilAlarmUs).toBe(60_000_000);
  });
});

describe('a change of leader', () => {
  it('resets every lease; the next keep-alive takes the extra time back', () => {
    const world = new World();
    world.call(grant(1, 10));
    world.pass(9000);
    world.server.leaderChange();
    world.pass(1);
    expect(world.call(timeToLive(1))).toMatchObject({ ttlSeconds: 10, grantedTtlSeconds: 10 });
    world.call(keepAlive(1));
    world.pass(1);
    expect(world.call(timeToLive(1))).toMatchObject({ ttlSeconds: 9 });
  });

  it('keeps a lease alive for ever if leaders change often enough', () => {
    const world = new World();
    world.call(grant(1, 2));
    for (let change = 0; change < 10; change++) {
      world.server.leaderChange();
      world.pass(2500);
    }
    expect(world.call(leases())).toMatchObject({ ids: [1] });
  });

  it('spreads the ends of very many leases', () => {
    const world = new World();
    for (let id = 1; id <= 3000; id++) world.call(grant(id, 5));
    world.takeLeaseNews();
    world.server.leaderChange();
    const bySecond = new Map<number, number>();
    for (const { lease } of world.takeLeaseNews()) {
      const second = Math.floor((lease.expiresAtUs - world.monoUs()) / 1_000_000);
      bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    }
    // Without a spread all would end in second 6, three times what may end in one.
    expect(Math.max(...bySecond.values())).toBeLessThanOrEqual(1000);
    expect(Math.min(...bySecond.keys())).toBe(6);
  });
});

describe('a leader that was cut off', () => {
  it('answers old reads, and no others', () => {
    const world = worldOf(1500, 1200);
    isolate(world);
    world.pass(1600);
    expect(world.on(1, put('k', 'new'))).toMatchObject({ revision: 3 });
    expect(world.call(range('k', { serializable: true }))).toMatchObject({
      revision: 2,
      kvs: [{ value: 'v' }],
    });
    expect(world.call(txn([compare('value', 'k', '=', 'v')], []))).toMatchObject({
      revision: 2,
      succeeded: true,
    });
    expect(world.on(1, txn([compare('value', 'k', '=', 'v')], []))).toMatchObject({
      succeeded: false,
    });
    const read = pending(world, 0, range('k'));
    world.pass(GIVE_UP_MS);
    expect(world.answerTo(0, read)).toEqual(TIMED_OUT);
  });

  it('does not see a compaction that came after', () => {
    const world = worldOf(1500, 1200);
    world.call(put('k', 'w'));
    isolate(world);
    world.pass(1600);
    world.on(1, put('k', 'x'));
    world.on(1, compact(4));
    const old = range('k', { serializable: true, revision: 2 });
    expect(world.call(old)).toMatchObject({ kvs: [{ value: 'v' }] });
    world.server.healLeader();
    expect(world.call(old)).toMatchObject({ code: 'OutOfRange' });
  });

  it('keeps leases alive that the new one lets expire, until it steps down', () => {
    const world = worldOf(1100, 1900);
    isolate(world);
    world.pass(1850);
    expect(world.call(keepAlive(1))).toMatchObject({ ttlSeconds: 10 });
    expect(world.call(timeToLive(1))).toMatchObject({ grantedTtlSeconds: 10 });
    world.pass(100);
    const tooLate = pending(world, 0, keepAlive(1));
    const left = pending(world, 0, timeToLive(1));
    world.pass(GIVE_UP_MS);
    expect(world.answerTo(0, tooLate)).toEqual(NO_LEADER);
    expect(world.answerTo(0, left)).toEqual(NO_LEADER);
    // Elected at 1.1 s, TTL 10 s and 1 s on top: gone at 12.1 s, seen by the check after it.
    world.pass(12_600 - 1850 - 100 - GIVE_UP_MS);
    expect(world.on(1, range('k'))).toMatchObject({ count: 0 });
  });

  it('takes writes that are lost', () => {
    const world = worldOf(1500, 1200);
    isolate(world);
    const early = pending(world, 0, put('k', 'lost'));
    world.pass(1300);
    const late = pending(world, 0, put('k', 'lost, too'));
    world.pass(GIVE_UP_MS - 1300);
    expect(world.answerTo(0, early)).toEqual(TIMED_OUT);
    world.pass(1300);
    expect(world.answerTo(0, late)).toEqual({
      type: 'error',
      code: 'Unknown',
      text: 'context deadline exceeded',
    });
    world.server.healLeader();
    expect(world.call(range('k'))).toMatchObject({ revision: 2 });
  });

  it('learns what it missed when it follows the others, and does what waited', () => {
    const world = worldOf(1500, 1200);
    world.call(watch('k', { prevKv: true }));
    isolate(world);
    const lost = pending(world, 0, put('k', 'lost'));
    world.pass(1600);
    const read = pending(world, 0, range('k'));
    const write = pending(world, 0, put('l', 'queued'));
    const kept = pending(world, 0, keepAlive(1));
    world.on(1, put('k', 'new'));
    expect(world.sent).toEqual([]);
    world.server.healLeader();
    expect(world.answerTo(0, read)).toEqual(LEADER_CHANGED);
    expect(world.answerTo(0, write)).toMatchObject({ type: 'put', revision: 4 });
    expect(world.answerTo(0, kept)).toMatchObject({ ttlSeconds: 10 });
    expect(world.takeSent()).toMatchObject([
      { message: { call: undefined, body: { events: [{ kv: { value: 'new' } }] } } },
    ]);
    world.pass(GIVE_UP_MS);
    expect(world.answerTo(0, lost)).toMatchObject(CONNECTION_LOST);
    expect(world.call(range('k'))).toMatchObject({ kvs: [{ value: 'new' }] });
  });

  it('is the leader still if it is back in time, and does what waited', () => {
    const world = worldOf(1500, 1200);
    isolate(world);
    world.takeLeaseNews();
    const write = pending(world, 0, put('k', 'w'));
    const read = pending(world, 1, range('k'));
    const left = pending(world, 1, timeToLive(1));
    const gone = pending(world, 1, put('k', 'gone'));
    world.pass(1000);
    world.server.healLeader();
    expect(world.answerTo(0, write)).toMatchObject({ revision: 3 });
    expect(world.answerTo(1, read)).toMatchObject({ kvs: [{ value: 'w' }] });
    expect(world.answerTo(1, left)).toMatchObject({ ttlSeconds: 9 });
    expect(world.takeLeaseNews()).toEqual([]);
    world.pass(GIVE_UP_MS);
    expect(world.answerTo(1, gone)).toMatchObject(LEADER_FAILED);
    world.pass(3000);
    expect(world.call(leases())).toMatchObject({ ids: [] });
  });

  it('forgets what belonged to a connection that has gone', () => {
    const world = worldOf(1500, 1200);
    isolate(world);
    pending(world, 0, range('k'));
    world.pass(1300);
    pending(world, 0, put('k', 'never'));
    world.close(0);
    world.server.healLeader();
    world.pass(2 * GIVE_UP_MS);
    expect(world.takeSent()).toEqual([]);
  });
});

describe('the others', () => {
  it('lose writes and refuse reads until they have a leader', () => {
    const world = worldOf(1500, 1200);
    isolate(world);
    const write = pending(world, 1, put('k', 'gone'));
    const read = pending(world, 1, range('k'));
    const kept = pending(world, 1, keepAlive(1));
    expect(world.on(1, range('k', { serializable: true }))).toMatchObject({ revision: 2 });
    world.pass(1500);
    expect(world.answerTo(1, read)).toEqual(LEADER_CHANGED);
    expect(world.on(1, put('k', 'new'))).toMatchObject({ revision: 3 });
    world.pass(GIVE_UP_MS - 1500);
    expect(world.answerTo(1, write)).toMatchObject(LEADER_FAILED);
    expect(world.answerTo(1, kept)).toEqual(TIMED_OUT);
  });

  it('count no lease time until they have a leader', () => {
    const world = worldOf(1900, 1200);
    world.pass(9000);
    isolate(world);
    world.pass(1899);
    expect(world.takeLeaseNews().map(({ change }) => change)).toEqual(['created']);
    world.pass(1);
    expect(world.takeLeaseNews()).toMatchObject([{ change: 'reset' }]);
    world.pass(10_999);
    expect(world.on(1, leases())).toMatchObject({ ids: [1] });
    world.pass(501);
    expect(world.on(1, leases())).toMatchObject({ ids: [] });
  });
});

describe('a leader whose disk hangs', () => {
  it('keeps leases alive that others let expire, for as long as it hangs', () => {
    const world = worldOf(1500, 1200);
    isolate(world, 'stall');
    for (let second = 0; second < 20; second++) {
      world.pass(1000);
      expect(world.call(keepAlive(1))).toMatchObject({ ttlSeconds: 10 });
    }
    expect(world.on(1, leases())).toMatchObject({ ids: [] });
  });

  it('has leases revoked that others kept alive, when it is back', () => {
    const world = worldOf(1500, 1200);
    isolate(world, 'stall');
    for (let second = 0; second < 12; second++) {
      world.pass(1000);
      if (second > 0) expect(world.on(1, keepAlive(1))).toMatchObject({ ttlSeconds: 10 });
    }
    expect(world.on(1, range('k'))).toMatchObject({ count: 1 });
    world.server.healLeader();
    expect(world.on(1, range('k'))).toMatchObject({ count: 0 });
    expect(world.on(1, keepAlive(1))).toMatchObject({ ttlSeconds: 0 });
  });

  it('has them revoked whoever leads by then', () => {
    const world = worldOf(1500, 1200);
    isolate(world, 'stall');
    world.pass(11_000);
    world.server.leaderChange();
    world.on(1, keepAlive(1));
    world.server.healLeader();
    expect(world.on(1, keepAlive(1))).toMatchObject({ ttlSeconds: 0 });
  });

  it('asked in vain for what expired before there was another leader', () => {
    const world = new World();
    world.call(grant(1, 2));
    world.pass(1500);
    const draws = [900];
    world.choice = (n) => (n === 1000 ? draws.shift()! : 0);
    isolate(world, 'stall');
    world.pass(4000);
    world.server.healLeader();
    expect(world.call(leases())).toMatchObject({ ids: [1] });
  });

  it('has what it was asked to write written when it is back, answered or not', () => {
    const world = worldOf(1500, 1200);
    isolate(world, 'stall');
    const lost = pending(world, 0, put('k', 'lost'));
    world.pass(1600);
    const forwarded = pending(world, 0, put('k', 'late'));
    const lateRevoke = pending(world, 0, revoke(77));
    world.pass(GIVE_UP_MS);
    for (const call of [lost, forwarded, lateRevoke]) {
      expect(world.answerTo(0, call)).toEqual(TIMED_OUT);
    }
    world.on(1, put('k', 'new'));
    world.server.healLeader();
    expect(world.call(range('k'))).toMatchObject({ kvs: [{ value: 'late' }] });
    expect(world.takeSent()).toEqual([]);
  });
});

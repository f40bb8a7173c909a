/** Redsync: every option with its default, and what lock, unlock and extend send and answer. */
import { describe, expect, test } from 'vitest';
import redsync51 from '../../src/algorithms/flawed/redsync-51.js';
import redsync53 from '../../src/algorithms/flawed/redsync-53.js';
import { resolveOptions } from '../../src/algorithms/options.js';
import redsync from '../../src/algorithms/redsync.js';
import {
  Redsync,
  type RedsyncOptions,
  RedsyncUndecided,
} from '../../src/algorithms/redsync-mutex.js';
import type { CampaignResult } from '../../src/search/campaign.js';
import type { Property } from '../../src/verdict.js';
import { FakeWorld, type Strike } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { found, searched, unclaimed } from './searching.js';

/** 1 % of the TTL. */
const DRIFT_MS = 100;
/** 5 % of the TTL. */
const TRY_MS = 500;

function setUp(options = {}, servers = 5) {
  const world = new FakeWorld(servers);
  const environment = world.client('A');
  const lock = create(redsync, environment, options);
  const strike = (numbers: readonly number[], ...strikes: Strike[]) => {
    for (const number of numbers) environment.redis[number - 1]!.strike(...strikes);
  };
  const occupy = (numbers: readonly number[], ttlMs?: number) => {
    for (const number of numbers) world.servers[number - 1]!.set(KEY, 'B1', ttlMs);
  };
  const values = () => world.servers.map((server) => server.get(KEY));
  /** What was sent to the first server, without the server's name. */
  const toFirst = () =>
    world.log.filter((line) => line.includes(' r1 ')).map((line) => line.replace(' A r1', ''));
  return { world, environment, lock, strike, occupy, values, toFirst };
}

test('has the defaults of upstream', () => {
  expect(resolveOptions(redsync, {})).toEqual({
    servers: 5,
    tries: 32,
    retryDelayMinMs: 50,
    retryDelayMaxMs: 250,
    driftFactor: 0.01,
    timeoutFactor: 0.05,
    genValue: 'random',
    failFast: false,
    shufflePools: false,
    setNXOnExtend: false,
    clientTimeoutMs: 3_000,
  });
});

describe('Lock', () => {
  test('sets the key on all servers at once, and is valid less the drift', async () => {
    const { world, lock, values } = setUp();
    const grant = await granted(world, lock);
    expect(world.log).toEqual(
      ['r1', 'r2', 'r3', 'r4', 'r5'].map((r) => `1 A ${r} SET job A1 NX PX 10000`),
    );
    expect(values()).toEqual(Array(5).fill('A1'));
    expect(grant.validForMs!()).toBe(TTL_MS - 2 - DRIFT_MS);
    expect('signal' in grant).toBe(false);
  });

  test('waits for all servers, each for no longer than a twentieth of the TTL', async () => {
    const { world, lock, strike } = setUp();
    strike([5], 'silence');
    const grant = await granted(world, lock);
    expect(world.nowMs).toBe(TRY_MS);
    expect(grant.validForMs!()).toBe(TTL_MS - TRY_MS - DRIFT_MS);
  });

  test('TryLock, a wait of 0 ms, is one try; a quorum of no is "taken"', async () => {
    const { world, lock, occupy, toFirst } = setUp();
    occupy([1, 2, 3]);
    expect(await refused(world, lock)).toBe('lock already taken');
    expect(toFirst()).toEqual(['1 SET job A1 NX PX 10000', '3 redsync-delete job A1']);
  });

  test('all tries share one value: a removal that arrives late takes what a later try got', async () => {
    const { world, lock, strike, values, toFirst } = setUp({ servers: 1 }, 1);
    strike([1], 'lost-request', { delayRequestMs: 800 });
    const grant = await granted(world, lock, { waitMs: 20_000 });
    expect(values()).toEqual(['A1']);
    await world.advance(1_000);
    expect(toFirst()).toEqual(['652 SET job A1 NX PX 10000', '802 redsync-delete job A1']);
    expect([values(), grant.validForMs!() > 5_000]).toEqual([[null], true]);
  });

  test('a failed try is undone on all servers, also where the vote was no', async () => {
    const { world, lock, occupy, values } = setUp();
    occupy([1, 2, 3]);
    await refused(world, lock);
    expect(values()).toEqual(['B1', 'B1', 'B1', null, null]);
    expect(world.log.filter((line) => line.includes('delete'))).toHaveLength(5);
  });

  test('tries again after a random delay in whole ms, always with the same value', async () => {
    const { world, environment, lock, occupy, toFirst } = setUp();
    occupy([1, 2, 3], 200);
    environment.nextRandom = 0.4999;
    await granted(world, lock, { waitMs: 20_000 });
    // 50 + floor(0.4999 × 200) = 149 ms after the release was answered.
    expect(toFirst()).toEqual([
      '1 SET job A1 NX PX 10000',
      '3 redsync-delete job A1',
      '154 SET job A1 NX PX 10000',
      '156 redsync-delete job A1',
      '307 SET job A1 NX PX 10000',
    ]);
  });

  test('gives up when its tries are used up, with the error of the last', async () => {
    const { world, lock, occupy, toFirst } = setUp({ tries: 3 });
    occupy([1, 2, 3]);
    expect(await refused(world, lock, { waitMs: 60_000 })).toBe('lock already taken');
    expect(toFirst().filter((line) => line.includes('SET'))).toHaveLength(3);
  });

  test('R10 a context that is done between tries ends it', async () => {
    const { world, lock, occupy } = setUp();
    occupy([1, 2, 3]);
    expect(await refused(world, lock, { waitMs: 100 })).toBe('failed to acquire lock');
    expect(world.nowMs).toBe(100);
  });

  test('an abort ends the wait', async () => {
    const { world, lock, occupy } = setUp();
    occupy([1, 2, 3]);
    const controller = new AbortController();
    world.schedule(30, () => controller.abort());
    const { signal } = controller;
    expect(await refused(world, lock, { waitMs: 5_000, signal })).toBe('failed to acquire lock');
    expect(world.nowMs).toBe(30);
  });

  test('R1 votes that took as long as the validity are no lock', async () => {
    const { world, lock, strike } = setUp({ timeoutFactor: 1 });
    strike([1, 2, 3], { delayReplyMs: 97 });
    expect(await refused(world, lock, { ttlMs: 100 })).toBe('failed to acquire lock');
  });

  test('WithFailFast answers as soon as a quorum said yes', async () => {
    const { world, lock, strike } = setUp({ failFast: true });
    strike([4, 5], 'silence');
    await granted(world, lock);
    expect(world.nowMs).toBe(2);
  });

  test('WithFailFast answers as soon as a quorum said taken', async () => {
    const { world, lock, occupy, strike } = setUp({ failFast: true });
    occupy([1, 2, 3]);
    strike([4, 5], 'silence', 'silence');
    expect(await refused(world, lock)).toBe('lock already taken');
    // So does the removal, which three servers answer by "not yours".
    expect(world.nowMs).toBe(4);
  });

  test('WithGenValueFunc may give every lock of a client one value', async () => {
    const { world, lock } = setUp({ genValue: 'client' });
    const first = await granted(world, lock);
    await world.run(first.release());
    expect((await granted(world, lock)).ownerId).toBe(first.ownerId);
    const other = setUp();
    const one = await granted(other.world, other.lock);
    await other.world.run(one.release());
    expect((await granted(other.world, other.lock)).ownerId).not.toBe(one.ownerId);
  });

  test('WithShufflePools changes the order in which servers are asked', async () => {
    const { world, environment, lock } = setUp({ shufflePools: true });
    environment.nextRandom = 0;
    await granted(world, lock);
    const order = world.log.map((line) => line.split(' ')[2]);
    expect(order).not.toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
    expect([...order].sort()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
  });
});

describe('Unlock', () => {
  test('deletes the key on all servers, by its value', async () => {
    const { world, lock, values } = setUp();
    const grant = await granted(world, lock);
    expect(await world.run(grant.release())).toBe(true);
    expect(values()).toEqual(Array(5).fill(null));
  });

  test('is false when the lock has expired, or is somebody else’s', async () => {
    const { world, lock, occupy, values } = setUp();
    const grant = await granted(world, lock);
    await world.advance(TTL_MS);
    occupy([1, 2]);
    expect(await world.run(grant.release())).toBe(false);
    expect(values()).toEqual(['B1', 'B1', null, null, null]);
  });

  test('is an error when a quorum did not answer, within the limit of the client', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    strike([1, 2, 3], 'silence');
    await expect(world.run(grant.release())).rejects.toThrow(RedsyncUndecided);
    expect(world.nowMs).toBe(3_002);
  });
});

describe('Extend', () => {
  test('lets the key live for the expiry of the mutex, and moves Until', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    await world.advance(4_000 - world.nowMs);
    expect(await world.run(grant.renew!(1))).toBe(true);
    expect(world.log.at(-1)).toBe('4001 A r5 extend-if-own job A1 10000');
    expect(grant.validForMs!()).toBe(TTL_MS - 2 - DRIFT_MS);
  });

  test('is false when a quorum says that the key is gone, and Until stays', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    for (const server of world.servers.slice(0, 3)) server.flush();
    await world.advance(1_000 - world.nowMs);
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(grant.validForMs!()).toBe(TTL_MS - 1_002 - DRIFT_MS);
  });

  test('is an error when nobody can tell', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    strike([1, 2, 3], { error: 'LOADING' });
    await expect(world.run(grant.renew!(TTL_MS))).rejects.toThrow('2 servers extended the lock');
  });

  test('is false when the extension is over by the time it is heard of', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock, { ttlMs: 1_000 });
    strike([1, 2, 3], { delayReplyMs: 988 });
    expect(await world.run(grant.renew!(1_000))).toBe(false);
  });

  test('WithSetNXOnExtend sets the key anew where it is gone', async () => {
    const { world, lock, occupy, values } = setUp({ setNXOnExtend: true });
    const grant = await granted(world, lock);
    for (const server of world.servers) server.flush();
    occupy([1]);
    expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
    expect(values()).toEqual(['B1', 'A1', 'A1', 'A1', 'A1']);
  });
});

describe('a mutex', () => {
  function mutexOf(world: FakeWorld, client: string, value?: string) {
    const options = resolveOptions(redsync, {}) as unknown as RedsyncOptions;
    return new Redsync(world.client(client), options).newMutex(KEY, TTL_MS, value);
  }
  const patience = { sleep: () => Promise.resolve(true) };

  test('Valid asks the servers, and is false without a value', async () => {
    const world = new FakeWorld(5);
    const mutex = mutexOf(world, 'A');
    expect(await world.run(mutex.valid())).toBe(false);
    await world.run(mutex.lock('A1', 1, patience));
    expect(await world.run(mutex.valid())).toBe(true);
    for (const server of world.servers.slice(2)) server.flush();
    expect(await world.run(mutex.valid())).toBe(false);
  });

  test('Until is in the past before the first lock, and a failed lock does not move it', async () => {
    const world = new FakeWorld(5);
    const mutex = mutexOf(world, 'A');
    expect(mutex.untilMs).toBeLessThan(0);
    await world.run(mutexOf(world, 'B').lock('B1', 1, patience));
    expect(await world.run(mutex.lock('A1', 1, patience))).toBe('lock already taken');
    expect([mutex.untilMs < 0, mutex.value]).toEqual([true, '']);
  });

  test('WithValue takes a lock over: whoever knows the value may unlock', async () => {
    const world = new FakeWorld(5);
    await world.run(mutexOf(world, 'A').lock('A1', 1, patience));
    expect((await world.run(mutexOf(world, 'B', 'A1').unlock())).yes).toBe(5);
  });
});

describe('a search', () => {
  test('R13 finds nothing that is not claimed', async () => {
    expect(unclaimed(await searched(redsync, { runs: 400 }))).toEqual([]);
  });

  test('R13 finds what is claimed under a pause', async () => {
    const result = await searched(redsync, { runs: 400, faultClasses: ['pause'] });
    expect(found(result)).toContain('mutual-exclusion stale-belief');
  });

  test('an extension that is counted from its answer misleads under delays, Redsync does not', async () => {
    const delayed = { runs: 300, faultClasses: ['delay'] } as const;
    expect(causes(await searched(redsync51, delayed), 'belief').join()).toMatch(/^late-p/);
    expect(causes(await searched(redsync, delayed), 'belief')).toEqual([]);
  });

  test('an extension that sets the key anew brings a lost lock back, under pauses alone', async () => {
    const paused = { runs: 700, faultClasses: ['pause'] } as const;
    const overlaps = causes(await searched(redsync53, paused), 'mutual-exclusion');
    expect(overlaps).toContain('resurrected');
  });
});

/** The causes of what was found of a property. */
function causes({ violations }: CampaignResult, property: Property): (string | undefined)[] {
  return violations
    .filter(({ verdict }) => verdict.property === property)
    .map(({ verdict }) => verdict.cause);
}

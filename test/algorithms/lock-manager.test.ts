/** The lock manager of go-common: who may acquire and release, and by which text. */
import { describe, expect, test } from 'vitest';
import lockManager, {
  LockAlreadyTaken,
  LockFailed,
  LockManager,
  type LockManagerOptions,
  UnlockNotPermitted,
} from '../../src/algorithms/lock-manager.js';
import { resolveOptions } from '../../src/algorithms/options.js';
import { RedsyncUndecided } from '../../src/algorithms/redsync-mutex.js';
import type { Options } from '../../src/scenario.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { found, searched, unclaimed } from './searching.js';

const ONE_TRY = { waitMs: 0 };

function setUp(options: Options = {}) {
  const world = new FakeWorld();
  const resolved = resolveOptions(lockManager, options) as unknown as LockManagerOptions;
  const manager = (client: string) => new LockManager(world.client(client), resolved);
  return { world, manager, server: world.servers[0]! };
}

describe('acquire', () => {
  test('answers a generated owner id, and sets the key to it', async () => {
    const { world, manager, server } = setUp();
    expect(await world.run(manager('A').acquire(KEY, TTL_MS))).toBe('A1');
    expect(world.log).toEqual(['1 A r1 SET job A1 NX PX 10000']);
    expect(server.get(KEY)).toBe('A1');
  });

  test('takes the owner id that it is given', async () => {
    const { world, manager, server } = setUp();
    expect(await world.run(manager('A').acquire(KEY, TTL_MS, ONE_TRY, 'mine'))).toBe('mine');
    expect(server.get(KEY)).toBe('mine');
  });

  test('makes the owner id of the key, as in the example', async () => {
    const { world, manager } = setUp({ tokenGenerator: 'token-for' });
    expect(await world.run(manager('A').acquire(KEY, TTL_MS))).toBe('lock-token-for:job');
  });

  test('a second acquire with another owner id fails: already taken', async () => {
    const { world, manager, server } = setUp();
    await world.run(manager('A').acquire(KEY, TTL_MS, ONE_TRY, 'first'));
    const second = manager('A').acquire(KEY, TTL_MS, ONE_TRY, 'second');
    await expect(world.run(second)).rejects.toThrow(LockAlreadyTaken);
    expect(server.get(KEY)).toBe('first');
  });

  test('a second acquire with the same owner id fails too, and ends the first', async () => {
    const { world, manager, server } = setUp();
    await world.run(manager('A').acquire(KEY, TTL_MS, ONE_TRY, 'mine'));
    const second = manager('B').acquire(KEY, TTL_MS, ONE_TRY, 'mine');
    await expect(world.run(second)).rejects.toThrow(LockAlreadyTaken);
    expect(server.get(KEY)).toBeNull();
  });

  test('a server that does not answer is another failure', async () => {
    const world = new FakeWorld();
    const environment = world.client('A');
    environment.redis[0]!.strike('silence', 'silence');
    const options = resolveOptions(lockManager, {}) as unknown as LockManagerOptions;
    const acquiring = new LockManager(environment, options).acquire(KEY, TTL_MS, ONE_TRY);
    await expect(world.run(acquiring)).rejects.toThrow(LockFailed);
  });

  test('tries 32 times, as Redsync does', async () => {
    const { world, manager, server } = setUp();
    server.set(KEY, 'B1');
    await expect(world.run(manager('A').acquire(KEY, TTL_MS))).rejects.toThrow(LockAlreadyTaken);
    expect(world.log.filter((line) => line.includes('SET'))).toHaveLength(32);
  });
});

describe('release', () => {
  test('deletes the key; a second one is graceful', async () => {
    const { world, manager, server } = setUp();
    const ours = manager('A');
    const ownerId = await world.run(ours.acquire(KEY, TTL_MS));
    await world.run(ours.release(KEY, ownerId));
    expect(server.get(KEY)).toBeNull();
    await expect(world.run(ours.release(KEY, ownerId))).resolves.toBeUndefined();
  });

  test('a stranger is not permitted', async () => {
    const { world, manager, server } = setUp();
    await world.run(manager('A').acquire(KEY, TTL_MS));
    const release = manager('B').release(KEY, 'B1');
    await expect(world.run(release)).rejects.toThrow(UnlockNotPermitted);
    expect(server.get(KEY)).toBe('A1');
  });

  test('an expired lock is released with success', async () => {
    const { world, manager } = setUp();
    const ownerId = await world.run(manager('A').acquire(KEY, TTL_MS));
    await world.advance(TTL_MS);
    await expect(world.run(manager('A').release(KEY, ownerId))).resolves.toBeUndefined();
  });

  test('no answer is an error', async () => {
    const world = new FakeWorld();
    const environment = world.client('A');
    const lock = create(lockManager, environment);
    const grant = await granted(world, lock);
    environment.redis[0]!.strike('lost-reply');
    await expect(world.run(grant.release())).rejects.toThrow(RedsyncUndecided);
  });
});

test('as a lock it has neither renewal nor validity nor signal, and says why it is refused', async () => {
  const { world } = setUp();
  const grant = await granted(world, create(lockManager, world.client('A')));
  expect(['renew', 'validForMs', 'signal'].filter((name) => name in grant)).toEqual([]);
  expect(await refused(world, create(lockManager, world.client('B')))).toBe('lock already taken');
  world.servers[0]!.set(KEY, 'C1');
  expect(await world.run(grant.release())).toBe(false);
});

describe('a search', () => {
  test('R13 finds nothing that is not claimed', async () => {
    expect(unclaimed(await searched(lockManager, { runs: 500 }))).toEqual([]);
  });

  test('R13 finds what is claimed', async () => {
    const stale = await searched(lockManager, { runs: 500, faultClasses: ['half-open'] });
    expect(found(stale)).toContain('mutual-exclusion stale-belief');
    const crash = await searched(lockManager, { runs: 200, faultClasses: ['failover'] });
    expect(found(crash)).toContain('mutual-exclusion double-grant');
  });
});

/** The careful lock of one server: its commands in order, and what it does when replies fail. */
import { describe, expect, test } from 'vitest';
import { EXPIRED, GONE } from '../../src/algorithms/deadline.js';
import { CallTimeout, ConnectionLost, ReplyError } from '../../src/algorithms/environment.js';
import setNx from '../../src/algorithms/set-nx.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

function setUp(options = {}) {
  const world = new FakeWorld();
  const environment = world.client('A');
  const lock = create(setNx, environment, options);
  return { world, environment, lock, redis: environment.redis[0]!, server: world.servers[0]! };
}

describe('acquire', () => {
  test('sets the key to a new owner id with its TTL, if it is free', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock);
    expect(world.log).toEqual(['1 A r1 SET job A1 NX PX 10000']);
    expect(grant.ownerId).toBe('A1');
    expect(server.get(KEY)).toBe('A1');
    expect(grant.fencingToken).toBeUndefined();
  });

  test('R1 the term counts from the send, not from the reply', async () => {
    const { world, lock, redis } = setUp();
    redis.strike({ delayReplyMs: 300 });
    const grant = await granted(world, lock);
    expect(world.nowMs).toBe(302);
    expect(grant.validForMs?.()).toBe(TTL_MS - 302);
  });

  test('is refused in one try if the key is held and nothing may be waited', async () => {
    const { world, lock, server } = setUp();
    server.set(KEY, 'B1', 500);
    expect(await refused(world, lock)).toBe('held');
    expect(world.log).toHaveLength(1);
    expect(world.timersOf('A')).toBe(0);
  });

  test('tries again after a random delay, with a new owner id each time', async () => {
    const { world, environment, lock, server } = setUp({ retryDelayMs: 40, retryJitterMs: 20 });
    server.set(KEY, 'B1', 100);
    environment.nextRandom = 0.25;
    await granted(world, lock, { waitMs: 1_000 });
    expect(world.log).toEqual([
      '1 A r1 SET job A1 NX PX 10000',
      '48 A r1 SET job A2 NX PX 10000',
      '95 A r1 SET job A3 NX PX 10000',
      '142 A r1 SET job A4 NX PX 10000',
    ]);
  });

  test('R10 tries a last time when the wait is over, and not after that', async () => {
    const { world, lock, server } = setUp({ retryDelayMs: 60, retryJitterMs: 0 });
    server.set(KEY, 'B1');
    expect(await refused(world, lock, { waitMs: 100 })).toBe('held');
    expect(world.log.map((line) => line.split(' ')[0])).toEqual(['1', '63', '101']);
    expect(world.nowMs).toBe(102);
  });

  test('waits without limit if no limit is given', async () => {
    const { world, lock, server } = setUp();
    server.set(KEY, 'B1', 60_000);
    const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS }));
    expect(answer.granted).toBe(true);
    expect(world.nowMs).toBeGreaterThan(60_000);
  });

  test('aborting ends the wait', async () => {
    const { world, lock, server } = setUp();
    server.set(KEY, 'B1');
    const controller = new AbortController();
    world.schedule(30, () => controller.abort());
    expect(await refused(world, lock, { waitMs: 5_000, signal: controller.signal })).toBe(
      'aborted',
    );
    expect(world.nowMs).toBe(30);
    expect(world.timersOf('A')).toBe(0);
  });

  test('a grant that arrives when its term is over is refused and removed', async () => {
    const { world, lock, redis } = setUp();
    redis.strike({ delayReplyMs: 60 });
    expect(await refused(world, lock, { ttlMs: 62 })).toBe('granted too late');
    await world.advance(10);
    expect(world.log).toEqual(['1 A r1 SET job A1 NX PX 62', '63 A r1 delete-if-own job A1']);
  });

  test('a grant with a microsecond left of its term is a grant', async () => {
    const { world, lock, redis } = setUp();
    redis.strike({ delayReplyMs: 59.999 });
    const grant = await granted(world, lock, { ttlMs: 62 });
    expect(grant.validForMs?.()).toBe(0.001);
  });

  test('R7 a lost reply: the key is removed by its old owner id, a new one is tried', async () => {
    const { world, lock, redis, server } = setUp({ retryDelayMs: 50, retryJitterMs: 0 });
    redis.strike('lost-reply');
    const grant = await granted(world, lock, { waitMs: 1_000 });
    expect(world.log).toEqual([
      '1 A r1 SET job A1 NX PX 10000',
      '2 A r1 delete-if-own job A1',
      '52 A r1 SET job A2 NX PX 10000',
    ]);
    expect(grant.ownerId).toBe('A2');
    expect(server.get(KEY)).toBe('A2');
  });

  test('R7 a lost reply and no wait: refused at once, removed in the background', async () => {
    const { world, lock, redis, server } = setUp();
    redis.strike('lost-reply', 'lost-request');
    expect(await refused(world, lock)).toBe(new ConnectionLost(true).message);
    expect(world.nowMs).toBe(1);
    expect(server.get(KEY)).toBe('A1');
    await world.advance(1_000);
    expect(server.get(KEY)).toBeNull();
    expect(world.timersOf('A')).toBe(0);
  });

  test('no reply: gives up after the call timeout and removes what may have been set', async () => {
    const { world, lock, redis, server } = setUp({ callTimeoutMs: 200 });
    redis.strike({ delayReplyMs: 5_000 });
    expect(await refused(world, lock)).toBe(new CallTimeout(200).message);
    expect(world.nowMs).toBe(200);
    await world.advance(10);
    expect(server.get(KEY)).toBeNull();
  });

  test('the clean-up of an earlier try cannot hurt a later grant, however late it is', async () => {
    const { world, lock, redis, server } = setUp({ retryDelayMs: 50, retryJitterMs: 0 });
    redis.strike('lost-reply', 'lost-request', 'lost-request');
    const grant = await granted(world, lock, { waitMs: 30_000 });
    await world.advance(1_000);
    expect(server.get(KEY)).toBe(grant.ownerId);
    expect(world.log.filter((line) => line.includes(`delete-if-own job ${grant.ownerId}`))).toEqual(
      [],
    );
  });

  test('an error reply is a refusal, with nothing to remove', async () => {
    const { world, lock, redis } = setUp();
    redis.strike({ error: 'LOADING Redis is loading the dataset in memory' });
    expect(await refused(world, lock)).toBe('LOADING Redis is loading the dataset in memory');
    await world.advance(5_000);
    expect(world.log).toEqual([]);
  });
});

describe('renew', () => {
  test('extends the key while it is ours; the new term counts from the send', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock);
    await world.advance(4_000);
    const sentAtMs = world.nowMs;
    expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
    expect(world.log.at(-1)).toBe('4003 A r1 extend-if-own job A1 10000');
    expect(grant.validForMs?.()).toBe(sentAtMs + TTL_MS - world.nowMs);
    expect(server.ttlMs(KEY)).toBe(TTL_MS - 1);
  });

  test('R11 tells the holder as soon as the server says that the key is not ours', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock);
    const signal = grant.signal!;
    server.set(KEY, 'B1', 5_000);
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(signal.reason).toBe(GONE);
    expect(grant.validForMs?.()).toBe(0);
    expect(server.ttlMs(KEY)).toBeLessThanOrEqual(5_000);
  });

  test('sends nothing when the term is over', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    await world.advance(TTL_MS);
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(world.log).toHaveLength(1);
  });

  test('a confirmation that comes after the old end does not bring the grant back', async () => {
    const { world, lock, redis } = setUp({ callTimeoutMs: 5_000 });
    const grant = await granted(world, lock);
    const signal = grant.signal!;
    await world.advance(TTL_MS - 100);
    redis.strike({ delayReplyMs: 200 });
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(signal.reason).toBe(EXPIRED);
    expect(grant.validForMs?.()).toBe(0);
  });

  test('throws if it cannot tell, and the old term stands', async () => {
    const { world, lock, redis } = setUp();
    const grant = await granted(world, lock);
    redis.strike('lost-reply');
    await expect(world.run(grant.renew!(TTL_MS))).rejects.toThrow(ConnectionLost);
    expect(grant.validForMs?.()).toBe(TTL_MS - world.nowMs);
  });

  test('a shorter term counts from the send on, confirmed or not', async () => {
    const { world, lock, redis } = setUp();
    const grant = await granted(world, lock);
    redis.strike('lost-reply');
    const sentAtMs = world.nowMs;
    await expect(world.run(grant.renew!(500))).rejects.toThrow(ConnectionLost);
    expect(grant.validForMs?.()).toBe(sentAtMs + 500 - world.nowMs);
  });
});

describe('release', () => {
  test('deletes the key by its owner id and says so', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock);
    expect(await world.run(grant.release())).toBe(true);
    expect(world.log.at(-1)).toBe('3 A r1 delete-if-own job A1');
    expect(server.get(KEY)).toBeNull();
  });

  test("leaves somebody else's key alone and says that it was lost", async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock);
    server.set(KEY, 'B1', 5_000);
    expect(await world.run(grant.release())).toBe(false);
    expect(server.get(KEY)).toBe('B1');
  });

  test('R3 the grant is over from the send of the release on', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    const released = grant.release();
    expect(grant.validForMs?.()).toBe(0);
    await world.run(released);
  });

  test('leaves no timer behind, and does not abort the signal', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    const signal = grant.signal!;
    expect(world.timersOf('A')).toBe(1);
    await world.run(grant.release());
    expect(world.timersOf('A')).toBe(0);
    await world.advance(2 * TTL_MS);
    expect(signal.aborted).toBe(false);
  });

  test('tries again when the request was lost, three times in all', async () => {
    const { world, lock, redis, server } = setUp();
    const grant = await granted(world, lock);
    redis.strike('lost-request', { error: 'LOADING' });
    await expect(world.run(grant.release())).resolves.toBe(true);
    expect(server.get(KEY)).toBeNull();

    const second = await granted(world, lock);
    redis.strike({ error: 'LOADING' }, { error: 'LOADING' }, { error: 'LOADING' });
    await expect(world.run(second.release())).rejects.toThrow(ReplyError);
    expect(server.get(KEY)).toBe(second.ownerId);
    expect(world.timersOf('A')).toBe(0);
  });

  test('after a try that was certainly not applied, "not ours" means lost', async () => {
    const { world, lock, redis, server } = setUp();
    const grant = await granted(world, lock);
    server.flush();
    redis.strike({ error: 'LOADING' });
    expect(await world.run(grant.release())).toBe(false);
  });

  test('an unanswered try is what counts, whatever the later ones say', async () => {
    const { world, lock, redis } = setUp();
    const grant = await granted(world, lock);
    redis.strike('lost-reply', { error: 'LOADING' }, { error: 'LOADING' });
    await expect(world.run(grant.release())).rejects.toThrow(ConnectionLost);
  });

  test('throws if an unanswered try may have deleted the key', async () => {
    const { world, lock, redis, server } = setUp();
    const grant = await granted(world, lock);
    redis.strike('lost-reply');
    await expect(world.run(grant.release())).rejects.toThrow(ConnectionLost);
    expect(server.get(KEY)).toBeNull();
  });
});

test('R11 the signal is aborted at the end of the term if nobody renews', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock);
  const signal = grant.signal!;
  await world.advance(TTL_MS - world.nowMs - 0.001);
  expect(signal.aborted).toBe(false);
  await world.advance(0.001);
  expect(signal.reason).toBe(EXPIRED);
});

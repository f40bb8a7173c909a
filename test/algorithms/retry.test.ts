/** Trying again: failures of calls are refusals, mistakes are not. */
import { expect, test } from 'vitest';
import { ConnectionLost, ReplyError } from '../../src/algorithms/environment.js';
import { refused, removing, retrying } from '../../src/algorithms/retry.js';
import { FakeWorld } from './fake-environment.js';

const OPTIONS = { retryDelayMs: 10, retryJitterMs: 0 };
const ONE_TRY = { ttlMs: 1_000, waitMs: 0 };

function setUp() {
  const world = new FakeWorld();
  return { world, environment: world.client('A') };
}

test('the last refusal is the answer', async () => {
  const { world, environment } = setUp();
  const reasons = ['first', 'second', 'third'];
  const attempt = async () => refused(reasons.shift()!);
  const answer = retrying(environment, { ttlMs: 1_000, waitMs: 15 }, OPTIONS, attempt);
  expect(await world.run(answer)).toEqual({ granted: false, reason: 'third' });
});

test('a call that failed is a refusal with its message', async () => {
  const { world, environment } = setUp();
  const attempt = () => Promise.reject(new ConnectionLost(false));
  const answer = await world.run(retrying(environment, ONE_TRY, OPTIONS, attempt));
  expect(answer).toEqual(refused('connection lost before the request was sent'));
});

test('a mistake in the code of an attempt is thrown', async () => {
  const { world, environment } = setUp();
  const attempt = () => Promise.reject(new TypeError('key.split is not a function'));
  await expect(world.run(retrying(environment, ONE_TRY, OPTIONS, attempt))).rejects.toThrow(
    TypeError,
  );
});

test('an aborted caller gets no try at all', async () => {
  const { world, environment } = setUp();
  const attempt = () => Promise.reject(new TypeError('tried'));
  const wanted = { ...ONE_TRY, signal: AbortSignal.abort() };
  expect(await world.run(retrying(environment, wanted, OPTIONS, attempt))).toEqual(
    refused('aborted'),
  );
});

test('a mistake in the code of a removal is thrown at once', async () => {
  const { world, environment } = setUp();
  const remove = () => Promise.reject(new TypeError('undefined'));
  await expect(world.run(removing(environment, OPTIONS, remove))).rejects.toThrow(TypeError);
  expect(world.nowMs).toBe(0);
});

test('a removal pauses between its tries', async () => {
  const { world, environment } = setUp();
  const remove = () => Promise.reject(new ReplyError('LOADING'));
  await expect(world.run(removing(environment, OPTIONS, remove))).rejects.toThrow('LOADING');
  expect(world.nowMs).toBe(20);
});

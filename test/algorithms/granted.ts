/** Steps that tests of locks repeat: make one with its defaults, acquire, insist on a grant. */
import type { Environment } from '../../src/algorithms/environment.js';
import type { AcquireOptions, Grant, Lock, LockAlgorithm } from '../../src/algorithms/lock.js';
import { resolveOptions } from '../../src/algorithms/options.js';
import type { Options } from '../../src/scenario.js';
import type { FakeWorld } from './fake-environment.js';

export const KEY = 'job';
export const TTL_MS = 10_000;

/** The lock as a client of it, with default options but for those given. */
export function create(
  algorithm: LockAlgorithm,
  environment: Environment,
  options: Options = {},
): Lock {
  const values = resolveOptions(algorithm, options) as Parameters<LockAlgorithm['create']>[1];
  return algorithm.create(environment, values);
}

/** Acquires the key in one try, if nothing else is asked for, and insists on being granted. */
export async function granted(
  world: FakeWorld,
  lock: Lock,
  wanted: Partial<AcquireOptions> = {},
): Promise<Grant> {
  const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0, ...wanted }));
  if (!answer.granted) throw new Error(`refused: ${answer.reason}`);
  return answer;
}

/** Acquires the key and insists on being refused; answers the reason. */
export async function refused(
  world: FakeWorld,
  lock: Lock,
  wanted: Partial<AcquireOptions> = {},
): Promise<string> {
  const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0, ...wanted }));
  if (answer.granted) throw new Error('granted');
  return answer.reason;
}

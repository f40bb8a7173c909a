/**
 * The Redis lock that BeeORM wraps: bsm/redislock v0.9.4 (redislock.go), one key on one server. The
 * value is the owner id alone (no metadata). Obtaining overwrites a key that holds the same owner
 * id: harmless with an id of one's own, which is the default.
 *
 * Any error ends an `obtain`, and so does its deadline, one TTL after the call: between tries it is
 * noticed by itself, and by a call that has no reply then. Nothing cleans up after a call whose
 * outcome is not known.
 */
import { CallTimeout, type Environment, type RedisConnection } from './environment.js';

/** Sets KEYS[1] to ARGV[1] for ARGV[3] ms if it is free or begins with the same ARGV[2] bytes. */
export const REDISLOCK_OBTAIN = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[3]) then
  return redis.status_reply('OK')
end
local length = tonumber(ARGV[2])
if redis.call('GETRANGE', KEYS[1], 0, length - 1) == string.sub(ARGV[1], 1, length) then
  return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
end
`;

/** Milliseconds left of KEYS[1] if it holds ARGV[1], else -3. */
export const REDISLOCK_PTTL = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PTTL', KEYS[1])
end
return -3
`;

/** How a lock is tried again: the pause before each further try, 0 when there is none left. */
export type RetryStrategy = () => number;

/** `NoRetry`, the default. */
export const NO_RETRY: RetryStrategy = () => 0;

/** `LimitRetry(LinearBackoff(delayMs), max)`. */
export function limitedRetry(delayMs: number, max: number): RetryStrategy {
  let retries = 0;
  return () => {
    if (retries >= max) return 0;
    retries += 1;
    return delayMs;
  };
}

/** The deadline of an obtain has passed: the context's own error, not `ErrNotObtained`. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Obtains a key for an owner id; `false` is `ErrNotObtained`.
 *
 * @throws {DeadlineExceeded} one TTL after the call.
 */
export async function obtain(
  environment: Environment,
  redis: RedisConnection,
  key: string,
  ownerId: string,
  ttlMs: number,
  nextRetryMs: RetryStrategy,
): Promise<boolean> {
  const deadlineMs = environment.monoMs() + ttlMs;
  for (;;) {
    const leftMs = deadlineMs - environment.monoMs();
    if (leftMs <= 0) throw new DeadlineExceeded('the deadline of the obtain has passed');
    if ((await tryOnce(redis.within(leftMs), key, ownerId, ttlMs)) !== null) return true;
    const delayMs = nextRetryMs();
    if (delayMs < 1) return false;
    const untilMs = deadlineMs - environment.monoMs();
    await environment.sleep(Math.max(0, Math.min(delayMs, untilMs)));
    if (untilMs < delayMs) throw new DeadlineExceeded('the deadline of the obtain has passed');
  }
}

async function tryOnce(redis: RedisConnection, key: string, ownerId: string, ttlMs: number) {
  try {
    return await redis.eval(REDISLOCK_OBTAIN, [key], [ownerId, ownerId.length, ttlMs]);
  } catch (error) {
    if (error instanceof CallTimeout) throw new DeadlineExceeded(error.message);
    throw error;
  }
}

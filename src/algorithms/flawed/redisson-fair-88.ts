/**
 * Flaw: the time-out of a place is reckoned from the first place in the queue, and nobody's moves
 * up when that one enters, or when somebody gives up. While the queue does not run empty each who
 * comes times out a whole wait later than the one before, however fast the queue moves: in the end
 * hours later (redisson/redisson#1104: six). If the owner of such a place dies nobody enters until
 * then; and if the holder dies, who is first sleeps on, for as long as it was told to.
 *
 * A place was for 5 s then, however long its owner may wait, and a lease, which is renewed, for
 * 30 s; here it is for 4 s, so that places last longer than leases. Callers use `tryLock` with a
 * short limit.
 */
import { defineLock } from '../lock.js';
import { FAIR_OPTIONS, RedissonFairLock } from '../redisson-fair.js';
import { dropLate } from '../redisson-fair-scripts.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

/** The longest that a caller waits; the probe of a run has no limit. */
const TRY_LOCK_MS = 2_500;

/** Arguments and answers as those of `FAIR_ENTER` and `FAIR_GIVE_UP`. */
const ENTER_BEFORE_FIX = `${dropLate(4)}
if redis.call('EXISTS', KEYS[1]) == 0
    and (redis.call('EXISTS', KEYS[2]) == 0 or redis.call('LINDEX', KEYS[2], 0) == ARGV[2]) then
  redis.call('LPOP', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[2])
  redis.call('HSET', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
  redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
local first = redis.call('LINDEX', KEYS[2], 0)
local wait
if first and first ~= ARGV[2] then
  wait = tonumber(redis.call('ZSCORE', KEYS[3], first)) - tonumber(ARGV[4])
else
  wait = redis.call('PTTL', KEYS[1])
end
if redis.call('ZADD', KEYS[3], wait + tonumber(ARGV[3]) + tonumber(ARGV[4]), ARGV[2]) == 1 then
  redis.call('RPUSH', KEYS[2], ARGV[2])
end
return wait
`;

const GIVE_UP_BEFORE_FIX = `
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('LREM', KEYS[1], 0, ARGV[1])
`;

class RedissonFair88 extends RedissonFairLock {
  protected override placeMs(): number {
    return this.options.fairLockWaitTimeoutMs;
  }
}

export default defineLock({
  name: 'redisson-fair-88',
  summary: "Redisson's fair lock whose places time out later and later.",
  source:
    'redisson/redisson#1104 (RedissonFairLock.java before 3c63f97f, released with v3.5.5); ' +
    'redisson/redisson#2099 (before 6dbc972b, released with v3.11.1)',
  services: { redis: 1 },
  options: {
    ...FAIR_OPTIONS,
    lockWatchdogTimeoutMs: { ...FAIR_OPTIONS.lockWatchdogTimeoutMs, default: 4_000 },
    fairLockWaitTimeoutMs: { ...FAIR_OPTIONS.fairLockWaitTimeoutMs, default: 5_000 },
  },
  declares: { wokenByMessage: true, fairness: 'enqueue-order', reentrant: true },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'progress', faults: ['client-crash'], runs: 2_000 },
  fixedBy: 'redisson-fair',
  create(environment, options) {
    const design = { enter: ENTER_BEFORE_FIX, giveUp: GIVE_UP_BEFORE_FIX };
    const lock = new RedissonFair88(environment, options, design);
    return {
      acquire(key, wanted) {
        const { waitMs } = wanted;
        if (waitMs === undefined) return lock.acquire(key, wanted);
        return lock.acquire(key, { ...wanted, waitMs: Math.min(waitMs, TRY_LOCK_MS) });
      },
    };
  },
});

/**
 * The scripts of Redisson's fair lock: the same keys, commands and order as upstream, in our own
 * words (redisson/redisson v4.7.0: RedissonFairLock.java). Beside the lock there are the queue of
 * who waits, a list, and their time-outs, a sorted set: who is first in the queue and late by the
 * clock of whoever looks is taken out.
 */

/** Takes out of the queue KEYS[2] whose time-outs in KEYS[3] are not after ARGV[`now`]. */
export function dropLate(now: number): string {
  return `
while true do
  local first = redis.call('LINDEX', KEYS[2], 0)
  if not first then break end
  local timeout = redis.call('ZSCORE', KEYS[3], first)
  if not timeout or tonumber(timeout) > tonumber(ARGV[${now}]) then break end
  redis.call('ZREM', KEYS[3], first)
  redis.call('LPOP', KEYS[2])
end
`;
}

/** All who wait have one less before them: their time-outs are ARGV[3] ms earlier. */
export const MOVE_UP = `
  for _, waiter in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
    redis.call('ZINCRBY', KEYS[3], -tonumber(ARGV[3]), waiter)
  end`;

/**
 * Enters the lock KEYS[1] as ARGV[2] for ARGV[1] ms if it is free and nobody is before us in the
 * queue KEYS[2], or if it is ours. Else takes a place at the end, with a time-out in KEYS[3]: that
 * of the one before, or the end of the lease, and ARGV[3] ms more. ARGV[4] is the present by the
 * clock of the caller, in ms. Answers nil, or how long to wait.
 */
export const FAIR_ENTER = `${dropLate(4)}
if redis.call('EXISTS', KEYS[1]) == 0
    and (redis.call('EXISTS', KEYS[2]) == 0 or redis.call('LINDEX', KEYS[2], 0) == ARGV[2]) then
  redis.call('LPOP', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[2])${MOVE_UP}
  redis.call('HSET', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
  redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
if redis.call('ZSCORE', KEYS[3], ARGV[2]) then
  return math.max(0, redis.call('PTTL', KEYS[1]))
end
local last = redis.call('LINDEX', KEYS[2], -1)
local before = last and last ~= ARGV[2] and redis.call('ZSCORE', KEYS[3], last)
local wait
if before then
  wait = tonumber(before) - tonumber(ARGV[4])
else
  wait = redis.call('PTTL', KEYS[1])
end
local timeout = wait + tonumber(ARGV[3]) + tonumber(ARGV[4])
if redis.call('ZADD', KEYS[3], timeout, ARGV[2]) == 1 then
  redis.call('RPUSH', KEYS[2], ARGV[2])
end
return wait
`;

/**
 * Gives up the place of ARGV[1] in the queue KEYS[1] and its time-out in KEYS[2]; who is behind it
 * moves up by ARGV[2] ms.
 */
export const FAIR_GIVE_UP = `
local queue = redis.call('LRANGE', KEYS[1], 0, -1)
local at = 1
while at <= #queue and queue[at] ~= ARGV[1] do at = at + 1 end
for behind = at + 1, #queue do
  redis.call('ZINCRBY', KEYS[2], -tonumber(ARGV[2]), queue[behind])
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('LREM', KEYS[1], 0, ARGV[1])
`;

/**
 * Leaves the lock KEYS[1] once as ARGV[3]; when it is free the first in the queue KEYS[2] is told,
 * by ARGV[1] on a channel of its own, whose name begins as KEYS[4]. ARGV[2] is the lease of who is
 * still in, ARGV[4] the present, ARGV[5] the command that publishes. Answers 1 if it is free, 0 if
 * it is still entered, nil if it was not ours; keeps the answer in KEYS[5] for ARGV[6] ms.
 */
export const FAIR_LEAVE = `
local answered = redis.call('GET', KEYS[5])
if answered then return tonumber(answered) end
${dropLate(4)}
local function tell_first()
  local first = redis.call('LINDEX', KEYS[2], 0)
  if first then redis.call(ARGV[5], KEYS[4] .. ':' .. first, ARGV[1]) end
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  tell_first()
  redis.call('SET', KEYS[5], 1, 'PX', ARGV[6])
  return 1
end
if redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then return nil end
if redis.call('HINCRBY', KEYS[1], ARGV[3], -1) > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('SET', KEYS[5], 0, 'PX', ARGV[6])
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[5], 1, 'PX', ARGV[6])
tell_first()
return 1
`;

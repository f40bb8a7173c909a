/**
 * The scripts of Redisson's semaphore whose permits expire: the same keys, commands and order as
 * upstream, in our own words (redisson/redisson v4.7.0: RedissonPermitExpirableSemaphore.java). A
 * counter says how many permits are left; those given out stand in a sorted set with the end of
 * their leases, by the clocks of the clients.
 */

/** Sets KEYS[1] to ARGV[1] permits if it does not exist, and says so by ARGV[2] on KEYS[2]. */
export const SET_PERMITS = `
if redis.call('GET', KEYS[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call(ARGV[2], KEYS[2], ARGV[1])
return 1
`;

/**
 * Takes back permits of KEYS[2] that are over at ARGV[3], at most ARGV[1], and says so by the
 * command ARGV[5] on KEYS[3]. Then takes ARGV[1] permits of KEYS[1], with the ids from ARGV[6] on,
 * until ARGV[2]. Answers OK; a colon and when the next one is over, unless that is never (ARGV[4]);
 * or nil.
 */
export const TAKE_PERMITS = `
local over = redis.call('ZRANGEBYSCORE', KEYS[2], 0, ARGV[3], 'LIMIT', 0, ARGV[1])
if #over > 0 then
  redis.call('ZREM', KEYS[2], unpack(over))
  local left = redis.call('INCRBY', KEYS[1], #over)
  if tonumber(left) > 0 then redis.call(ARGV[5], KEYS[3], left) end
end
local left = redis.call('GET', KEYS[1])
if left and tonumber(left) >= tonumber(ARGV[1]) then
  redis.call('DECRBY', KEYS[1], ARGV[1])
  for i = 6, #ARGV do redis.call('ZADD', KEYS[2], ARGV[2], ARGV[i]) end
  local ttl = redis.call('PTTL', KEYS[1])
  if ttl > 0 then redis.call('PEXPIRE', KEYS[2], ttl) end
  return 'OK'
end
local next = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if next[1] and next[2] ~= ARGV[4] then return ':' .. tostring(next[2]) end
return nil
`;

/**
 * Gives back the permit ARGV[1] of KEYS[3], ARGV[2] in number, to KEYS[1], and says so by the
 * command ARGV[4] on KEYS[2]. Answers 1; 0 if it was not there, or over at ARGV[3].
 */
export const GIVE_PERMIT_BACK = `
local ends = redis.call('ZSCORE', KEYS[3], ARGV[1])
if redis.call('ZREM', KEYS[3], ARGV[1]) ~= 1 then return 0 end
redis.call(ARGV[4], KEYS[2], redis.call('INCRBY', KEYS[1], ARGV[2]))
if tonumber(ends) <= tonumber(ARGV[3]) then return 0 end
return 1
`;

/**
 * Takes back all permits of KEYS[2] that are over at ARGV[3], as above; then lets the permit
 * ARGV[1] last until ARGV[2]. Answers 1, or 0 if it is not there any more.
 */
export const EXTEND_PERMIT = `
local over = redis.call('ZRANGEBYSCORE', KEYS[2], 0, ARGV[3], 'LIMIT', 0, -1)
if #over > 0 then
  redis.call('ZREM', KEYS[2], unpack(over))
  local left = redis.call('INCRBY', KEYS[1], #over)
  if tonumber(left) > 0 then redis.call(ARGV[4], KEYS[3], left) end
end
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1
`;

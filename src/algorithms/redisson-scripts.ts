/**
 * The scripts of Redisson's reentrant locks: the same keys, commands and order as upstream, in our
 * own words (redisson/redisson v4.7.0: RedissonLock.java, RedissonFencedLock.java, LockTask.java).
 * The lock is a hash from its holders to how often each has entered.
 */

/**
 * Enters the lock KEYS[1] as ARGV[2] for ARGV[1] ms if it is free or already ours. Answers nil, or
 * the milliseconds that it is still taken for.
 */
export const ENTER = `
local free = redis.call('EXISTS', KEYS[1]) == 0
if not free and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then
  return redis.call('PTTL', KEYS[1])
end
redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return nil
`;

/**
 * The same, and counts the grant in KEYS[2]. Answers −1 and the count, which is the fencing token,
 * or the milliseconds that it is still taken for and −1.
 */
export const ENTER_AND_COUNT = `
local free = redis.call('EXISTS', KEYS[1]) == 0
if not free and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then
  return {redis.call('PTTL', KEYS[1]), -1}
end
local count = redis.call('INCR', KEYS[2])
redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {-1, count}
`;

/**
 * Leaves the lock KEYS[1] once as ARGV[3]; the last one out deletes it and says ARGV[1] by the
 * command ARGV[4] on KEYS[2], else it lives ARGV[2] ms more. Answers 1 for the last one, 0 if it is
 * still entered, nil if it was not ours; keeps the answer in KEYS[3] for ARGV[5] ms.
 */
export const LEAVE = `
local answered = redis.call('GET', KEYS[3])
if answered then return tonumber(answered) end
if redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then return nil end
local answer = 0
if redis.call('HINCRBY', KEYS[1], ARGV[3], -1) > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  answer = 1
  redis.call('DEL', KEYS[1])
  redis.call(ARGV[4], KEYS[2], ARGV[1])
end
redis.call('SET', KEYS[3], answer, 'PX', ARGV[5])
return answer
`;

/** Lets each of KEYS live ARGV[1] ms more if the holder beside it is in it. Answers 1 or 0 each. */
export const RENEW_ALL = `
local answers = {}
for i, key in ipairs(KEYS) do
  answers[i] = redis.call('HEXISTS', key, ARGV[i + 1])
  if answers[i] == 1 then redis.call('PEXPIRE', key, ARGV[1]) end
end
return answers
`;

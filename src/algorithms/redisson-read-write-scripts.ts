/**
 * The scripts of Redisson's read-write lock: the same keys, commands and order as upstream, in our
 * own words (redisson/redisson v4.7.0: RedissonReadLock.java, RedissonWriteLock.java,
 * renewal/ReadLockTask.java). The lock is a hash with a field `mode` beside its holders, a writer
 * being told by `:write` behind its name; each entry of a reader has a key of its own besides, whose
 * time-out is its lease.
 */

/**
 * Enters KEYS[1] to read, as ARGV[2] for ARGV[1] ms, if nobody writes but ARGV[3], the same holder;
 * the time-outs of its entries are KEYS[2] and a number. Answers nil, or for how many ms it is
 * still taken.
 */
export const READ_ENTER = `
local mode = redis.call('HGET', KEYS[1], 'mode')
if not mode then
  redis.call('HSET', KEYS[1], 'mode', 'read')
  redis.call('HSET', KEYS[1], ARGV[2], 1)
  redis.call('SET', KEYS[2] .. ':1', 1)
  redis.call('PEXPIRE', KEYS[2] .. ':1', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
if mode == 'write' and redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then
  return redis.call('PTTL', KEYS[1])
end
local entry = KEYS[2] .. ':' .. redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
redis.call('SET', entry, 1)
redis.call('PEXPIRE', entry, ARGV[1])
local left = redis.call('PTTL', KEYS[1])
redis.call('PEXPIRE', KEYS[1], math.max(left, tonumber(ARGV[1])))
return nil
`;

/**
 * Leaves KEYS[1] once as the reader ARGV[2], whose time-outs are KEYS[3] and a number. While others
 * are in it, it lives as long as the longest of their time-outs, KEYS[4] and their names; the last
 * one out deletes it and says ARGV[1] by the command ARGV[3] on KEYS[2]. Answers 1 for the last
 * one, else 0, nil if it was not in; keeps the answer in KEYS[5] for ARGV[4] ms.
 */
export const READ_LEAVE = `
local answered = redis.call('GET', KEYS[5])
if answered then return tonumber(answered) end
local function answering(answer)
  redis.call('SET', KEYS[5], answer, 'PX', ARGV[4])
  return answer
end
local mode = redis.call('HGET', KEYS[1], 'mode')
if not mode then
  redis.call(ARGV[3], KEYS[2], ARGV[1])
  answering(1)
  return nil
end
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return nil end
local entered = redis.call('HINCRBY', KEYS[1], ARGV[2], -1)
if entered == 0 then redis.call('HDEL', KEYS[1], ARGV[2]) end
redis.call('DEL', KEYS[3] .. ':' .. (entered + 1))
if redis.call('HLEN', KEYS[1]) > 1 then
  local longest = -3
  for _, holder in ipairs(redis.call('HKEYS', KEYS[1])) do
    local entries = tonumber(redis.call('HGET', KEYS[1], holder)) or 0
    for entry = entries, 1, -1 do
      local timeout = KEYS[4] .. ':' .. holder .. ':rwlock_timeout:' .. entry
      longest = math.max(longest, redis.call('PTTL', timeout))
    end
  end
  if longest > 0 then
    redis.call('PEXPIRE', KEYS[1], longest)
    return answering(0)
  end
  if mode == 'write' then return answering(0) end
end
redis.call('DEL', KEYS[1])
redis.call(ARGV[3], KEYS[2], ARGV[1])
return answering(1)
`;

/**
 * Lets locks live ARGV[1] ms more for readers of theirs that are in them, with all time-outs of
 * those. KEYS are pairs of a lock and the prefix of its time-outs; behind the term, ARGV has for
 * each the number of its readers and their names. Answers 1 or 0 for each lock.
 */
export const READ_RENEW_ALL = `
local answers = {}
local at = 2
for i = 1, #KEYS, 2 do
  local last = at + tonumber(ARGV[at])
  local alive = 0
  while at < last do
    at = at + 1
    local entries = redis.call('HGET', KEYS[i], ARGV[at])
    if entries then
      alive = 1
      for entry = tonumber(entries), 1, -1 do
        redis.call('PEXPIRE', KEYS[i + 1] .. ':' .. ARGV[at] .. ':rwlock_timeout:' .. entry, ARGV[1])
      end
    end
  end
  at = at + 1
  if alive == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
  answers[#answers + 1] = alive
end
return answers
`;

/**
 * Enters KEYS[1] to write, as ARGV[2], if it is free, for ARGV[1] ms; if it is ours already, for so
 * much longer than it has left. Answers nil, or for how many ms it is still taken.
 */
export const WRITE_ENTER = `
local mode = redis.call('HGET', KEYS[1], 'mode')
if not mode then
  redis.call('HSET', KEYS[1], 'mode', 'write')
  redis.call('HSET', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
if mode == 'write' and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
  redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], redis.call('PTTL', KEYS[1]) + ARGV[1])
  return nil
end
return redis.call('PTTL', KEYS[1])
`;

/**
 * Leaves KEYS[1] once as the writer ARGV[3]. The last time it deletes it and says ARGV[1] by the
 * command ARGV[4] on KEYS[2], or leaves it to its own reads; before, it lives ARGV[2] ms more.
 * Answers 1 for the last time, else 0, nil if it was not in; keeps the answer in KEYS[3] for
 * ARGV[5] ms.
 */
export const WRITE_LEAVE = `
local answered = redis.call('GET', KEYS[3])
if answered then return tonumber(answered) end
local function answering(answer)
  redis.call('SET', KEYS[3], answer, 'PX', ARGV[5])
  return answer
end
local mode = redis.call('HGET', KEYS[1], 'mode')
if not mode then
  redis.call(ARGV[4], KEYS[2], ARGV[1])
  answering(1)
  return nil
end
if mode ~= 'write' or redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then return nil end
if redis.call('HINCRBY', KEYS[1], ARGV[3], -1) > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return answering(0)
end
redis.call('HDEL', KEYS[1], ARGV[3])
if redis.call('HLEN', KEYS[1]) == 1 then
  redis.call('DEL', KEYS[1])
  redis.call(ARGV[4], KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[1], 'mode', 'read')
end
return answering(1)
`;

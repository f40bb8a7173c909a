/**
 * The scripts that lock designs run, written anew after the published algorithms named beside them.
 */

/** Delete or extend if the value is mine (Redis documentation, "Distributed Locks with Redis"). */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0`;

export const EXTEND = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0`;

export const EXTEND_SECONDS = EXTEND.replace('PEXPIRE', 'EXPIRE');

/** Extends, or takes a lock that has expired (go-redsync with SetNXOnExtend). */
export const TOUCH_OR_SET = `
local value = redis.call('GET', KEYS[1])
if value == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if value then return 0 end
return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX')`;

/** Takes the lock and draws a fencing token in one step. */
export const FENCED_ACQUIRE = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return redis.call('INCR', KEYS[2])
end
return false`;

/** Redlock over several keys of one server: all or none. */
export const MULTI_ACQUIRE = `
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return #KEYS`;

export const MULTI_RELEASE = `
local count = 0
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then count = count + redis.call('DEL', KEYS[i]) end
end
return count`;

export const MULTI_EXTEND = `
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[1] then return 0 end
end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
return #KEYS`;

/** A reentrant lock as a hash of hold counts (after Redisson's RLock). */
export const REENTRANT_ACQUIRE = `
local mine = redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1
if mine or redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return nil
end
return redis.call('PTTL', KEYS[1])`;

export const REENTRANT_RENEW = `
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return 1
end
return 0`;

export const REENTRANT_RELEASE = `
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return nil end
if redis.call('HINCRBY', KEYS[1], ARGV[2], -1) > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[2], '0')
return 1`;

/** A counting semaphore as a sorted set of holders by time (after redis-semaphore). */
export const SEMAPHORE_ACQUIRE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4] - ARGV[3])
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1
end
return 0`;

export const SEMAPHORE_REFRESH = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4] - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[2]) then
  redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1
end
return 0`;

/** A read-write lock: mode and holders in a hash. */
export const READ_ACQUIRE = `
if redis.call('HGET', KEYS[1], 'mode') == 'write' then return redis.call('PTTL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'mode', 'read')
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return nil`;

export const WRITE_ACQUIRE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('PTTL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'mode', 'write', ARGV[1], 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return nil`;

export const READ_RELEASE = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
if redis.call('HINCRBY', KEYS[1], ARGV[1], -1) < 1 then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
if redis.call('HLEN', KEYS[1]) == 1 then
  redis.call('DEL', KEYS[1])
  return 1
end
return 0`;

/** A fair queue: a list of waiters beside the lock. */
export const FAIR_ACQUIRE = `
local first = redis.call('LINDEX', KEYS[2], 0)
if redis.call('EXISTS', KEYS[1]) == 0 and (not first or first == ARGV[1]) then
  redis.call('LREM', KEYS[2], 0, ARGV[1])
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
if not redis.call('LPOS', KEYS[2], ARGV[1]) then redis.call('RPUSH', KEYS[2], ARGV[1]) end
return 0`;

/** Hands the lock to a waiter through a list (after python-redis-lock). */
export const SIGNAL_RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 1 end
redis.call('DEL', KEYS[2])
redis.call('LPUSH', KEYS[2], 1)
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 0`;

/** All keys or, if they are mine already, a new term (after bsm/redislock). */
export const OBTAIN = `
local pairs = {}
for i = 1, #KEYS do
  pairs[#pairs + 1] = KEYS[i]
  pairs[#pairs + 1] = ARGV[1]
end
if redis.call('MSETNX', unpack(pairs)) == 0 then
  local length = tonumber(ARGV[2])
  for i = 1, #KEYS do
    local prefix = redis.call('GETRANGE', KEYS[i], 0, length - 1)
    if prefix ~= string.sub(ARGV[1], 1, length) then return false end
  end
  redis.call('MSET', unpack(pairs))
end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return redis.status_reply('OK')`;

/**
 * Scripts as lock libraries use them: the single-instance lock of the Redis documentation,
 * reentrant hash locks in the manner of Redisson, semaphores on sorted sets, locks on many keys at
 * once.
 */
import type { ScriptCase } from '../case.js';

const LOCK = 'lock:printer';
const OWNER = 'b1946ac92492d2347c6235b4';
const OTHER = '591785b794601e212b260e25';
const TTL_MS = '30000';

const held = (owner: string) => ['SET', LOCK, owner, 'PX', TTL_MS] as const;

const COMPARE_AND_DELETE = `
if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('del', KEYS[1])
else
  return 0
end`;

const COMPARE_AND_EXTEND = `
if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('pexpire', KEYS[1], ARGV[2])
end
return 0`;

/** One script with the same keys and arguments, by what had been done before. */
function after(
  name: string,
  call: Omit<ScriptCase, 'name' | 'setup'>,
  setups: Readonly<Record<string, readonly (readonly string[])[]>>,
): readonly ScriptCase[] {
  return Object.entries(setups).map(([state, setup]) => ({
    name: `locks: ${name}, ${state}`,
    ...(setup.length > 0 && { setup }),
    ...call,
  }));
}

const single: readonly ScriptCase[] = [
  ...after(
    'compare and delete',
    { script: COMPARE_AND_DELETE, keys: [LOCK], args: [OWNER] },
    {
      own: [held(OWNER)],
      "another's": [held(OTHER)],
      free: [],
      'wrong type': [['HSET', LOCK, 'owner', OWNER]],
    },
  ),
  ...after(
    'compare and extend',
    { script: COMPARE_AND_EXTEND, keys: [LOCK], args: [OWNER, '60000'] },
    { own: [held(OWNER)], "another's": [held(OTHER)], free: [] },
  ),
  {
    name: 'locks: extend by a wrong time',
    setup: [held(OWNER)],
    script: COMPARE_AND_EXTEND,
    keys: [LOCK],
    args: [OWNER, 'soon'],
  },
  {
    name: 'locks: an owner that looks like a number',
    setup: [['SET', LOCK, '10']],
    script: "return redis.call('get', KEYS[1]) == 10 and 1 or 0",
    keys: [LOCK],
    args: [],
  },
  {
    name: 'locks: a missing lock equals false, not nil',
    script:
      "local owner = redis.call('get', KEYS[1]) return {tostring(owner == false), tostring(owner == nil), type(owner)}",
    keys: [LOCK],
    args: [],
  },
  {
    name: 'locks: acquire by script, free',
    script: `local ok = redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
if not ok then return 0 end
return {ok.ok, redis.call('get', KEYS[1])}`,
    keys: [LOCK],
    args: [OWNER, TTL_MS],
  },
  {
    name: 'locks: acquire by script, taken',
    setup: [held(OTHER)],
    script: `local ok = redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
if not ok then return {0, type(ok), redis.call('get', KEYS[1])} end
return 1`,
    keys: [LOCK],
    args: [OWNER, TTL_MS],
  },
  {
    name: 'locks: acquire with a fencing number',
    setup: [['SET', 'fence', '41']],
    script: `if redis.call('setnx', KEYS[1], ARGV[1]) == 0 then return false end
redis.call('pexpire', KEYS[1], ARGV[2])
return redis.call('incr', KEYS[2])`,
    keys: [LOCK, 'fence'],
    args: [OWNER, TTL_MS],
  },
  {
    name: 'locks: acquire again as the same owner',
    setup: [held(OWNER)],
    script: `local owner = redis.call('get', KEYS[1])
if owner == false or owner == ARGV[1] then
  redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return redis.call('pttl', KEYS[1]) > 0 and 0 or -1`,
    keys: [LOCK],
    args: [OWNER, TTL_MS],
  },
  {
    name: 'locks: owners that share a prefix',
    setup: [held(`${OWNER}:7`)],
    script: `local owner = redis.call('get', KEYS[1])
if owner and string.sub(owner, 1, #ARGV[1]) == ARGV[1] then
  redis.call('set', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
  return redis.call('get', KEYS[1])
end
return false`,
    keys: [LOCK],
    args: [OWNER, '8'],
  },
  {
    name: 'locks: remaining time of a held lock',
    setup: [held(OWNER)],
    script:
      "local ttl = redis.call('pttl', KEYS[1]) return {type(ttl), ttl > 29000 and ttl <= 30000 and 1 or 0}",
    keys: [LOCK],
    args: [],
  },
  {
    name: 'locks: remaining time of none',
    script: "return {redis.call('pttl', KEYS[1]), redis.call('ttl', KEYS[1])}",
    keys: [LOCK],
    args: [],
  },
];

const REENTRANT_ACQUIRE = `
if redis.call('exists', KEYS[1]) == 0 or redis.call('hexists', KEYS[1], ARGV[2]) == 1 then
  redis.call('hincrby', KEYS[1], ARGV[2], 1)
  redis.call('pexpire', KEYS[1], ARGV[1])
  return nil
end
return redis.call('pttl', KEYS[1]) > 0`;

const REENTRANT_RELEASE = `
if redis.call('hexists', KEYS[1], ARGV[2]) == 0 then return nil end
local count = redis.call('hincrby', KEYS[1], ARGV[2], -1)
if count > 0 then
  redis.call('pexpire', KEYS[1], ARGV[1])
  return 0
end
redis.call('del', KEYS[1])
redis.call('publish', KEYS[2], 'released')
return 1`;

const CLIENT = 'f0e1d2c3:17';

const reentrant: readonly ScriptCase[] = [
  ...after(
    'reentrant acquire',
    { script: REENTRANT_ACQUIRE, keys: [LOCK], args: [TTL_MS, CLIENT] },
    {
      free: [],
      own: [['HSET', LOCK, CLIENT, '1']],
      "another's": [
        ['HSET', LOCK, 'someone:1', '1'],
        ['PEXPIRE', LOCK, TTL_MS],
      ],
    },
  ),
  ...after(
    'reentrant release',
    { script: REENTRANT_RELEASE, keys: [LOCK, 'released'], args: [TTL_MS, CLIENT] },
    {
      last: [['HSET', LOCK, CLIENT, '1']],
      inner: [['HSET', LOCK, CLIENT, '2']],
      'not held': [],
    },
  ),
  {
    name: 'locks: a count is text in a hash and a number from hincrby',
    setup: [['HSET', LOCK, CLIENT, '1']],
    script:
      "local n = redis.call('hincrby', KEYS[1], ARGV[1], 1) local s = redis.call('hget', KEYS[1], ARGV[1]) return {type(n), n, type(s), s, tostring(n == s), tostring(n == tonumber(s))}",
    keys: [LOCK],
    args: [CLIENT],
  },
  {
    name: 'locks: readers and a writer',
    setup: [['HSET', LOCK, 'mode', 'read', 'reader:1', '1']],
    script: `local mode = redis.call('hget', KEYS[1], 'mode')
if mode == false then
  redis.call('hset', KEYS[1], 'mode', ARGV[1], ARGV[2], 1)
  return 'first'
elseif mode == 'read' and ARGV[1] == 'read' then
  redis.call('hincrby', KEYS[1], ARGV[2], 1)
  return 'shared'
end
return 'refused'`,
    keys: [LOCK],
    args: ['read', 'reader:2'],
  },
];

const SEMAPHORE_ACQUIRE = `
local now, ttl, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('zremrangebyscore', KEYS[1], '-inf', now - ttl)
if redis.call('zcard', KEYS[1]) < limit then
  redis.call('zadd', KEYS[1], now, ARGV[4])
  redis.call('pexpire', KEYS[1], ttl)
  return 1
end
return 0`;

const semaphores: readonly ScriptCase[] = [
  {
    name: 'locks: semaphore with a permit left',
    setup: [['ZADD', 'sem', '1699999999000', 'a']],
    script: SEMAPHORE_ACQUIRE,
    keys: ['sem'],
    args: ['1700000000000', '10000', '2', 'b'],
  },
  {
    name: 'locks: semaphore without a permit left',
    setup: [['ZADD', 'sem', '1699999999000', 'a', '1699999999500', 'b']],
    script: SEMAPHORE_ACQUIRE,
    keys: ['sem'],
    args: ['1700000000000', '10000', '2', 'c'],
  },
  {
    name: 'locks: semaphore whose holder is late',
    setup: [['ZADD', 'sem', '1699999900000', 'a', '1699999999500', 'b']],
    script: SEMAPHORE_ACQUIRE,
    keys: ['sem'],
    args: ['1700000000000', '10000', '2', 'c'],
  },
  {
    name: 'locks: semaphore renewed by a holder',
    setup: [['ZADD', 'sem', '1699999999000', 'a']],
    script:
      "if redis.call('zscore', KEYS[1], ARGV[1]) then redis.call('zadd', KEYS[1], ARGV[2], ARGV[1]) return redis.call('zscore', KEYS[1], ARGV[1]) end return 0",
    keys: ['sem'],
    args: ['a', '1700000000000'],
  },
  {
    name: 'locks: semaphore renewed by a stranger',
    script: "return redis.call('zscore', KEYS[1], ARGV[1]) and 1 or 0",
    keys: ['sem'],
    args: ['nobody'],
  },
  {
    name: 'locks: scores are text',
    setup: [['ZADD', 'sem', '1700000000123', 'a', '0.1', 'b']],
    script:
      "return {redis.call('zscore', KEYS[1], 'a'), redis.call('zscore', KEYS[1], 'b'), type(redis.call('zscore', KEYS[1], 'a')), redis.call('zrange', KEYS[1], 0, -1, 'WITHSCORES')}",
    keys: ['sem'],
    args: [],
  },
  {
    name: 'locks: fair queue, the first may go',
    setup: [
      ['RPUSH', 'queue', 'a', 'b'],
      ['ZADD', 'deadlines', '100', 'a', '200', 'b'],
    ],
    script: `while true do
  local first = redis.call('lindex', KEYS[1], 0)
  if first == false then break end
  local deadline = redis.call('zscore', KEYS[2], first)
  if deadline ~= false and tonumber(deadline) > tonumber(ARGV[1]) then break end
  redis.call('lpop', KEYS[1])
  redis.call('zrem', KEYS[2], first)
end
return redis.call('lrange', KEYS[1], 0, -1)`,
    keys: ['queue', 'deadlines'],
    args: ['150'],
  },
];

const many: readonly ScriptCase[] = [
  ...after(
    'all of several keys',
    {
      script: `for i, key in ipairs(KEYS) do
  if redis.call('exists', key) == 1 then return i end
end
for _, key in ipairs(KEYS) do redis.call('set', key, ARGV[1], 'PX', ARGV[2]) end
return 0`,
      keys: ['l:1', 'l:2', 'l:3'],
      args: [OWNER, TTL_MS],
    },
    { 'all free': [], 'one taken': [['SET', 'l:2', OTHER]] },
  ),
  {
    name: 'locks: release counts what was held',
    setup: [
      ['SET', 'l:1', OWNER],
      ['SET', 'l:2', OTHER],
      ['SET', 'l:3', OWNER],
    ],
    script: `local count = 0
for i = 1, #KEYS do
  if redis.call('get', KEYS[i]) == ARGV[1] then
    count = count + redis.call('del', KEYS[i])
  end
end
return count`,
    keys: ['l:1', 'l:2', 'l:3'],
    args: [OWNER],
  },
  {
    name: 'locks: extension of every key or none',
    setup: [
      ['SET', 'l:1', OWNER],
      ['SET', 'l:2', OTHER],
    ],
    script: `local values = redis.call('mget', unpack(KEYS))
for _, value in ipairs(values) do
  if value ~= ARGV[1] then return 0 end
end
for _, key in ipairs(KEYS) do redis.call('pexpire', key, ARGV[2]) end
return #values`,
    keys: ['l:1', 'l:2'],
    args: [OWNER, TTL_MS],
  },
  {
    name: 'locks: mget stops ipairs at false? It does not',
    setup: [['SET', 'l:2', OWNER]],
    script:
      "local n = 0 for _, v in ipairs(redis.call('mget', 'l:1', 'l:2', 'l:3')) do n = n + 1 end return n",
    keys: [],
    args: [],
  },
  {
    name: 'locks: msetnx from keys and one value',
    script:
      "local pairs_ = {} for _, k in ipairs(KEYS) do pairs_[#pairs_ + 1] = k pairs_[#pairs_ + 1] = ARGV[1] end return redis.call('msetnx', unpack(pairs_))",
    keys: ['l:1', 'l:2'],
    args: [OWNER],
  },
  {
    name: 'locks: a job kept as JSON',
    setup: [['SET', 'job:1', '{"owner":"a","tries":2,"done":false}']],
    script: `local job = cjson.decode(redis.call('get', KEYS[1]))
if job.done then return 'done' end
if job.owner ~= ARGV[1] and job.tries < 3 then
  job.owner = ARGV[1]
  job.tries = job.tries + 1
  redis.call('set', KEYS[1], cjson.encode(job))
end
return {job.owner, job.tries}`,
    keys: ['job:1'],
    args: ['b'],
  },
  {
    name: 'locks: a rate limit',
    setup: [['SET', 'rate', '9']],
    script: `local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('expire', KEYS[1], ARGV[2]) end
return count <= tonumber(ARGV[1]) and {1, tonumber(ARGV[1]) - count} or {0, 0}`,
    keys: ['rate'],
    args: ['10', '60'],
  },
  {
    name: 'locks: a record in a hash as a table',
    setup: [['HSET', LOCK, 'owner', OWNER, 'count', '3']],
    script: `local flat, record = redis.call('hgetall', KEYS[1]), {}
for i = 1, #flat, 2 do record[flat[i]] = flat[i + 1] end
return {record.owner, record.count + 1, tostring(record.missing)}`,
    keys: [LOCK],
    args: [],
  },
];

export const scripts: readonly ScriptCase[] = [...single, ...reentrant, ...semaphores, ...many];

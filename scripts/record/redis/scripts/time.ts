/**
 * Calculations with the server's time: the digits a 32-bit or single-precision engine would lose.
 * The time itself differs from run to run, so cases check relations, or take the time as argument.
 */
import { plainCases, type ScriptCase } from '../case.js';

const now = plainCases('time', {
  'two strings': "local t = redis.call('time') return {#t, type(t[1]), type(t[2])}",
  'microseconds are below a million':
    "local t = redis.call('time') return tonumber(t[2]) < 1000000 and 1 or 0",
  'seconds are whole': "local t = redis.call('time') return t[1] % 1 == 0 and 1 or 0",
  'milliseconds and back':
    "local t = redis.call('time') local ms = t[1] * 1000 + math.floor(t[2] / 1000) return math.floor(ms / 1000) == tonumber(t[1]) and 1 or 0",
  'microseconds and back':
    "local t = redis.call('time') local us = t[1] * 1000000 + t[2] return {us % 1000000 == tonumber(t[2]) and 1 or 0, math.floor(us / 1000000) == tonumber(t[1]) and 1 or 0}",
  'a deadline lies ahead':
    "local t = redis.call('time') local ms = t[1] * 1000 + math.floor(t[2] / 1000) return (ms + 30000) - ms",
  'a deadline survives a key':
    "local t = redis.call('time') local ms = t[1] * 1000 + math.floor(t[2] / 1000) redis.call('set', 'deadline', ms + 5) return redis.call('get', 'deadline') - ms",
});

const given: readonly ScriptCase[] = [
  {
    name: 'time: milliseconds',
    script:
      'return {ARGV[1] * 1000 + math.floor(ARGV[2] / 1000), tostring(ARGV[1] * 1000 + math.floor(ARGV[2] / 1000))}',
    keys: [],
    args: ['1700000000', '987654'],
  },
  {
    name: 'time: microseconds as a reply and as text',
    script:
      "local us = ARGV[1] * 1000000 + ARGV[2] return {us, tostring(us), ('%d'):format(us), ('%.0f'):format(us)}",
    keys: [],
    args: ['1700000000', '987654'],
  },
  {
    name: 'time: microseconds as an argument of a command',
    script: "redis.call('set', 'us', ARGV[1] * 1000000 + ARGV[2]) return redis.call('get', 'us')",
    keys: [],
    args: ['1700000000', '987654'],
  },
  {
    name: 'time: a deadline in a sorted set',
    script:
      "redis.call('zadd', 'd', ARGV[1] * 1000 + 30000, 'a') return {redis.call('zscore', 'd', 'a'), #redis.call('zrangebyscore', 'd', '-inf', ARGV[1] * 1000 + 29999), #redis.call('zrangebyscore', 'd', '-inf', ARGV[1] * 1000 + 30000)}",
    keys: [],
    args: ['1700000000'],
  },
  {
    name: 'time: a fraction of a second',
    script:
      "local s = ARGV[1] + ARGV[2] / 1000000 return {tostring(s), ('%.6f'):format(s), math.floor(s * 1000)}",
    keys: [],
    args: ['1700000000', '250000'],
  },
  {
    name: 'time: a bucket of a window',
    script:
      'local window = math.floor(ARGV[1] / 60000) return {window, window * 60000, ARGV[1] - window * 60000}',
    keys: [],
    args: ['1700000012345'],
  },
  {
    name: 'time: remainder of microseconds',
    script:
      'local us = ARGV[1] * 1000000 + ARGV[2] return {us % 1000, us % 1000000, math.fmod(us, 7)}',
    keys: [],
    args: ['1700000000', '987654'],
  },
];

export const scripts: readonly ScriptCase[] = [...now, ...given];

/**
 * EVAL and its like as the server sees them: arguments, errors, what a script may call. (What
 * scripts themselves can do is recorded apart.)
 */
import { createHash } from 'node:crypto';
import { quote, type Sequence, sequence } from '../sequence.js';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const GET = "return redis.call('GET', KEYS[1])";

/** A script of one call, in its raising and in its protected form. */
function calling(...args: string[]): string {
  const list = args.map((arg) => `'${arg}'`).join(', ');
  return `EVAL ${quote(`return redis.call(${list})`)} 0
    EVAL ${quote(`return redis.pcall(${list})`)} 0`;
}

export const SCRIPTING: readonly Sequence[] = [
  sequence(
    'EVAL: number of keys',
    `EVAL "return 1" 0
     EVAL "return #KEYS" 2 a b
     EVAL "return #ARGV" 1 a b c
     EVAL "return 1" 1
     EVAL "return 1" -1
     EVAL "return 1" x
     EVAL "return 1" 1.5
     EVAL "return 1"
     EVAL
     EVAL "return KEYS[1] .. ARGV[1]" 1 "é" "🔒"
     EVAL "syntax error here" 0
     EVAL "syntax error here" x`,
  ),
  sequence(
    'EVALSHA and SCRIPT',
    `EVALSHA ${sha1(GET)} 1 k
     EVALSHA abc 0
     EVALSHA abc x
     EVALSHA ${sha1(GET)} x
     EVALSHA ${'g'.repeat(40)} 0
     SCRIPT LOAD ${quote(GET)}
     SET k v
     EVALSHA ${sha1(GET)} 1 k
     EVALSHA ${sha1(GET).toUpperCase()} 1 k
     SCRIPT EXISTS ${sha1(GET)} ${sha1(GET).toUpperCase()} abc
     SCRIPT EXISTS
     SCRIPT LOAD "return +"
     SCRIPT LOAD
     SCRIPT FLUSH
     SCRIPT EXISTS ${sha1(GET)}
     SCRIPT FLUSH SYNC
     SCRIPT FLUSH async
     SCRIPT FLUSH FOO
     SCRIPT FLUSH SYNC x
     SCRIPT KILL
     EVALSHA`,
  ),
  sequence(
    'EVAL makes a script known',
    `EVAL ${quote(GET)} 1 k
     EVALSHA ${sha1(GET)} 1 k
     b: EVALSHA ${sha1(GET)} 1 k
     SCRIPT EXISTS ${sha1(GET)}`,
  ),
  sequence(
    'EVAL_RO and EVALSHA_RO',
    `SET k v
     EVAL_RO ${quote(GET)} 1 k
     EVALSHA_RO ${sha1(GET)} 1 k
     EVALSHA_RO ${'0'.repeat(40)} 1 k
     EVAL_RO "return redis.call('SET', KEYS[1], 'x')" 1 k
     EVAL_RO "return redis.pcall('DEL', KEYS[1])" 1 k
     EVAL_RO "return redis.call('PUBLISH', 'c', 'm')" 0
     EVAL_RO "return redis.call('EXPIRE', KEYS[1], 100)" 1 k
     EVAL_RO "return 1" x
     EVAL "return redis.call('SET', KEYS[1], 'x')" 1 k
     GET k`,
  ),
  sequence('unknown commands in a script', calling('FOO', 'x')),
  sequence('unknown subcommands in a script', calling('CLIENT', 'FOO')),
  sequence('wrong arity in a script', calling('SET', 'k')),
  sequence('wrong arity of a subcommand in a script', calling('SCRIPT', 'EXISTS')),
  ...['MULTI', 'EXEC', 'DISCARD', 'UNWATCH', 'ROLE', 'HELLO', 'QUIT', 'RESET'].map((name) =>
    sequence(`${name} is not for scripts`, calling(name)),
  ),
  ...[
    ['WATCH', 'k'],
    ['SUBSCRIBE', 'c'],
    ['UNSUBSCRIBE', 'c'],
    ['PSUBSCRIBE', 'c'],
    ['EVAL', 'return 1', '0'],
    ['EVALSHA', 'x', '0'],
    ['SCRIPT', 'LOAD', 'return 1'],
    ['SCRIPT', 'FLUSH'],
    ['BLPOP', 'l', '0'],
    ['BRPOPLPUSH', 'a', 'b', '0'],
    ['BLMOVE', 'a', 'b', 'LEFT', 'LEFT', '0'],
    ['BZPOPMIN', 'z', '0'],
    ['WAIT', '0', '0'],
    ['CLIENT', 'ID'],
    ['CLIENT', 'SETNAME', 'x'],
    ['CONFIG', 'GET', 'save'],
    ['AUTH', 'x'],
  ].map((args) => sequence(`${args.join(' ')} is not for scripts`, calling(...args))),
  sequence(
    'errors of commands in a script',
    `SET s x
     EVAL "return redis.call('INCR', KEYS[1])" 1 s
     EVAL "return redis.pcall('INCR', KEYS[1])" 1 s
     EVAL "return redis.call('LPUSH', KEYS[1], 'a')" 1 s
     EVAL "return redis.pcall('LPUSH', KEYS[1], 'a').err" 1 s
     EVAL "redis.call('SET', KEYS[1], 'y') return redis.call('LPUSH', KEYS[1], 'a')" 1 s
     GET s
     EVAL "return redis.call('SET', KEYS[1], 'v', 'PX', 0)" 1 s
     EVAL "return redis.call()" 0`,
  ),
  sequence(
    'commands in any letter case in a script',
    `EVAL "return redis.call('set', KEYS[1], ARGV[1], 'px', 10000, 'nx')" 1 k v
     EVAL "return redis.call('sEt', KEYS[1], ARGV[1], 'Px', 10000, 'nX')" 1 k w
     EVAL "return redis.call('get', KEYS[1])" 1 k
     PTTL k`,
  ),
  sequence(
    'numbers as arguments',
    `EVAL "return redis.call('SET', KEYS[1], 10)" 1 k
     GET k
     EVAL "return redis.call('INCRBY', KEYS[1], 3)" 1 k
     EVAL "return redis.call('PEXPIRE', KEYS[1], 5000.7)" 1 k
     EVAL "return redis.call('PEXPIRE', KEYS[1], 50000)" 1 k
     PTTL k
     EVAL "return redis.call('SET', KEYS[1], 1.5)" 1 k
     GET k
     EVAL "return redis.call('ZADD', KEYS[1], 1700000000000, 'm')" 1 z
     ZSCORE z m`,
  ),
  sequence(
    'time stands still in a script',
    `SET k v PX 40
     EVAL "local n = 0 for i = 1, 2000000 do n = n + i end return redis.call('GET', KEYS[1])" 1 k
     EVAL "local a = redis.call('PTTL', KEYS[1]) return a == redis.call('PTTL', KEYS[1])" 1 k`,
  ),
  sequence(
    'scripts in a transaction',
    `SET lock a PX 10000
     MULTI
     EVAL "return redis.call('GET', KEYS[1])" 1 lock
     EVALSHA ${'0'.repeat(40)} 0
     EVAL "return redis.call('DEL', KEYS[1])" 1 lock
     SCRIPT LOAD "return 1"
     EXEC
     EXISTS lock`,
  ),
];

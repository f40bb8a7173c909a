/**
 * Random sequences over a small space of keys: what nobody would think of writing down. A seed
 * gives the same sequences for ever, whatever was drawn before.
 */
import { mix, type SeedKey, scale } from '../../../src/random.js';
import { seedKey } from '../../../src/seed-key.js';
import type { Sequence, SequenceStep } from './sequence.js';
import { RELEASE } from './sequences/lock-scripts.js';

const SEED = 'holdfast recordings';

/** Draws for one sequence, each at its own place. */
class Draw {
  private count = 0;

  constructor(
    private readonly key: SeedKey,
    private readonly index: number,
  ) {}

  below(n: number): number {
    this.count += 1;
    return scale(mix(this.key, this.index, this.count, 0, 0), n);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

/** What a word of a template stands for. */
export const POOLS: Readonly<Record<string, readonly string[]>> = {
  key: ['k', 'l', 'h', 's', 'z', 'x'],
  value: ['a', 'b', 'c', '1', '2', '10', '-3', '', 'é', '1.5'],
  member: ['a', 'b', 'c', 'd', '1'],
  integer: ['0', '1', '2', '-1', '-2', '5', '100', 'x', '1.5', '9223372036854775807'],
  index: ['0', '1', '2', '-1', '-2', '10', '-10'],
  score: ['0', '1', '2', '3', '-1', '1.5', 'inf', '-inf', '(1', 'x'],
  number: ['0', '1', '2', '3', '-1', '0.5', 'x'],
  ttl: ['100000', '50000', '200000', '0', '-1', 'x'],
  setoption: ['NX', 'XX', 'GET', 'KEEPTTL', 'PX 100000', 'EX 100', 'nx', 'xx', 'FOO', 'PX'],
  expireoption: ['NX', 'XX', 'GT', 'LT', 'FOO'],
  zaddoption: ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'],
  end: ['LEFT', 'RIGHT', 'left', 'UP'],
  where: ['BEFORE', 'AFTER'],
  script: [
    "return redis.call('GET', KEYS[1])",
    RELEASE,
    "return redis.call('INCR', KEYS[1])",
    "return redis.pcall('LPUSH', KEYS[1], ARGV[1])",
    "return redis.call('TYPE', KEYS[1])",
  ],
};

/** Commands; a word `{pool}` is drawn from a pool, `{pool?}` may be left out. */
export const TEMPLATES: readonly string[] = `
  SET {key} {value}
  SET {key} {value} {setoption}
  SET {key} {value} {setoption} {setoption?} {setoption?}
  SETNX {key} {value}
  GET {key}
  GETSET {key} {value}
  GETDEL {key}
  GETEX {key}
  MSET {key} {value} {key} {value}
  MSETNX {key} {value} {key} {value}
  MGET {key} {key}
  INCR {key}
  DECR {key}
  INCRBY {key} {integer}
  DECRBY {key} {integer}
  INCRBYFLOAT {key} {number}
  APPEND {key} {value}
  STRLEN {key}
  GETRANGE {key} {index} {index}
  SETRANGE {key} {index} {value}
  DEL {key} {key?}
  EXISTS {key} {key?}
  TYPE {key}
  RENAME {key} {key}
  RENAMENX {key} {key}
  COPY {key} {key}
  KEYS *
  DBSIZE
  PEXPIRE {key} {ttl} {expireoption?}
  PEXPIRE {key} {ttl} {expireoption?} {expireoption?}
  EXPIRE {key} {integer} {expireoption?}
  PERSIST {key}
  HSET {key} {member} {value} {member?}
  HSET {key} {member} {value}
  HSETNX {key} {member} {value}
  HGET {key} {member}
  HMGET {key} {member} {member}
  HGETALL {key}
  HDEL {key} {member} {member?}
  HINCRBY {key} {member} {integer}
  HEXISTS {key} {member}
  HLEN {key}
  HKEYS {key}
  LPUSH {key} {value} {value?}
  RPUSH {key} {value} {value?}
  RPUSHX {key} {value}
  LPOP {key} {integer?}
  RPOP {key} {index?}
  LRANGE {key} {index} {index}
  LINDEX {key} {index}
  LREM {key} {index} {value}
  LSET {key} {index} {value}
  LINSERT {key} {where} {value} {value}
  LTRIM {key} {index} {index}
  LLEN {key}
  LPOS {key} {value}
  LMOVE {key} {key} {end} {end}
  RPOPLPUSH {key} {key}
  SADD {key} {member} {member?}
  SREM {key} {member} {member?}
  SMEMBERS {key}
  SISMEMBER {key} {member}
  SCARD {key}
  SMOVE {key} {key} {member}
  SINTER {key} {key}
  SUNION {key} {key}
  SDIFF {key} {key}
  ZADD {key} {number} {member}
  ZADD {key} {number} {member} {number} {member}
  ZADD {key} {zaddoption} {number} {member}
  ZADD {key} {zaddoption} {zaddoption} {number} {member}
  ZINCRBY {key} {number} {member}
  ZREM {key} {member} {member?}
  ZSCORE {key} {member}
  ZCARD {key}
  ZRANK {key} {member}
  ZREVRANK {key} {member}
  ZCOUNT {key} {score} {score}
  ZRANGE {key} {index} {index}
  ZRANGE {key} {index} {index} REV WITHSCORES
  ZRANGE {key} {score} {score} BYSCORE
  ZRANGEBYSCORE {key} {score} {score} WITHSCORES
  ZREVRANGEBYSCORE {key} {score} {score} LIMIT {index} {index}
  ZREMRANGEBYSCORE {key} {score} {score}
  ZREMRANGEBYRANK {key} {index} {index}
  ZPOPMIN {key} {index?}
  ZPOPMAX {key}
  EVAL {script} 1 {key} {value}
  MULTI
  EXEC
  EXEC
  DISCARD
  WATCH {key}
  UNWATCH
  PUBLISH {key} {value}
  FOO {value}
`
  .trim()
  .split('\n')
  .map((line) => line.trim());

/** One word of a template: text, or one or no or several words drawn from a pool. */
function fill(word: string, draw: Draw): string[] {
  const match = /^\{(\w+)(\?)?\}$/.exec(word);
  if (match === null) return [word];
  if (match[2] === '?' && draw.below(2) === 0) return [];
  const drawn = draw.of(POOLS[match[1]!]!);
  return match[1] === 'setoption' ? drawn.split(' ') : [drawn];
}

function randomStep(draw: Draw, connections: number): SequenceStep {
  const args = draw
    .of(TEMPLATES)
    .split(' ')
    .flatMap((word) => fill(word, draw));
  return { type: 'command', connection: draw.below(connections), args, blocks: false };
}

/** Random sequence number `index`: of one client if even, of two if odd. */
export function randomSequence(index: number): Sequence {
  const draw = new Draw(seedKey(SEED), index);
  const length = 8 + draw.below(9);
  const steps = Array.from({ length }, () => randomStep(draw, 1 + (index % 2)));
  return { name: `random ${index}`, steps };
}

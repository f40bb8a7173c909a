/**
 * Commands that are generated for Redis, as templates whose words in braces are drawn: those of the
 * recordings, and what they leave out.
 */
import fc from 'fast-check';
import { POOLS, TEMPLATES } from '../../record/redis/generator.js';

const MORE: readonly string[] = `
  SETEX {key} {seconds} {value}
  PSETEX {key} {ttl} {value}
  SET {key} {value} PXAT {later}
  SET {key} {value} EXAT {laterSeconds}
  GETEX {key} {getexOption}
  SUBSTR {key} {index} {index}
  HMSET {key} {member} {value}
  HVALS {key}
  HSTRLEN {key} {member}
  HINCRBYFLOAT {key} {member} {number}
  HSCAN {key} 0 COUNT 1000
  SSCAN {key} 0 COUNT 1000
  ZSCAN {key} 0 COUNT 1000
  SCAN 0 COUNT 1000
  SCAN 0 MATCH {pattern} COUNT 1000
  SCAN 0 COUNT 1000 TYPE {typeName}
  SCAN {integer} COUNT {integer} FOO
  LPUSHX {key} {value}
  LPOS {key} {value} RANK {index} COUNT {integer}
  LPOS {key} {value} MAXLEN {integer}
  LMPOP {count} {key} {key} {end} COUNT {integer}
  LMPOP 1 {key} {end}
  SMISMEMBER {key} {member} {member}
  SUNION {key} {key} {key?}
  ZMSCORE {key} {member} {member}
  ZREVRANGE {key} {index} {index}
  ZREVRANGE {key} {index} {index} WITHSCORES
  ZRANGE {key} {score} {score} BYSCORE REV LIMIT {index} {index}
  ZRANGE {key} {lex} {lex} BYLEX
  ZRANGE {key} {lex} {lex} BYLEX REV LIMIT {index} {index}
  ZRANGE {key} {index} {index} {rangeOption} {rangeOption?}
  ZRANGEBYLEX {key} {lex} {lex}
  ZREVRANGEBYLEX {key} {lex} {lex}
  ZLEXCOUNT {key} {lex} {lex}
  ZREMRANGEBYLEX {key} {lex} {lex}
  ZADD {key} {zaddoption} {zaddoption?} {score} {member} {score} {member}
  COPY {key} {key} REPLACE
  UNLINK {key} {key?}
  TOUCH {key} {key?}
  PTTL {key}
  TTL {key}
  PEXPIRETIME {key}
  EXPIRETIME {key}
  PEXPIREAT {key} {later} {expireoption?}
  EXPIREAT {key} {laterSeconds} {expireoption?}
  EXPIREAT {key} {integer}
  KEYS {pattern}
  SELECT {dbIndex}
  ECHO {value}
  PING
  PING {value}
  CLIENT SETNAME {value}
  CLIENT GETNAME
  COMMAND COUNT
  AUTH {value}
  HELLO {integer}
  RESET
  ROLE
  WAIT 0 10
  PUBSUB NUMSUB {channel} {channel}
  PUBSUB NUMPAT
  PUBSUB CHANNELS
  SCRIPT EXISTS {sha}
  EVALSHA {sha} 1 {key} {value}
  EVAL_RO {script} 1 {key} {value}
  EVAL {script} {count} {key} {value}
  DISCARD {value?}
  MULTI {value?}
  FLUSHDB
  SET {key}
  GET
  {key} {value}
`
  .trim()
  .split('\n')
  .map((line) => line.trim());

const OWN_POOLS: Readonly<Record<string, readonly string[]>> = {
  pattern: ['*', 'k', '[a-k]', '?', '[^h]*', '\\k', 'x*', ''],
  typeName: ['string', 'list', 'set', 'zset', 'hash', 'stream', 'foo'],
  dbIndex: ['0', 'x', '99', '-1'],
  count: ['0', '1', '2', '3', '-1', 'x'],
  lex: ['-', '+', '[a', '(a', '[c', '(c', '', 'a', '['],
  rangeOption: ['REV', 'WITHSCORES', 'BYSCORE', 'BYLEX', 'LIMIT 0 1', 'FOO'],
  getexOption: ['PERSIST', 'PX {ttl}', 'EX {seconds}', 'PXAT {later}', 'EX 0', 'FOO', 'PX'],
  setoption: ['NX', 'XX', 'GET', 'KEEPTTL', 'PX {ttl}', 'EX {seconds}', 'nx', 'FOO', 'PX', 'EX x'],
  channel: ['c', 'd', 'news'],
  sha: [
    'e0e1f9fabfc9d4800c877a703b823ac0578ff8db',
    'ffffffffffffffffffffffffffffffffffffffff',
    'x',
  ],
  event: ['set', 'del', 'expire', 'expired', 'lpush', 'zadd', 'hset', 'rename_to'].map(
    (name) => `__keyevent@0__:${name}`,
  ),
  notify: ['KEA', 'Ex', '', 'K$l', 'foo', 'KEg'],
  short: ['15', '45'],
  shortSeconds: ['0.015', '0.045'],
};

/** Far ends of time, each another one: who is later must not be a matter of milliseconds. */
const far = fc.noShrink(fc.noBias(fc.integer({ min: 100, max: 1_000_000 })));

/** Numbers that are made, not chosen. No TTL ends in half a second, which is where TTL rounds. */
const NUMBERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ttl: fc.oneof(
    { weight: 5, arbitrary: far.map((seconds) => `${seconds}250`) },
    { weight: 1, arbitrary: fc.constantFrom('0', '-1', 'x') },
  ),
  seconds: fc.oneof(
    { weight: 5, arbitrary: far.map(String) },
    { weight: 1, arbitrary: fc.constantFrom('0', '-1', 'x') },
  ),
  later: far.map((seconds) => `@ms+${seconds}250`),
  laterSeconds: far.map((seconds) => `@s+${seconds}`),
};

function pool(name: string): fc.Arbitrary<string> {
  const made = NUMBERS[name];
  if (made !== undefined) return made;
  const known = OWN_POOLS[name] ?? POOLS[name];
  if (known === undefined) throw new Error(`no pool ${name}`);
  return fc.constantFrom(...known);
}

/** One word of a template: text, or one or no or several words drawn from a pool. */
function word(template: string): fc.Arbitrary<string[]> {
  const match = /^\{(\w+)(\?)?\}$/.exec(template);
  if (match === null) return fc.constant([template]);
  const [, name, mayBeAbsent] = match;
  const single = pool(name!).map((text): string[] => [text]);
  // An option may be several words, and have a pool in it.
  const isOption = /option$/i.test(name!);
  const drawn = isOption ? pool(name!).chain(words) : single;
  return mayBeAbsent === undefined ? drawn : fc.oneof(fc.constant<string[]>([]), drawn);
}

function words(template: string): fc.Arbitrary<string[]> {
  return fc.tuple(...template.split(' ').map(word)).map((parts): string[] => parts.flat());
}

/** Commands drawn from templates, all equally likely. */
export function fromTemplates(templates: readonly string[]): fc.Arbitrary<string[]> {
  return fc.oneof(...templates.map(words));
}

/** EXPIRE has small numbers of seconds among the recordings: one may end in the middle. */
const RECORDED = TEMPLATES.map((template) =>
  template.startsWith('EXPIRE ') ? template.replace('{integer}', '{seconds}') : template,
);

export const COMMANDS = fromTemplates([...RECORDED, ...MORE]);

/** What a script may call: nothing without an order, nothing that depends on the time. */
export const IN_SCRIPTS = fromTemplates(
  [...RECORDED, ...MORE].filter(
    (template) =>
      !/^(?:SMEMBERS|HGETALL|HKEYS|HVALS|KEYS|S?H?SCAN|SINTER|SUNION|SDIFF|HELLO|EVAL)/.test(
        template,
      ) &&
      !/^(?:SSCAN|HSCAN|ZSCAN|P?TTL|P?EXPIRETIME|PUBSUB|SCRIPT)/.test(template) &&
      !/\{later/.test(template),
  ),
);

export const BLOCKING = fromTemplates([
  'BLPOP {key} {key?} 0',
  'BRPOP {key} {key?} 0',
  'BLMOVE {key} {key} {end} {end} 0',
  'BRPOPLPUSH {key} {key} 0',
  'BLMPOP 0 1 {key} {end}',
  'BLMPOP 0 {count} {key} {key} {end} COUNT {integer}',
  'BZPOPMIN {key} {key?} 0',
  'BZPOPMAX {key} {key?} 0',
  'BLPOP {key} {number}',
]);

export const PUBSUB = fromTemplates([
  'SUBSCRIBE {channel} {channel?}',
  'PSUBSCRIBE {pattern} {pattern?}',
  'UNSUBSCRIBE {channel?}',
  'PUNSUBSCRIBE {pattern?}',
  'PUBLISH {channel} {value}',
  'PUBLISH {channel} {value}',
  'SUBSCRIBE {event}',
  'CONFIG SET notify-keyspace-events {notify}',
]);

/** What ends in the middle of a sequence. */
export const SHORT = fromTemplates([
  'SET {key} {value} PX {short}',
  'SET {key} {value} NX PX {short}',
  'PSETEX {key} {short} {value}',
  'PEXPIRE {key} {short}',
  'PEXPIRE {key} {short} NX',
  'GETEX {key} PX {short}',
  'BLPOP {key} {shortSeconds}',
  'BZPOPMIN {key} {shortSeconds}',
  'BLMOVE {key} {key} {end} {end} {shortSeconds}',
  'WAIT 1 {short}',
]);

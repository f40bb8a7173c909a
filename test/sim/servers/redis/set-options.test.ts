/**
 * SET with any options in any order and letter case has the effect a naive reading of the manual
 * gives, or the right error.
 */
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { RedisError, type Reply, Status } from '../../../../src/sim/servers/redis/reply.js';
import { World } from './world.js';

const START_MS = 1_700_000_000_000;

interface Key {
  readonly value: string;
  readonly expireAtMs: number | undefined;
}
interface Outcome {
  readonly reply: unknown;
  readonly key: Key | undefined;
}

type Option =
  | { readonly name: 'NX' | 'XX' | 'GET' | 'KEEPTTL' }
  | { readonly name: 'EX' | 'PX' | 'EXAT' | 'PXAT'; readonly value: string };

const SYNTAX = 'ERR syntax error';

/** The instant an option stands for, or the error of its value. */
function instant(name: string, value: string): number | string {
  if (!/^(0|-?[1-9]\d*)$/.test(value)) return 'ERR value is not an integer or out of range';
  const duration = BigInt(value) * (name.startsWith('E') ? 1000n : 1n);
  const atMs = duration + (name.endsWith('AT') ? 0n : BigInt(START_MS));
  if (BigInt(value) > 2n ** 63n - 1n) return 'ERR value is not an integer or out of range';
  if (duration <= 0n || atMs > 2n ** 63n - 1n) return "ERR invalid expire time in 'set' command";
  return Number(atMs);
}

/** What SET does, read off the manual: https://redis.io/docs/latest/commands/set/ */
function naive(before: Key | undefined, options: readonly Option[]): Outcome {
  const has = (name: string) => options.some((option) => option.name === name);
  const refuse = (text: string): Outcome => ({ reply: { error: text }, key: before });
  const timed = options.filter((option) => 'value' in option);
  const kinds = new Set(timed.map(({ name }) => name));
  if ((has('NX') && has('XX')) || kinds.size > 1) return refuse(SYNTAX);
  if (kinds.size === 1 && has('KEEPTTL')) return refuse(SYNTAX);
  const last = timed.at(-1);
  const expireAtMs = last === undefined ? undefined : instant(last.name, last.value);
  if (typeof expireAtMs === 'string') return refuse(expireAtMs);
  const old = before?.value ?? null;
  if ((has('NX') && before !== undefined) || (has('XX') && before === undefined)) {
    return { reply: has('GET') ? old : null, key: before };
  }
  const kept = has('KEEPTTL') ? before?.expireAtMs : expireAtMs;
  return { reply: has('GET') ? old : { status: 'OK' }, key: { value: 'new', expireAtMs: kept } };
}

const values = fc.constantFrom(
  ...['1', '100', '100000', '9007199254740991', '1700000000001'],
  ...['0', '-1', 'x', '', '1.5', ' 1', '01', '9223372036854775807', '9223372036854775808'],
);
const option: fc.Arbitrary<Option> = fc.oneof(
  fc.record({ name: fc.constantFrom('NX', 'XX', 'GET', 'KEEPTTL') }),
  fc.record({ name: fc.constantFrom('EX', 'PX', 'EXAT', 'PXAT'), value: values }),
);
const states = fc.constantFrom<Key | undefined>(
  undefined,
  { value: 'old', expireAtMs: undefined },
  { value: 'old', expireAtMs: START_MS + 5000 },
);

/** The words of an option, in a letter case of their own. */
function spell(chosen: Option, cases: readonly boolean[]): string[] {
  const letters = [...chosen.name].map((letter, at) =>
    cases[at % cases.length] ? letter.toLowerCase() : letter,
  );
  return [letters.join(''), ...('value' in chosen ? [chosen.value] : [])];
}

function plain(reply: Reply | undefined): unknown {
  if (reply instanceof Status) return { status: reply.text };
  return reply instanceof RedisError ? { error: reply.text } : reply;
}

test.prop([states, fc.array(option, { maxLength: 4 }), fc.array(fc.boolean(), { minLength: 1 })], {
  numRuns: 2000,
})('SET with any options does what the manual says', (before, options, cases) => {
  const world = new World();
  if (before !== undefined) world.call('SET', 'k', before.value);
  if (before?.expireAtMs !== undefined) world.call('PEXPIREAT', 'k', String(before.expireAtMs));
  world.takeChanges();
  const words = options.flatMap((chosen) => spell(chosen, cases));
  const expected = naive(before, options);
  expect(plain(world.call('SET', 'k', 'new', ...words))).toEqual(expected.reply);
  const [change] = world.takeChanges();
  const after = change === undefined ? before : change.after;
  expect({ value: after?.value, expireAtMs: after?.expireAtMs }).toEqual({
    value: expected.key?.value,
    expireAtMs: expected.key?.expireAtMs,
  });
});

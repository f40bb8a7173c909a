/** Replay codes: a run as text, whole or not at all (R6). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import setNx from '../../src/algorithms/set-nx.js';
import { compression } from '../../src/host/session.js';
import { PURPOSES } from '../../src/random.js';
import {
  decodeReplay,
  encodeReplay,
  ReplayCodeError,
  type ReplayPlan,
} from '../../src/search/replay-code.js';
import { ENGINE_VERSION } from '../../src/sim/engine-version.js';
import { drawn, planFor } from '../sim/runs.js';

const campaign = planFor(setNx);

function planOf(run: number, more: Partial<ReplayPlan> = {}): ReplayPlan {
  const { scenario, key } = drawn(campaign, run);
  return { scenario, key, overrides: [], digest: '0123456789abcdef', ...more };
}

const encode = (plan: ReplayPlan) => encodeReplay(plan, compression);
const decode = (code: string) => decodeReplay(code, compression);

const override = fc.record({
  subject: fc.nat(4_095),
  purpose: fc.nat(PURPOSES.length - 1),
  operation: fc.nat(100),
  ordinal: fc.nat(1_000),
  n: fc.nat(2 ** 32),
  value: fc.nat(2 ** 32),
});

describe('R6 the code of a run', () => {
  test('R6 comes back as it was, whatever the run', () => {
    const property = fc.property(
      fc.nat(200),
      fc.array(override, { maxLength: 20 }),
      fc.stringMatching(/^[0-9a-f]{16}$/),
      (run, overrides, digest) => {
        const plan = planOf(run, { overrides, digest });
        expect(decode(encode(plan))).toEqual(plan);
      },
    );
    fc.assert(property, { numRuns: 300, seed: 66 });
  });

  test('R6 is one word of letters that survive a shell, a URL and a chat', () => {
    expect(encode(planOf(1))).toMatch(/^hf\d+_[A-Za-z0-9_-]+$/);
  });

  test('R6 may stand in blanks and line ends', () => {
    const plan = planOf(2);
    expect(decode(`\n  ${encode(plan)} \r\n`)).toEqual(plan);
  });
});

describe('R6 a code that cannot be used', () => {
  const code = encode(planOf(3));
  const messageOf = (text: string): string => {
    try {
      decode(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ReplayCodeError);
      return (error as Error).message;
    }
    throw new Error('it was taken');
  };

  test.each(['', 'hello', 'HF1_AAAA', 'hf_AAAA', '0123456789abcdef'])('R6 is none: %j', (text) => {
    expect(messageOf(text)).toMatch(/^replay code .* does not begin with hf1_$/);
  });

  test('R6 is of another version', () => {
    const other = code.replace(`hf${ENGINE_VERSION}_`, `hf${ENGINE_VERSION + 1}_`);
    expect(messageOf(other)).toBe(
      `replay code ${other.slice(0, 16)}… is of engine version ${ENGINE_VERSION + 1}; this is ` +
        `version ${ENGINE_VERSION}, which would run it differently`,
    );
  });

  test('R6 has been cut, anywhere', () => {
    for (let length = 4; length < code.length; length++) {
      expect(messageOf(code.slice(0, length))).toContain(
        `is damaged or cut short (${length} characters): copy it again, whole`,
      );
    }
  });

  test('R6 has one other character, anywhere', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 4; at < code.length; at++) {
      const next = letters[(letters.indexOf(code[at]!) + 1 + (at % 62)) % 64]!;
      const damaged = code.slice(0, at) + next + code.slice(at + 1);
      expect([at, messageOf(damaged)]).toEqual([at, expect.stringContaining('is damaged')]);
    }
  });

  test('R6 has two characters swapped, or one twice, or a blank inside', () => {
    const swapAt = Array.from(code).findIndex((letter, at) => at > 20 && letter !== code[at + 1]);
    const swapped =
      code.slice(0, swapAt) + code[swapAt + 1] + code[swapAt] + code.slice(swapAt + 2);
    const twice = code.slice(0, 30) + code[30] + code.slice(30);
    const blank = `${code.slice(0, 40)} ${code.slice(40)}`;
    for (const text of [swapped, twice, blank]) expect(messageOf(text)).toContain('is damaged');
  });

  test('R6 names a decision that this version does not know', () => {
    const unknown = { subject: 1, purpose: 99, operation: 0, ordinal: 0, n: 2, value: 1 };
    expect(messageOf(encode(planOf(4, { overrides: [unknown] })))).toBe(
      'replay code names decision purpose 99, which is unknown',
    );
  });

  test('R6 was made by hand: the check is right and the content is not', () => {
    const junk = (text: string) =>
      encodeReplay(planOf(5), {
        deflate: () => compression.deflate(new TextEncoder().encode(text)),
        inflate: compression.inflate,
      });
    for (const text of ['', '{', 'null', '[]', '[1,2,3,4]', '{"a":1}']) {
      expect(() => decode(junk(text))).toThrow(ReplayCodeError);
    }
    const notDeflated = encodeReplay(planOf(5), {
      deflate: (bytes) => bytes,
      inflate: compression.inflate,
    });
    expect(() => decode(notDeflated)).toThrow(ReplayCodeError);
  });
});

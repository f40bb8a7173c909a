/** What cannot be a word of a Redis command is refused where it is written. */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import { callWords, evalWords } from '../../../src/sim/services/redis-words.js';
import { runScript } from '../run.js';

const WRONG = [
  [undefined, 'undefined'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  [7n, 'the bigint 7'],
  [{ PX: 1 }, 'an object'],
  [['NX'], 'a list'],
  [() => 1, 'a function'],
] as const;
const of = <T>(given: unknown) => given as T;

test('texts and numbers are words', () => {
  expect(callWords(['SET', 'job', 'me', 'PX', 10_000.5])).toEqual([
    'SET',
    'job',
    'me',
    'PX',
    '10000.5',
  ]);
  expect(evalWords('return 1', ['job'], ['me', -1])).toEqual([
    'EVAL',
    'return 1',
    '1',
    'job',
    'me',
    '-1',
  ]);
});

describe('anything else is named with its place', () => {
  test.each(WRONG)('%s', (given, words) => {
    const message = `is ${words}; Redis takes texts and numbers`;
    expect(() => callWords(['SET', 'job', of(given)])).toThrow(
      new TypeError(`SET: its argument 2 ${message}`),
    );
    expect(() => callWords([of(given)])).toThrow(`a command: its name ${message}`);
    expect(() => evalWords('x', ['job', of(given)], [])).toThrow(`EVAL: its key 2 ${message}`);
    expect(() => evalWords('x', ['job'], ['me', of(given)])).toThrow(
      `EVAL: its argument 2 ${message}`,
    );
    expect(() => evalWords(of(given), [], [])).toThrow(`EVAL: its script ${message}`);
  });

  test('what is no list', () => {
    expect(() => evalWords('x', of('job'), [])).toThrow('EVAL: its keys are job; expected a list');
    expect(() => evalWords('x', [], of(1))).toThrow('EVAL: its arguments are 1; expected a list');
  });
});

test('a lock that sends it has a finding, and no message leaves', async () => {
  const script = {
    A1: async ({ redis }: Environment) => {
      await redis[0]!.call('SET', 'job', of<string>(undefined), 'NX');
    },
    B1: async ({ redis }: Environment) => {
      await redis[0]!.eval('return 1', ['job'], [of<string>(null)]);
    },
  };
  const { findings, trace } = await runScript(script, { trace: {} });
  expect(findings.map(({ message }) => message)).toEqual([
    expect.stringContaining(
      'acquire threw TypeError: SET: its argument 2 is undefined; Redis takes',
    ),
    expect.stringContaining('acquire threw TypeError: EVAL: its argument 1 is null; Redis takes'),
  ]);
  expect(trace!.messages.filter(({ from }) => from === 'A' || from === 'B')).toEqual([]);
});

test('a call without any word is refused', () => {
  const call = callWords as (words: unknown[]) => string[];
  expect(() => call([])).toThrow('a command: its name is undefined; Redis takes texts and numbers');
});

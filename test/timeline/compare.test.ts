/** Two runs compared: calls pair by name, and the first that ends otherwise is named. */
import { expect, test } from 'vitest';
import type { Told } from '../../src/story/narrative/tale.js';
import { firstDivergence, pairsOf, wordsOfPair } from '../../src/timeline/compare.js';
import { TraceModel } from '../../src/timeline/model.js';
import { traceFile } from '../../src/timeline/write.js';
import { type Story, story } from '../checkers/history-builder.js';
import { traceOf } from '../story/telling.js';

const modelFrom = (told: Story) => {
  const trace: Told = traceOf(told);
  return new TraceModel(traceFile({ ...trace, digest: 'd' }, [], '0.1.0'));
};

const left = modelFrom(
  story('A', 'B').acquire('A', 0).release('A', 5).acquire('B', 10).release('B', 20).end(30),
);

test('a run beside itself has the same calls, and parts nowhere', () => {
  const pairs = pairsOf(left, left);
  expect(pairs.map(({ name, comparison }) => [name, comparison])).toEqual([
    ['A1 acquire', 'same'],
    ['A1 release', 'same'],
    ['B1 acquire', 'same'],
    ['B1 release', 'same'],
  ]);
  expect(firstDivergence(pairs)).toBeUndefined();
});

test('another result is where they part, another pace is not', () => {
  const right = modelFrom(
    story('A', 'B')
      .acquire('A', 0)
      .release('A', 5, { endMs: 9 })
      .acquire('B', 10, { ends: 'fail', on: [] })
      .end(30),
  );
  const pairs = pairsOf(left, right);
  expect(pairs.map(({ comparison }) => comparison)).toEqual([
    'same',
    'slower',
    'differs',
    'only-left',
  ]);
  expect(wordsOfPair(firstDivergence(pairs)!)).toBe(
    'B1 acquire succeeds in the first run, fails in the second',
  );
  expect(wordsOfPair(pairs[1]!)).toBe(
    'A1 release succeeds in both; in the second it takes 3 ms longer',
  );
});

test('a call that only one of them has is told', () => {
  const shorter = modelFrom(story('A', 'B').acquire('A', 0).end(30));
  const [, , , last] = pairsOf(left, shorter);
  expect(wordsOfPair(last!)).toBe('B1 release is in the first run alone');
  const [, only] = pairsOf(shorter, left);
  expect(wordsOfPair(only!)).toBe('A1 release is in the second run alone');
});

const WRITE = {
  type: 'access',
  resource: 'store',
  key: 'k',
  access: 'write',
  client: 'A',
  grant: 1,
} as const;

test('an access that one resource takes and the other refuses is where two locks part', () => {
  const run = (accepted: boolean) =>
    modelFrom(
      story('A', 'B')
        .acquire('A', 0)
        .add({ ...WRITE, atUs: 3_000, accepted })
        .release('A', 5)
        .end(30),
    );
  const pairs = pairsOf(run(true), run(false));
  expect(pairs.map(({ name }) => name)).toEqual(['A1 acquire', 'A1 write', 'A1 release']);
  expect(wordsOfPair(firstDivergence(pairs)!)).toBe(
    'A1 write is accepted in the first run, is refused in the second',
  );
  expect(firstDivergence(pairsOf(run(true), run(true)))).toBeUndefined();
});

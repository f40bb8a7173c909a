/** The long history that benchmarks judge: well-formed, valid, and of the size it says. */
import { expect, test } from 'vitest';
import { largeHistory } from '../../scripts/bench/large-history.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { findMalformation } from '../../src/checkers/well-formed.js';

test.each([0, 1, 2, 1_000])(
  '%s calls are asked for, and whole rounds are written',
  (operations) => {
    const { records } = largeHistory(operations);
    const calls = records.filter(({ type }) => type === 'invoke').length;
    expect(calls).toBe(operations - (operations % 2));
    const ends = records.filter(({ type }) => type === 'ok' || type === 'fail').length;
    expect(ends).toBe(calls);
  },
);

test('it is well-formed and valid, with sleepers in it', () => {
  const history = largeHistory(1_000);
  expect(findMalformation(history)).toBeUndefined();
  expect(mutualExclusion.check(indexHistory(history)).verdict).toBe('valid');
  const sleeps = history.records.filter(
    (record) => record.type === 'host' && record.state === 'paused',
  );
  expect(sleeps).toHaveLength(5);
});

/** What came of stories, in numbers and words. */
import { expect, test } from 'vitest';
import { commandOf, lateness, tallyOf } from '../../../src/timeline/conformance/words.js';
import { story } from './stories.js';

test('stories that cannot be played are not held against those that can', () => {
  const missing = story({ outcome: 'cannot-be-played', why: 'clock of etcd' });
  const other = story({ outcome: 'not-reproduced', why: 'r1 answered otherwise' });
  expect(tallyOf([story(), missing, other, story()])).toEqual({
    stories: 4,
    playable: 3,
    confirmed: 2,
    confirmedPercent: 66,
  });
  expect(tallyOf([missing])).toMatchObject({ playable: 0, confirmedPercent: 0 });
  expect(tallyOf([])).toMatchObject({ stories: 0, confirmedPercent: 0 });
});

test('a share is never said to be more than it is', () => {
  const many = Array.from({ length: 199 }, () => story());
  const other = story({ outcome: 'not-reproduced', why: 'late' });
  expect(tallyOf([...many, other]).confirmedPercent).toBe(99);
});

test.each([
  [0, '0 ms'],
  [-40, '0 ms'],
  [-730, '−0.7 ms'],
  [15_390, '15 ms'],
  [9_960, '10 ms'],
  [2_240, '2.2 ms'],
  [999_400, '999 ms'],
  [3_639_652, '3.6 s'],
])('%i µs late is %s', (us, words) => {
  expect(lateness(us)).toBe(words);
});

test('the command of a story plays it again, with its lock file if it has one', () => {
  expect(commandOf(story())).toBe('npx holdfast real replay hf1_abc --property mutual-exclusion');
  expect(commandOf(story({ lockFile: 'my-lock.ts' }))).toBe(
    'npx holdfast real replay hf1_abc --property mutual-exclusion --lock my-lock.ts',
  );
});

/** Times in the reasons of calls are shown to the microsecond, and nothing else is touched. */
import { expect, test } from 'vitest';
import { reasonOf } from '../../src/story/reasons.js';
import type { TraceModel } from '../../src/timeline/model.js';
import { wordsOf } from '../../src/timeline/words.js';

test.each([
  ['no reply within 4999.999999999999 ms', 'no reply within 5000 ms'],
  ['no reply within 0.30000000000000004 ms', 'no reply within 0.3 ms'],
  ['1234.5674999ms left of 5000 ms', '1234.567ms left of 5000 ms'],
  ['late by -0.00000001 ms', 'late by 0 ms'],
  ['no reply within 499.125 ms', 'no reply within 499.125 ms'],
  ['refused by 10.0.0.12345 and 3.14159', 'refused by 10.0.0.12345 and 3.14159'],
])('%s', (text, shown) => {
  expect(reasonOf({ reason: text })).toBe(shown);
});

test('a paragraph is cut at a word; what tells two errors apart stands at its beginning', () => {
  const reason =
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to " +
    'disk. Commands that may modify the data set are disabled.';
  expect(reasonOf({ reason })).toBe(
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to …",
  );
  expect(reasonOf({ reason: 'x'.repeat(90) })).toHaveLength(90);
});

test('no reason stays none', () => {
  expect(reasonOf({})).toBeUndefined();
});

test('so the words of a row are shown, and its record is what it was', () => {
  const record = {
    type: 'info',
    action: 'acquire',
    reason: 'no reply within 4999.999999999999 ms',
  };
  const model = { record: () => record } as unknown as TraceModel;
  expect(wordsOf(model, 0)).toBe('acquire: no answer (no reply within 5000 ms)');
  expect(record.reason).toBe('no reply within 4999.999999999999 ms');
});

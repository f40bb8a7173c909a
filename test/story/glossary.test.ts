/** The glossary knows every word of a report. */
import { describe, expect, test } from 'vitest';
import { FAULT_CLASSES } from '../../src/fault.js';
import { findEntry, GLOSSARY, shortMeaning } from '../../src/story/glossary/index.js';
import { PROPERTIES, VERDICTS, VIOLATION_CLASSES } from '../../src/verdict.js';

test.each([...PROPERTIES, ...VIOLATION_CLASSES, ...FAULT_CLASSES, ...VERDICTS])('%s', (name) => {
  expect(findEntry(name)?.name).toBe(name);
});

test('no word is explained twice', () => {
  const names = GLOSSARY.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test.each(GLOSSARY.map((entry) => [entry.name, entry] as const))(
  '%s has a meaning, an example, a help and a source',
  (_name, { short, means, example, helps, source }) => {
    for (const text of [short, means, example, helps, source]) {
      expect(text).not.toMatch(/^\s|\s$|undefined/);
      expect(text.length).toBeGreaterThan(3);
    }
    expect(means).toMatch(/\.$/);
  },
);

test('words are found however they are written', () => {
  expect(findEntry('Exit Code')?.name).toBe('exit-codes');
  expect(findEntry('STALE_BELIEF')?.name).toBe('stale-belief');
  expect(findEntry('nothing')).toBeUndefined();
});

describe('the short meaning of a violation', () => {
  test('is that of its class', () => {
    const meaning = shortMeaning({ property: 'mutual-exclusion', class: 'inherent-overlap' });
    expect(meaning).toBe(
      'inherent-overlap: no code of the client could know; only a fencing token checked by the ' +
        'resource helps',
    );
  });

  test('else of its cause, else of its property', () => {
    expect(shortMeaning({ property: 'fencing', cause: 'reused' })).toBe(
      'two grants carried the same fencing token',
    );
    expect(shortMeaning({ property: 'fencing' })).toBe('fencing tokens do not order the holders');
  });
});

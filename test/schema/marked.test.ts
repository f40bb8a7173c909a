/** Whatever is wrong with a scenario is marked in its text at the key or value it is about. */
import { expect, it } from 'vitest';
import { layoutOf, spanOf } from '../../src/schema/json-places.js';
import { readScenario } from '../../src/schema/scenario.js';

const TEXT = `{
  "algorithm": "set-nx",
  "options": { "retryDelayMs": 200 },
  "workload": "critical-section",
  "key": "orders",
  "ttlMs": 10000,
  "waitMs": 20000,
  "longestSectionUs": 5000000,
  "servers": [{ "id": "r1", "persistence": "none", "replicaLagUs": [1000] }],
  "clients": [
    { "id": "A", "operations": [{ "id": "A1", "gapUs": 0, "sectionUs": 7, "renew": false }] },
    { "id": "B", "operations": [] }
  ],
  "faults": [
    { "id": "f1", "class": "pause", "at": { "atUs": 5 }, "host": "A", "durationUs": 9 },
    {
      "id": "f2", "class": "failover", "host": "r1", "replica": 1,
      "at": { "delivery": { "operation": "A1", "nth": 3 } }
    }
  ]
}`;

/** What is marked in the text once some of it is another. */
function marked(from: string, to: string): string[] {
  const text = TEXT.replace(from, to);
  expect(text).not.toBe(TEXT);
  const read = readScenario('it', text);
  if ('scenario' in read) return [];
  const layout = layoutOf(text);
  return read.problems.map(({ path, about }) => {
    const span = 'broken' in layout ? layout.broken : spanOf(layout.root, path, about);
    return text.slice(span.from, span.until);
  });
}

it('nothing, in a text that is a scenario', () => {
  expect(marked('"ttlMs": 10000', '"ttlMs": 10001')).toEqual([]);
});

it.each([
  ['"ttlMs": 10000', '"ttlMs": 0', '0'],
  ['"retryDelayMs": 200', '"retryDelayMs": null', 'null'],
  ['"ttlMs": 10000', '"ttl": 10000, "ttlMs": 10000', '"ttl"'],
  ['"key": "orders",', '', '{'],
  ['"none"', '"sometimes"', '"sometimes"'],
  ['[1000]', '[0, 0, 0]', '"replicaLagUs"'],
  ['[1000]', '[1000, -1]', '-1'],
  ['"renew": false', '"renew": "no"', '"no"'],
  ['"pause"', '"nap"', '"nap"'],
  ['{ "atUs": 5 }', '{ "when": 5 }', '"at"'],
  ['"durationUs": 9', '"durationUs": 0', '0'],
  [', "durationUs": 9', '', '{'],
  ['"host": "A"', '"host": "C"', '"C"'],
  ['"operation": "A1"', '"operation": "A2"', '"A2"'],
  ['"replica": 1', '"replica": 2', '2'],
  ['"id": "B"', '"id": "A"', '"A"'],
  ['"f2"', '"f1"', '"f1"'],
  ['"waitMs": 20000,', '"waitMs": 20000', '"longestSectionUs"'],
])('%j in place of %j: %j', (from, to, expected) => {
  expect(marked(from, to)).toEqual([expected]);
});

it('all that is wrong, in the order of the fields', () => {
  expect(marked('"ttlMs": 10000,\n  "waitMs": 20000', '"ttlMs": -1.5,\n  "waitMs": "x"')).toEqual([
    '-1.5',
    '-1.5',
    '"x"',
  ]);
});

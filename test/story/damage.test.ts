/** How damage at the resource is told: who did what to what, in the words of the use case. */
import { expect, test } from 'vitest';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import { indexHistory } from '../../src/checkers/sections.js';
import type { Invariant } from '../../src/invariant.js';
import { shortMeaning } from '../../src/story/glossary/index.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import { type Told, toldAccesses } from '../checkers/told-accesses.js';
import { traceOf } from './telling.js';

/** The verdict on a history, its narrative, and the rows of the resource. */
function tell(invariant: Invariant, told: readonly Told[]) {
  const trace = traceOf(toldAccesses([invariant], told));
  const verdict = resourceSafety.check(indexHistory(trace.history));
  const rows = storyRows(trace, verdict).filter(({ kind }) => kind === 'access');
  return { verdict, why: narrate(verdict, trace), rows: rows.map(({ text }) => text) };
}

test.each<readonly [Invariant, readonly Told[], string]>([
  [
    { forbids: 'lost-update', cell: 'balance' },
    [
      ['A', 'read', 'balance', 0],
      ['B', 'write', 'balance', 7],
      ['A', 'write', 'balance', 5],
    ],
    'An update of balance is lost: B wrote it at 20.001 s, and A wrote 5 at 20.002 s, made of ' +
      'what it had read before.',
  ],
  [
    { forbids: 'double-booking', cells: 'seat' },
    [
      ['B', 'write', 'seat 3', 2],
      ['A', 'write', 'seat 3', 1],
    ],
    'A booked seat 3 at 20.001 s, which B had booked at 20.000 s.',
  ],
  [
    { forbids: 'delivered-twice', cells: 'delivery' },
    [
      ['B', 'write', 'delivery 1', 2],
      ['A', 'write', 'delivery 1', 1],
    ],
    'A made delivery 1 at 20.001 s, which B had made at 20.000 s.',
  ],
  [
    { forbids: 'overlapping-runs', cell: 'run' },
    [
      ['A', 'write', 'run', 1],
      ['B', 'write', 'run', 2],
      ['A', 'write', 'run', 0],
    ],
    "A's run of the job was still under way at 20.002 s, when B's had begun.",
  ],
  [
    { forbids: 'two-leaders', cell: 'decision' },
    [
      ['A', 'write', 'decision', 1],
      ['B', 'write', 'decision', 2],
      ['A', 'write', 'decision', 2],
    ],
    'A decided as leader at 20.002 s, after B had decided at 20.001 s.',
  ],
  [
    { forbids: 'over-limit', cell: 'call', limit: 2 },
    [
      ['A', 'write', 'call', 0],
      ['B', 'write', 'call', 0],
      ['A', 'write', 'call', 0],
    ],
    'In one window 3 calls went out: A at 20.000 s, B at 20.001 s and A at 20.002 s.',
  ],
  [
    { forbids: 'stale-read', cell: 'copy', source: 'source' },
    [
      ['B', 'write', 'source', 2],
      ['A', 'write', 'copy', 1],
      ['B', 'read', 'copy', 1],
    ],
    'B read 1 from copy at 20.002 s: the source had moved on.',
  ],
])('$forbids', (invariant, told, sentence) => {
  const { verdict, why } = tell(invariant, told);
  expect(verdict).toMatchObject({ class: 'damage', cause: invariant.forbids });
  expect(why.startsWith(sentence)).toBe(true);
  expect(why).toContain('A was the earlier holder, B the later one');
  expect(shortMeaning(verdict)).toMatch(/^damage: (?!what the workload)/);
});

test('the rows name the cells, and end with what broke the promise', () => {
  const { rows } = tell({ forbids: 'double-booking', cells: 'seat' }, [
    ['B', 'write', 'seat 3', 2],
    ['A', 'write', 'seat 3', 1],
  ]);
  expect(rows).toEqual(["accepts B's write of seat 3", "accepts A's write of seat 3"]);
});

/** Mutual exclusion: histories that it must accept, among them the corners of R2. */
import { expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import type { Declarations } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { judge } from './judging.js';

/** A is inside from 2 ms on, with a lease until 10 s. */
const inside = () => story('A', 'B', 'C').acquire('A', 0).enter('A', 2);
/** The service gives the lock to B as well, which is inside from 8 to 20 ms. */
const bothGranted = () => inside().acquire('B', 6).enter('B', 8).exit('B', 20);

function paused(host: string, atMs: number) {
  return { type: 'host', atUs: atMs * 1000, host, incarnation: 1, state: 'paused' } as const;
}

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['nothing at all', () => story('A')],
  ['one client alone', () => inside().step('A', 3).exit('A', 4).release('A', 4)],
  [
    'two clients in turn',
    () => inside().exit('A', 4).release('A', 4).acquire('B', 5).enter('B', 6).exit('B', 7),
  ],
  [
    'the next one enters at the instant at which the first has left',
    () => inside().exit('A', 8).acquire('B', 7).enter('B', 8).exit('B', 9),
  ],
  ['a grant that is never used', () => inside().acquire('B', 6).step('A', 9)],
  [
    'sections of two keys',
    () => inside().acquire('B', 3, { key: 'other' }).enter('B', 4).step('A', 5).exit('B', 6),
  ],
  [
    'two readers',
    () =>
      story('A', 'B')
        .acquire('A', 0, { mode: 'shared' })
        .enter('A', 2)
        .acquire('B', 3, { mode: 'shared' })
        .enter('B', 4)
        .step('A', 5)
        .exit('B', 6),
  ],
  [
    'R2 the first acted at that instant, before the other entered',
    () => inside().step('A', 8).leave('A', 8.0).acquire('B', 6).enter('B', 8),
  ],
  [
    'R2 the first leaves at the instant at which the other enters: 0 µs, no act',
    () => inside().acquire('B', 6).enter('B', 8).leave('A', 8),
  ],
  [
    'R2 the first sleeps when the other enters and leaves on waking',
    () => bothGranted().pause('A', 5, 9).leave('A', 9),
  ],
  [
    'R2 the first falls asleep at that instant and leaves on waking',
    () => bothGranted().pause('A', 8, 9).leave('A', 9),
  ],
  [
    'R2 the first wakes and falls asleep again at one instant, later leaves on waking',
    () => bothGranted().pause('A', 5, 9).pause('A', 9, 12).leave('A', 12),
  ],
  [
    'R2 the first wakes when the other has left, stays a while, leaves without an act',
    () => bothGranted().pause('A', 5, 25).leave('A', 30),
  ],
  [
    'R2 the first wakes at the instant at which the other has left',
    () => bothGranted().pause('A', 5, 20).leave('A', 30),
  ],
  ['R2 the first dies in its sleep', () => bothGranted().add(paused('A', 5)).crash('A', 9)],
  ['R2 the first died before the other entered', () => bothGranted().crash('A', 7)],
  [
    'R2 the first died; its next incarnation runs beside its open section',
    () => bothGranted().crash('A', 7, 9).acquire('A', 11, { on: [], ends: 'fail' }),
  ],
  [
    'R2 the first dies at the instant at which it wakes',
    () => bothGranted().pause('A', 5, 9).crash('A', 9, 10),
  ],
  [
    'R2 the run ends at the instant at which the other enters',
    () => inside().acquire('B', 6).enter('B', 8),
  ],
  [
    'R2 the run ends at the instant at which the first wakes',
    () => inside().acquire('B', 6).enter('B', 8).pause('A', 5, 9),
  ],
];

test.each(accepted)('accepts: %s', (_name, told) => {
  expect(judge(mutualExclusion, told())).toEqual({
    property: 'mutual-exclusion',
    verdict: 'valid',
    witness: [],
  });
});

test('R17 R18 is not judged of a lock that declares readers or permits', () => {
  const told = () => story('A', 'B').acquire('A', 0).enter('A', 2).acquire('B', 3).enter('B', 5);
  const declaring = (declares: Declarations) =>
    judge(mutualExclusion, told().declares(declares).step('A', 6));
  expect(declaring({}).verdict).toBe('invalid');
  for (const [declares, by] of [
    [{ readWrite: true }, 'read-write'],
    [{ permits: 2 }, 'permits'],
  ] as const) {
    const { verdict, reason } = declaring(declares);
    expect(verdict).toBe('not-applicable');
    expect(reason).toContain(`see ${by}`);
  }
});

/** R12 damage as a verdict on resource safety: who broke the promise, and what proves it. */
import { describe, expect, test } from 'vitest';
import { findDamage } from '../../src/checkers/damage.js';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { read, two, write } from './access-records.js';
import { nestedAcquire, withAll } from './nested-records.js';
import { type Told, toldAccesses } from './told-accesses.js';

const balance = { forbids: 'lost-update', cell: 'balance' } as const;
const seats = { forbids: 'double-booking', cells: 'seat' } as const;
const runs = { forbids: 'overlapping-runs', cell: 'run' } as const;

test('R12 a place that holders come back to is the same place', () => {
  const story = two()
    .add(write(2, 'B', 20_000))
    .add(write(2, 'B', 20_001, { resource: 'log' }))
    .add(write(1, 'A', 20_002));
  const verdict = resourceSafety.check(indexHistory(story.history()));
  expect(verdict).toMatchObject({ verdict: 'invalid', cause: 'late-write' });
});

describe('R12 the verdict', () => {
  const sold: readonly Told[] = [
    ['A', 'read', 'seat 1', 0],
    ['B', 'read', 'seat 1', 0],
    ['A', 'write', 'seat 1', 1],
    ['B', 'write', 'seat 1', 2],
  ];

  test('R12 damage has a class and a cause, and says who came late', () => {
    const index = indexHistory(toldAccesses([seats], sold).history());
    const verdict = resourceSafety.check(index);
    expect(verdict).toMatchObject({
      verdict: 'invalid',
      class: 'damage',
      cause: 'double-booking',
      offender: { host: 'A', operation: 'A1' },
      victim: { host: 'B', operation: 'B1' },
    });
    // B's read, A's late write, and the write that breaks the promise.
    expect(verdict.witness).toEqual([1, 2, 3].map((access) => index.accesses[access]));
  });

  test('R12 without anybody who came late it is who broke the promise', () => {
    const careless: Told[] = [
      ['A', 'write', 'seat 1', 1],
      ['B', 'write', 'seat 1', 2],
    ];
    const index = indexHistory(toldAccesses([seats], careless).history());
    const verdict = resourceSafety.check(index);
    expect(verdict).toMatchObject({
      class: 'damage',
      offender: { host: 'B', operation: 'B1' },
      victim: { host: 'A', operation: 'A1' },
      details: { violations: 1 },
    });
    expect(verdict.witness).toEqual([...index.accesses]);
  });

  test("R12 accesses to the counter are nobody's seat, and late ones are counted", () => {
    const story = toldAccesses([seats], sold);
    story.add(write(1, 'A', 20_010, { value: 9 }));
    const verdict = resourceSafety.check(indexHistory(story.history()));
    expect(verdict).toMatchObject({ cause: 'double-booking', details: { violations: 2 } });
  });

  test('R12 what breaks the order alone has no class', () => {
    const verdict = resourceSafety.check(indexHistory(toldAccesses([], sold).history()));
    expect(verdict).toMatchObject({ verdict: 'invalid', cause: 'late-write' });
    expect(verdict.class).toBeUndefined();
    // Cells are no counters.
    expect(verdict.details).toMatchObject({ acceptedWrites: 0, lostUpdates: 0 });
  });
});

test.each([
  ['overwrites nothing of the one around it', balance, 'balance'],
  ['books again what the one around it has', seats, 'seat 1'],
  ['does not come between what the one around it does', runs, 'run'],
] as const)('R12 R19 a nested grant %s', (_name, invariant, cell) => {
  const told = withAll(two().promising([invariant]), nestedAcquire(3))
    .add(read(1, 'A', 5, { cell, value: 0 }))
    .add(write(1, 'A', 6, { cell, value: 1 }))
    .add(write(101, 'A', 7, { cell, value: 2 }))
    .add(write(1, 'A', 8, { cell, value: 3 }));
  expect(findDamage(indexHistory(told.history()), [invariant])).toBeUndefined();
});

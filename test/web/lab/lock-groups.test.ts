/** The list of locks is in groups by name alone: what the locks say of themselves is the same. */
import { expect, test } from 'vitest';
import { locks } from '../../../src/algorithms/index.js';
import { lockGroups } from '../../../web/src/lab/lock-groups.js';

const groups = lockGroups(locks.map(({ name }) => name));

test('each lock is in one group', () => {
  expect(groups.flatMap(({ names }) => names).toSorted()).toEqual(
    locks.map(({ name }) => name).toSorted(),
  );
});

test('the group of a lock is its service, or that it is wrong on purpose', () => {
  for (const { name, flaw, services } of locks) {
    const label = groups.find(({ names }) => names.includes(name))!.label;
    const [service] = Object.keys(services);
    expect(label.toLowerCase(), name).toContain(flaw === undefined ? service : 'wrong on purpose');
  }
});

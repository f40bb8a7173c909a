/** Editing fields: what is asked for is another, all else stays. */
import { describe, expect, it } from 'vitest';
import {
  changeOperation,
  putAmount,
  putClient,
  putLock,
  putOption,
  putWorkload,
} from '../../src/lab/field-edits.js';
import { LONGEST_US } from '../../src/scenario.js';
import { drawn } from './played.js';

const calm = drawn('set-nx', 0, { faultClasses: [], clients: 2 });

it('amounts, workload, lock and options', () => {
  const edited = putWorkload(putAmount(calm, 'ttlMs', 700), 'payment');
  expect(edited).toEqual({ ...calm, ttlMs: 700, workload: 'payment' });
  expect(putLock(calm, 'no-ttl', { a: 1 })).toEqual({
    ...calm,
    algorithm: 'no-ttl',
    options: { a: 1 },
  });
  expect(putOption(calm, 'a', 1).options).toEqual({ ...calm.options, a: 1 });
});

it('one operation', () => {
  const edited = changeOperation(calm, 'A2', { sectionUs: 42 });
  const [a, b] = edited.clients;
  expect(a!.operations[1]).toEqual({ ...calm.clients[0]!.operations[1]!, sectionUs: 42 });
  expect([a!.operations[0], b]).toEqual([calm.clients[0]!.operations[0], calm.clients[1]]);
});

it('one client', () => {
  const to = { ...calm.clients[1]!, id: 'A' };
  expect(putClient(calm, to).clients).toEqual([to, calm.clients[1]]);
});

describe('the longest section', () => {
  const working = (sectionUs: number, scenario = calm) =>
    changeOperation(scenario, 'A1', { sectionUs });
  const { longestSectionUs } = calm;

  it('is raised by a longer one, and stays above shorter ones', () => {
    expect(working(1).longestSectionUs).toBe(longestSectionUs);
    expect(working(longestSectionUs + 1).longestSectionUs).toBe(longestSectionUs + 1);
  });

  it('follows the longest one there is, if it was that before', () => {
    const exact = working(longestSectionUs);
    expect(working(longestSectionUs * 2, exact).longestSectionUs).toBe(longestSectionUs * 2);
    expect(working(longestSectionUs, working(longestSectionUs * 2, exact))).toEqual(exact);
  });

  it('is no longer than a scenario can say, however long somebody wants to work', () => {
    const endless = working(1e300, working(longestSectionUs));
    expect(endless.longestSectionUs).toBe(LONGEST_US);
    expect(working(longestSectionUs, endless).longestSectionUs).toBe(longestSectionUs);
  });
});

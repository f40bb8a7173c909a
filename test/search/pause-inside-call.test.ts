/**
 * That pauses at environment calls are more than pauses between events: a lock that looks at the
 * clock and acts in one segment is broken by the former alone (R4).
 */
import { expect, test } from 'vitest';
import setNxNoValidity from '../../src/algorithms/flawed/set-nx-no-validity.js';
import setNx from '../../src/algorithms/set-nx.js';
import { planFor } from '../sim/runs.js';
import { search } from './port.js';

const RUNS = 600;

function violationsOf(lock: typeof setNx, pauseAt: 'call' | 'event') {
  const plan = planFor(lock, { faultClasses: ['pause'], pauseAt });
  return search(lock, plan, RUNS);
}

test('R4 a check and its write in one segment: found by a pause of the call', async () => {
  const { violations } = await violationsOf(setNx, 'call');
  expect(violations.map(({ verdict }) => [verdict.class, verdict.cause])).toEqual([
    ['inherent-overlap', 'pause-inside-call'],
  ]);
  expect(violations[0]!.count).toBeGreaterThanOrEqual(3);
});

test('R4 the same lock in as many runs: not found by pauses between events', async () => {
  const { violations, runs } = await violationsOf(setNx, 'event');
  expect(runs).toBe(RUNS);
  expect(violations).toEqual([]);
});

test('R4 pauses between events do break a lock that never looks', async () => {
  const { violations } = await violationsOf(setNxNoValidity, 'event');
  expect(violations.map(({ verdict }) => verdict.class)).toContain('stale-belief');
});

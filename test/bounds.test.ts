/** The formulas of docs/semantics.md, R9 and R10. */
import { describe, expect, test } from 'vitest';
import { drainedAtUs, healedHorizonUs, outlivedUs, progressBoundUs } from '../src/bounds.js';
import type { History } from '../src/history.js';

const world: History['world'] = {
  key: 'lock',
  ttlMs: 10_000,
  waitMs: 0,
  clients: ['A', 'B'],
  servers: ['r1'],
  probe: 'P',
  declares: {},
  fenced: false,
  longestLatencyUs: 50_000,
  longestSectionUs: 5_000_000,
  longestRetryUs: 100_000,
  largestClockStepUs: 700_000,
};

describe('R10 the bound', () => {
  test('is one turn for each waiter and one for the holder', () => {
    // A turn: 5 s of section, 100 ms of retry delay, six messages of 50 ms.
    expect(progressBoundUs(world, 0)).toBe(5_400_000);
    expect(progressBoundUs(world, 4)).toBe(27_000_000);
  });
  test('counts no retry delay of a lock whose waiters are woken by messages', () => {
    expect(progressBoundUs({ ...world, declares: { wokenByMessage: true } }, 4)).toBe(26_500_000);
  });
  test('lets every client wait unless told otherwise', () => {
    expect(progressBoundUs(world)).toBe(progressBoundUs(world, 2));
    expect(progressBoundUs({ ...world, clients: ['A', 'B', 'C'] })).toBe(21_600_000);
  });
  test('is what the lock declares, if it does, in whole µs', () => {
    expect(progressBoundUs({ ...world, declares: { progressBoundMs: 1.5 } })).toBe(1_500);
    expect(progressBoundUs({ ...world, declares: { progressBoundMs: 0.0001 } }, 9)).toBe(1);
  });
});

describe('R10 D', () => {
  test('is H if nothing stands', () => {
    expect(drainedAtUs(1_000, [])).toBe(1_000);
  });
  test('is the end of the last lease whose holder is not inside', () => {
    const standing = [
      { endsAtUs: 3_000, holderInside: false },
      { endsAtUs: 2_000, holderInside: false },
      { endsAtUs: 9_000, holderInside: true },
    ];
    expect(drainedAtUs(1_000, standing)).toBe(3_000);
  });
  test('is never before H', () => {
    expect(drainedAtUs(1_000, [{ endsAtUs: 500, holderInside: false }])).toBe(1_000);
  });
  test('is never if such a lease has no end', () => {
    expect(drainedAtUs(1_000, [{ endsAtUs: Infinity, holderInside: false }])).toBe(Infinity);
    expect(drainedAtUs(1_000, [{ endsAtUs: Infinity, holderInside: true }])).toBe(1_000);
  });
});

describe('R10 the horizon', () => {
  test('lies two bounds after the later of H and D', () => {
    expect(healedHorizonUs(world, 1_000_000, 1_000_000)).toBe(33_400_000);
    expect(healedHorizonUs(world, 1_000_000, 4_000_000)).toBe(36_400_000);
    expect(healedHorizonUs(world, 1_000_000, 0)).toBe(33_400_000);
  });
  test('without D it leaves time for a leak to show', () => {
    expect(healedHorizonUs(world, 1_000_000, Infinity)).toBe(1_000_000 + 20_700_000 + 32_400_000);
  });
});

test('R9 an orphan is for ever after twice the TTL and the clock steps', () => {
  expect(outlivedUs(world)).toBe(20_700_000);
});

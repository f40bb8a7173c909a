/** The clocks of a host: piecewise linear, changed from any instant on (R4, R16). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostClock } from '../../src/sim/clock.js';

const RUNS = { numRuns: 500, seed: 4004 } as const;

type Change =
  | { readonly kind: 'step'; readonly atUs: number; readonly byUs: number }
  | { readonly kind: 'rate'; readonly atUs: number; readonly ppm: number };

/** The reading by adding up microsecond after microsecond; rates as parts of the whole. */
function naiveReading(changes: readonly Change[], atUs: number): number {
  let ppm = 0;
  let parts = 0;
  let reading = 0;
  for (let us = 0; us <= atUs; us++) {
    for (const change of changes) {
      if (change.atUs !== us) continue;
      if (change.kind === 'step') reading += change.byUs;
      else {
        reading += Math.floor(parts / 1_000_000);
        parts = 0;
        ppm = change.ppm;
      }
    }
    if (us === atUs) break;
    reading += 1;
    parts += ppm;
  }
  return reading + Math.floor(parts / 1_000_000);
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('step' as const),
    atUs: fc.nat(60),
    byUs: fc.integer({ min: -40, max: 40 }),
  }),
  fc.record({
    kind: fc.constant('rate' as const),
    atUs: fc.nat(60),
    ppm: fc.integer({ min: -9, max: 9 }).map((tenths) => tenths * 100_000),
  }),
);

/** Of two rate changes at one instant the later one counts, so the order of making them matters. */
function apply(clock: HostClock, changes: readonly Change[]): void {
  for (const one of changes) {
    if (one.kind === 'step') clock.step(one.atUs, one.byUs);
    else clock.setRate(one.atUs, one.ppm);
  }
}

describe('reading', () => {
  test('shows what it started with, plus the time since', () => {
    expect(new HostClock(500).read(20)).toBe(520);
  });

  test('R4 changes made in order of time read as if counted microsecond by microsecond', () => {
    const property = fc.property(fc.array(change, { maxLength: 5 }), fc.nat(90), (drawn, atUs) => {
      const changes = [...drawn].sort((a, b) => a.atUs - b.atUs);
      const clock = new HostClock(0);
      apply(clock, changes);
      // Steps and rates fall on whole microseconds; a fraction in progress is cut at a change.
      expect(Math.abs(clock.read(atUs) - naiveReading(changes, atUs))).toBeLessThanOrEqual(
        changes.length,
      );
    });
    fc.assert(property, RUNS);
  });

  test('R4 a step put before one that was made already shifts it and keeps its size', () => {
    const clock = new HostClock(0);
    clock.step(50, 1_000);
    clock.step(20, 7);
    expect([19, 20, 49, 50, 60].map((atUs) => clock.read(atUs))).toEqual([
      19, 27, 56, 1_057, 1_067,
    ]);
  });

  test('R4 a rate put before a later one ends where that begins', () => {
    const clock = new HostClock(0);
    clock.setRate(50, -500_000);
    clock.setRate(10, 500_000);
    clock.setRate(20, 0);
    expect(clock.read(50)).toBe(55);
    expect(clock.read(60)).toBe(60);
    expect([5, 15, 30, 55].map((atUs) => clock.rateAt(atUs))).toEqual([0, 500_000, 0, -500_000]);
  });

  test('R8 a reset starts it at 0 and leaves what comes later as it was', () => {
    const clock = new HostClock(0);
    clock.step(80, 5);
    clock.reset(30);
    expect([29, 30, 79, 80].map((atUs) => clock.read(atUs))).toEqual([29, 0, 49, 55]);
  });
});

describe('when', () => {
  test('R4 is the first instant from which on the clock shows that much', () => {
    const property = fc.property(
      fc.array(change, { maxLength: 5 }),
      fc.nat(60),
      fc.nat(120),
      (drawn, fromUs, localUs) => {
        const changes = [...drawn].sort((a, b) => a.atUs - b.atUs);
        const clock = new HostClock(0);
        apply(clock, changes);
        const dueUs = clock.when(localUs, fromUs);
        expect(dueUs).toBeGreaterThanOrEqual(fromUs);
        expect(clock.read(dueUs)).toBeGreaterThanOrEqual(localUs);
        let earlierUs = fromUs;
        while (earlierUs < dueUs && clock.read(earlierUs) < localUs) earlierUs++;
        expect(earlierUs).toBe(dueUs);
      },
    );
    fc.assert(property, RUNS);
  });
});

describe('R4 changes that are withdrawn', () => {
  test('R4 leave the clock as if they had never been made, whatever was made after', () => {
    const property = fc.property(
      fc.array(change, { maxLength: 6 }),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.array(change, { maxLength: 6 }),
      (before, withdrawn, after) => {
        const clock = new HostClock(1_000);
        const other = new HostClock(1_000);
        apply(clock, before);
        const made = withdrawn.map((one) =>
          one.kind === 'step' ? clock.step(one.atUs, one.byUs) : clock.setRate(one.atUs, one.ppm),
        );
        apply(clock, after);
        apply(other, [...before, ...after]);
        clock.withdraw(made);
        for (let us = 0; us <= 80; us++) expect(clock.read(us)).toBe(other.read(us));
      },
    );
    fc.assert(property, RUNS);
  });

  test('R4 R8 a reset made after a withdrawn step still shows 0', () => {
    const clock = new HostClock(0);
    const step = clock.step(10, 500);
    clock.reset(5);
    clock.withdraw([step]);
    expect([clock.read(5), clock.read(20)]).toEqual([0, 15]);
  });
});

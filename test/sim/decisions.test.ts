/** Sources of decisions: seeded, edited, recorded (R6). */
import { describe, expect, test } from 'vitest';
import { type Decision, mix, PURPOSE, scale } from '../../src/random.js';
import { seedKey } from '../../src/seed-key.js';
import {
  EditedDecisions,
  RecordedDecisions,
  ReplayDiffers,
  SeededDecisions,
  Subject,
} from '../../src/sim/decisions.js';

const KEY = seedKey('7');
const { random, gap } = PURPOSE;

function entry(ordinal: number, value: number, n = 10): Decision {
  return { subject: 1, purpose: random, operation: 2, ordinal, n, value };
}

describe('R6 seeded', () => {
  test('R6 the answer is the mix of key and address, scaled', () => {
    const decisions = new SeededDecisions(KEY);
    expect(decisions.decide(3, gap, 2, 5, 1_000, 0)).toBe(scale(mix(KEY, 3, gap, 2, 5), 1_000));
  });

  test('R6 it does not depend on what was asked before', () => {
    const asked = new SeededDecisions(KEY);
    for (let ordinal = 0; ordinal < 9; ordinal++) asked.decide(1, random, 1, ordinal, 9, 0);
    const fresh = new SeededDecisions(KEY);
    expect(asked.decide(2, gap, 1, 0, 1e6, 0)).toBe(fresh.decide(2, gap, 1, 0, 1e6, 0));
  });

  test('R6 recording keeps every answer with its whole address, in the order asked', () => {
    const decisions = new SeededDecisions(KEY, true);
    const first = decisions.decide(1, random, 2, 0, 10, 0);
    const second = decisions.decide(4, gap, 0, 3, 100, 0);
    expect(decisions.recorded).toEqual([
      { subject: 1, purpose: random, operation: 2, ordinal: 0, n: 10, value: first },
      { subject: 4, purpose: gap, operation: 0, ordinal: 3, n: 100, value: second },
    ]);
    expect(new SeededDecisions(KEY).recorded).toBeUndefined();
  });
});

describe('R6 edited', () => {
  test('R6 listed addresses override, others get the harmless default', () => {
    const decisions = new EditedDecisions(KEY, [entry(1, 8)]);
    expect(decisions.decide(1, random, 2, 0, 10, 3)).toBe(3);
    expect(decisions.decide(1, random, 2, 1, 10, 3)).toBe(8);
    expect(decisions.decide(1, random, 3, 1, 10, 3)).toBe(3);
    expect(decisions.decide(2, random, 2, 1, 10, 3)).toBe(3);
    expect(decisions.decide(1, gap, 2, 1, 10, 3)).toBe(3);
  });

  test('R6 an answer out of the range asked for becomes the largest one in it', () => {
    expect(new EditedDecisions(KEY, [entry(0, 8)]).decide(1, random, 2, 0, 5, 0)).toBe(4);
  });

  test('R6 listed addresses that are never asked are ignored and counted', () => {
    const decisions = new EditedDecisions(KEY, [entry(0, 1), entry(1, 2), entry(2, 3)]);
    expect(decisions.unused).toBe(3);
    decisions.decide(1, random, 2, 1, 10, 0);
    decisions.decide(1, random, 2, 1, 10, 0);
    decisions.decide(1, random, 2, 7, 10, 0);
    expect(decisions.unused).toBe(2);
    expect(decisions.asked()).toEqual([entry(1, 2)]);
  });
});

describe('R6 recorded', () => {
  test('R6 gives back what was recorded, in whatever order it is asked', () => {
    const decisions = new RecordedDecisions(KEY, [entry(0, 4), entry(1, 5)]);
    expect(decisions.decide(1, random, 2, 1, 10, 0)).toBe(5);
    expect(decisions.decide(1, random, 2, 0, 10, 0)).toBe(4);
    expect(() => decisions.assertAllAsked()).not.toThrow();
  });

  test('R6 throws at an address that is not in the record, and names it', () => {
    const decisions = new RecordedDecisions(KEY, [entry(0, 4)]);
    expect(() => decisions.decide(1, random, 2, 1, 10, 0)).toThrow(ReplayDiffers);
    expect(() => decisions.decide(1, random, 2, 1, 10, 0)).toThrow(
      'not in the record: random of subject 1, operation 2, number 1, 1 of 10',
    );
  });

  test('R6 throws if the range is another one', () => {
    const decisions = new RecordedDecisions(KEY, [entry(0, 4)]);
    expect(() => decisions.decide(1, random, 2, 0, 11, 0)).toThrow(
      'recorded with 10: random of subject 1, operation 2, number 0, 1 of 11',
    );
  });

  test('R6 throws if an address is asked twice', () => {
    const decisions = new RecordedDecisions(KEY, [entry(0, 4)]);
    decisions.decide(1, random, 2, 0, 10, 0);
    expect(() => decisions.decide(1, random, 2, 0, 10, 0)).toThrow(ReplayDiffers);
  });

  test('R6 names the first that is left over', () => {
    const decisions = new RecordedDecisions(KEY, [entry(0, 4), entry(1, 5), entry(2, 6)]);
    decisions.decide(1, random, 2, 0, 10, 0);
    expect(() => decisions.assertAllAsked()).toThrow(ReplayDiffers);
    expect(() => decisions.assertAllAsked()).toThrow('never asked: random of subject 1');
  });
});

describe('R6 a subject', () => {
  test('R6 counts ordinals within purpose and operation', () => {
    const decisions = new SeededDecisions(KEY, true);
    const subject = new Subject(decisions, 9);
    subject.decide(random, 10, 0);
    subject.enter(1);
    subject.decide(random, 10, 0);
    subject.decide(random, 10, 0);
    subject.decide(gap, 10, 0);
    subject.enter(0);
    subject.decide(random, 10, 0);
    subject.enter(2);
    subject.decide(random, 10, 0);
    const addresses = decisions.recorded!.map(({ purpose, operation, ordinal }) => [
      purpose,
      operation,
      ordinal,
    ]);
    expect(addresses).toEqual([
      [random, 0, 0],
      [random, 1, 0],
      [random, 1, 1],
      [gap, 1, 0],
      [random, 0, 1],
      [random, 2, 0],
    ]);
  });
});

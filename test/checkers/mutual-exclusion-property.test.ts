/** The checker against its oracle, on random histories in which every class and cause occurs. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { arbitraryHistory } from './arbitrary-history.js';
import { judge, RUNS } from './judging.js';
import { oracle } from './mutual-exclusion-oracle.js';

const MANY = { ...RUNS, numRuns: 2_000 };

property.prop([arbitraryHistory], MANY)(
  'R1 R2 R3 verdict, class, cause and witness are those of the oracle',
  (history) => {
    const { verdict, class: name, cause, witness } = judge(mutualExclusion, history);
    expect({ verdict, class: name, cause, witness }).toEqual({
      class: undefined,
      cause: undefined,
      ...oracle(history),
    });
  },
);

test('R3 every class and every cause occurs among those histories', () => {
  const seen = new Map<string, number>();
  for (const history of fc.sample(arbitraryHistory, MANY)) {
    const { verdict, class: name, cause } = oracle(history);
    const outcome = [verdict, name, cause].filter((word) => word !== undefined).join(' ');
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  const atLeast = (outcome: string) => Math.min(seen.get(outcome) ?? 0, 10);
  expect(atLeast('valid')).toBe(10);
  expect(atLeast('invalid double-grant')).toBe(10);
  expect(atLeast('invalid double-grant resurrected')).toBe(10);
  expect(atLeast('invalid stale-belief')).toBe(10);
  expect(atLeast('invalid inherent-overlap pause-inside-call')).toBe(10);
  expect(atLeast('invalid inherent-overlap session-end-not-delivered')).toBe(10);
  expect(atLeast('invalid inherent-overlap client-clock')).toBe(10);
});

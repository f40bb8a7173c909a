/** What is reported of a verdict on a real run: why it broke, where nobody says that it may. */
import { expect, test } from 'vitest';
import { isUnclaimed, propertiesOf } from '../../src/cli/real-report.js';
import type { JudgedProperty } from '../../src/real/check/claimed.js';
import type { TraceOf } from '../../src/real/history/trace.js';

const witness = [1, 2];
const VALID: JudgedProperty = { property: 'leak', verdict: 'valid', witness };
const BROKEN: JudgedProperty = {
  property: 'mutual-exclusion',
  verdict: 'invalid',
  class: 'double-grant',
  witness,
};
const CLAIMED: JudgedProperty = { ...BROKEN, property: 'progress', expected: true };
const why = 'Two were inside. What helps: not to be.';
const violations = [
  { property: 'progress', why: 'Of nobody.' },
  { property: 'mutual-exclusion', why },
];

test('what broke has its reason, what is claimed has none', () => {
  const trace = () => ({ violations }) as unknown as ReturnType<TraceOf>;
  const reported = propertiesOf([VALID, BROKEN, CLAIMED], trace);
  expect(reported).toEqual([
    { property: 'leak', verdict: 'valid' },
    { property: 'mutual-exclusion', verdict: 'invalid', class: 'double-grant', why },
    { property: 'progress', verdict: 'invalid', class: 'double-grant', expected: true },
  ]);
  expect(reported.map(isUnclaimed)).toEqual([false, true, false]);
});

test('a trace is made only of what broke', () => {
  const none = () => {
    throw new Error('nobody asked for it');
  };
  const doubt: JudgedProperty = { property: 'belief', verdict: 'unknown', reason: 'late', witness };
  expect(propertiesOf([VALID, doubt, CLAIMED], none)).toContainEqual({
    property: 'belief',
    verdict: 'unknown',
    reason: 'late',
  });
});

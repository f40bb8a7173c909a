/** Narratives of a holder that was told too early (R11). */
import { expect, test } from 'vitest';
import { belief } from '../../src/checkers/belief.js';
import { narrate } from '../../src/story/narrative/index.js';
import { type Story, story } from '../checkers/history-builder.js';
import { judge } from '../checkers/judging.js';
import { traceOf } from './telling.js';

function why(told: Story): string {
  const verdict = judge(belief, told);
  expect(verdict).toMatchObject({ verdict: 'invalid', cause: 'early' });
  return narrate(verdict, traceOf(told));
}

test('R11 who looked at its clock before it slept, and then sent, did what can be done', () => {
  const slept = story('A')
    .pause('A', 0, 9_000)
    .acquire('A', 0, { sentMs: 9_000, push: true })
    .enter('A', 9_002)
    .told('A', 10_000);
  expect(why(slept)).toContain(
    'A was paused from 0 ms to 9.000 s, before its request left: a lock that had looked at its ' +
      'clock before counts the pause as part of the term.',
  );
  expect(why(slept)).toMatch(/That errs on the safe side, .* accept it by a claim\.$/);
});

test('R11 who did not sleep counts from the send', () => {
  const hasty = story('A').acquire('A', 0, { push: true }).enter('A', 2).told('A', 1_000);
  expect(why(hasty)).toContain('What helps: count from the send of the request');
  expect(why(hasty)).not.toContain('paused');
});

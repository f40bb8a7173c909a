/**
 * The two properties of a campaign rather than of a run: whether it reached what it had to reach,
 * and whether runs repeat (docs/semantics.md, R13, D15).
 */
import { capital } from '../words.js';
import type { Narrator } from './tale.js';

export const coverage: Narrator = (_tale, { reason }) => [
  `The campaign did not reach what a verdict needs${reason === undefined ? '' : ` (${reason})`}.`,
  'A lock that was never put to the test has not passed it. What helps: more runs, more ' +
    'clients, shorter gaps, or fault classes that the lock can meet.',
];

export const determinism: Narrator = (_tale, { reason = 'the same run, made twice, differed' }) =>
  differed(reason, false);

/** A run was made twice and differed: where, whose fault that is, and what helps. */
export function differed(where: string, isOurs: boolean): string[] {
  return [
    `${capital(where)}.`,
    isOurs
      ? 'The lock is built in, so this is a bug in Holdfast; please report it with this sentence.'
      : 'Something in the lock depends on what the simulation does not control: the clock of ' +
        'the machine, its random numbers, or state kept between runs. What helps: take clocks, ' +
        'timers and randomness from the environment, and keep nothing outside of create.',
  ];
}

/** How outcomes of stories, and verdicts of runs, on real servers are shown. */
import { list } from '../story/words.js';
import type { Outcome } from '../timeline/conformance/document.js';
import { OUTCOME_SIGNS, OUTCOME_WORDS } from '../timeline/conformance/words.js';
import type { Session } from './context.js';
import { isUnclaimed, nameOf, type RealProperty } from './real-report.js';
import { painter } from './terminal.js';
import { indented } from './text.js';

const COLOURS = {
  confirmed: 'red',
  'not-reproduced': 'yellow',
  'cannot-be-played': 'yellow',
} as const;

/** Sign, colour and words. */
export const outcomeText = (outcome: Outcome) =>
  [OUTCOME_SIGNS[outcome], COLOURS[outcome], OUTCOME_WORDS[outcome]] as const;

/** What a run was played on: `r1 redis 7.0.15`, servers of one kind together. */
export function ranOn(environment: Readonly<Record<string, string>>): string {
  const ids = new Map<string, string[]>();
  for (const [id, program] of Object.entries(environment)) {
    if (id !== 'node') ids.set(program, [...(ids.get(program) ?? []), id]);
  }
  return [...ids].map(([program, those]) => `${list(those)} ${program}`).join(', ');
}

/** A verdict in words: `✗ ownership`, and why. */
export function propertyLines({ terminal }: Session, one: RealProperty): string[] {
  const { columns } = terminal;
  const paint = painter(terminal);
  const { verdict, expected, reason, why } = one;
  const isBroken = isUnclaimed(one);
  const sign = verdict === 'valid' ? '✓' : isBroken ? '✗' : expected ? '!' : '?';
  const mood = verdict === 'valid' ? 'green' : isBroken ? 'red' : 'yellow';
  const claimed = expected ? `${nameOf(one)}, as claimed` : nameOf(one);
  const text = reason === undefined ? claimed : `${claimed}, ${reason}`;
  const lines = indented(text, columns, `${sign} `, '  ').map((line) => paint(mood, line));
  return why === undefined ? lines : [...lines, ...indented(why, columns, '  why: ', '       ')];
}

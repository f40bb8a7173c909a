/** How outcomes of stories on real servers are shown. */
import { list } from '../story/words.js';
import type { Outcome } from '../timeline/conformance/document.js';
import { OUTCOME_SIGNS, OUTCOME_WORDS } from '../timeline/conformance/words.js';

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

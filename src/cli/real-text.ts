/** How outcomes of stories on real servers are shown. */

import { list } from '../story/words.js';

/** Sign, colour and words; a confirmed story is a violation that really happened. */
export const SIGNS = {
  confirmed: ['✗', 'red', 'confirmed'],
  'not-reproduced': ['?', 'yellow', 'not reproduced'],
  'cannot-be-played': ['–', 'yellow', 'cannot be played here'],
} as const;

/** What a run was played on: `r1 redis 7.0.15`, servers of one kind together. */
export function ranOn(environment: Readonly<Record<string, string>>): string {
  const ids = new Map<string, string[]>();
  for (const [id, program] of Object.entries(environment)) {
    if (id !== 'node') ids.set(program, [...(ids.get(program) ?? []), id]);
  }
  return [...ids].map(([program, those]) => `${list(those)} ${program}`).join(', ');
}

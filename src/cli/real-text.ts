/** How outcomes of stories on real servers are shown. */
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

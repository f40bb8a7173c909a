/** How outcomes of stories on real servers are shown. */
import { OUTCOME_WORDS } from '../timeline/conformance/words.js';

/** Sign, colour and words; a confirmed story is a violation that really happened. */
export const SIGNS = {
  confirmed: ['✗', 'red', OUTCOME_WORDS.confirmed],
  'not-reproduced': ['?', 'yellow', OUTCOME_WORDS['not-reproduced']],
  'cannot-be-played': ['–', 'yellow', OUTCOME_WORDS['cannot-be-played']],
} as const;

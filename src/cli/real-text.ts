/** How outcomes of stories on real servers are shown. */

/** Sign, colour and words; a confirmed story is a violation that really happened. */
export const SIGNS = {
  confirmed: ['✗', 'red', 'confirmed'],
  'not-reproduced': ['?', 'yellow', 'not reproduced'],
  'cannot-be-played': ['–', 'yellow', 'cannot be played here'],
} as const;

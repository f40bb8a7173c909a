/** What is wrong with the words of a Redis command, in a sentence: only who sent it needs it. */

/** What is sent in the place of a word, and is none. */
export function wrongWord(command: unknown, which: string, given: unknown): TypeError {
  const what = `${which} is ${wordsFor(given)}; Redis takes texts and numbers`;
  return new TypeError(`${typeof command === 'string' ? command : 'a command'}: ${what}`);
}

/** What is given in the place of a list, and is none. */
export function noList(which: string, given: unknown): TypeError {
  return new TypeError(`EVAL: its ${which} are ${wordsFor(given)}; expected a list`);
}

function wordsFor(given: unknown): string {
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'function') return 'a function';
  if (typeof given === 'object' && given !== null) return 'an object';
  return typeof given === 'bigint' ? `the bigint ${given}` : String(given);
}

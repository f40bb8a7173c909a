/**
 * A Redis command as the words that are sent, on simulated servers as on real ones. Client
 * libraries do not agree on what else than a text or a number becomes (node-redis throws, ioredis
 * sends an empty word for what is undefined), so it is refused here, before it looks like a lease.
 */
import type { RedisArgument } from '../../algorithms/environment.js';
import { noList, wrongWord } from './wrong-words.js';

/** Turns the numbers among the words into text, in place: the array is the caller's own. */
export function callWords(words: RedisArgument[]): string[] {
  if (words.length === 0) throw wrongWord(undefined, 'its name', undefined);
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (typeof word === 'string') continue;
    if (isNumber(word) && index > 0) words[index] = String(word);
    else throw wrongWord(words[0], index === 0 ? 'its name' : `its argument ${index}`, word);
  }
  return words as string[];
}

export function evalWords(
  script: string,
  keys: readonly string[],
  args: readonly RedisArgument[],
): string[] {
  if (typeof script !== 'string') throw wrongWord('EVAL', 'its script', script);
  // The letters of a text are a list too.
  if (!Array.isArray(keys)) throw noList('keys', keys);
  if (!Array.isArray(args)) throw noList('arguments', args);
  const words = new Array<string>(3 + keys.length + args.length);
  words[0] = 'EVAL';
  words[1] = script;
  words[2] = String(keys.length);
  let at = 3;
  for (const key of keys) {
    if (typeof key !== 'string') throw wrongWord('EVAL', `its key ${at - 2}`, key);
    words[at++] = key;
  }
  for (const arg of args) {
    if (typeof arg === 'string') words[at++] = arg;
    else if (isNumber(arg)) words[at++] = String(arg);
    else throw wrongWord('EVAL', `its argument ${at - 2 - keys.length}`, arg);
  }
  return words;
}

function isNumber(word: unknown): word is number {
  return typeof word === 'number' && !Number.isNaN(word);
}

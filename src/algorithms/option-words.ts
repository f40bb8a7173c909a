/** Sentences about options: only whoever gave one that a lock does not take reads them. */
import { nearest } from '../nearest.js';
import type { LockAlgorithm } from './lock.js';
import type { OptionSpec } from './option-spec.js';

/** What is wrong with an option that the lock does not have, and which ones there are. */
export function unknownOption(
  { name, options }: Pick<LockAlgorithm, 'name' | 'options'>,
  option: string,
  ofCampaign: readonly string[],
): string {
  const names = Object.keys(options);
  const others = ofCampaign.filter((other) => !names.includes(other));
  const near = nearest(option, [...names, ...others]);
  if (near.length > 0) return `${name}: there is no option ${option}; did you mean ${list(near)}?`;
  const own = names.length === 0 ? 'none' : names.join(', ');
  const rest = others.length === 0 ? '' : `; every campaign takes ${others.join(', ')}`;
  return `${name}: there is no option ${option}; it takes ${own}${rest}`;
}

/** What an option takes, in words: `a whole number from 1 to 9`. */
export function acceptedRange(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'number':
      return `a ${spec.integer ? 'whole ' : ''}number from ${spec.min} to ${spec.max}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return list(spec.values);
  }
}

function list(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

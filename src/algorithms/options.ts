/**
 * From the options somebody gave to the values a lock gets: names and ranges are checked before
 * anything runs, and defaults are filled in. Whoever got something wrong reads one sentence.
 */
import { nearest } from '../nearest.js';
import type { Options, OptionValue } from '../scenario.js';
import type { LockAlgorithm } from './lock.js';
import type { OptionSpec } from './option-spec.js';

/** An option that a lock does not have, or a value that it does not take. */
export class OptionError extends Error {
  override readonly name = 'OptionError';

  /** @param option the option's name, where the error is about one. */
  constructor(
    message: string,
    readonly option?: string,
  ) {
    super(message);
  }
}

/**
 * All options of the lock: those given, which may be text as it stands on a command line, and
 * defaults for the others.
 *
 * @param ofCampaign names that may be set beside the lock's own; only the sentences need them.
 * @throws {OptionError} naming the lock, the option, the value and the accepted range.
 */
export function resolveOptions(
  algorithm: Pick<LockAlgorithm, 'name' | 'options'>,
  given: Options,
  ofCampaign: readonly string[] = [],
): Options {
  const { name, options: specs } = algorithm;
  for (const option of Object.keys(given)) {
    if (Object.hasOwn(specs, option)) continue;
    throw new OptionError(unknownOption(algorithm, option, ofCampaign), option);
  }
  const values = Object.entries(specs).map(([option, spec]): [string, OptionValue] => {
    const value = Object.hasOwn(given, option) ? given[option]! : spec.default;
    const accepted = acceptedValue(spec, value);
    if (accepted !== undefined) return [option, accepted];
    const sentence = `option ${option} is ${String(value)}; it takes ${acceptedRange(spec)}`;
    throw new OptionError(`${name}: ${sentence}`, option);
  });
  return Object.fromEntries(values);
}

function unknownOption(
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

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** The value as its option takes it, or undefined. Text may spell a number or a truth. */
export function acceptedValue(spec: OptionSpec, value: OptionValue): OptionValue | undefined {
  switch (spec.kind) {
    case 'number': {
      const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !(number >= spec.min && number <= spec.max)) {
        return undefined;
      }
      return spec.integer && !Number.isInteger(number) ? undefined : number;
    }
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'choice':
      return spec.values.find((choice) => choice === value);
  }
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

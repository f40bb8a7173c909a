/**
 * From the options somebody gave to the values a lock gets: names and ranges are checked before
 * anything runs, and defaults are filled in. Whoever got something wrong reads one sentence.
 */
import type { Options, OptionValue } from '../scenario.js';
import type { LockAlgorithm } from './lock.js';
import type { OptionSpec } from './option-spec.js';
import { acceptedRange, unknownOption } from './option-words.js';

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

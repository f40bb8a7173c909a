/**
 * Options of SCAN, HSCAN, SSCAN and ZSCAN (`db.c: scanGenericCommand`). Every scan answers all it
 * has at once with the cursor 0, in the order of insertion.
 */
import type { Entry } from '../entry.js';
import { NOT_AN_INTEGER, SYNTAX } from '../errors.js';
import { keyword } from '../keyword.js';
import { parseIndex } from '../numbers.js';
import { matchesPattern } from '../pattern.js';
import { RedisError, type Reply } from '../reply.js';

interface ScanOptions {
  matches(text: string): boolean;
  /** Name of the type SCAN was asked for; undefined: any. */
  readonly typeName: string | undefined;
}

const INVALID_CURSOR = new RedisError('ERR invalid cursor');

/** Whether a text is a cursor to `strtoul`, which takes a sign and nothing else around digits. */
function isCursor(text: string): boolean {
  return text === '' || /^[+-]?\d{1,19}$/.test(text);
}

/** Reads the options from `first` on; TYPE only where keys are scanned. */
function parseOptions(
  args: readonly string[],
  first: number,
  ofKeys: boolean,
): ScanOptions | RedisError {
  let pattern = '*';
  let typeName: string | undefined;
  for (let index = first; index < args.length; index += 2) {
    const option = keyword(args[index]!);
    const value = args[index + 1];
    if (value === undefined) return SYNTAX;
    if (option === 'COUNT') {
      const count = parseIndex(value);
      if (count === undefined) return NOT_AN_INTEGER;
      if (count < 1) return SYNTAX;
    } else if (option === 'MATCH') pattern = value;
    else if (option === 'TYPE' && ofKeys) typeName = keyword(value).toLowerCase();
    else return SYNTAX;
  }
  return { typeName, matches: (text) => pattern === '*' || matchesPattern(pattern, text) };
}

/** Reply of SCAN over these keys. */
export function scanKeys(
  args: readonly string[],
  keys: readonly string[],
  typeOf: (key: string) => string,
): Reply {
  if (!isCursor(args[1]!)) return INVALID_CURSOR;
  const options = parseOptions(args, 2, true);
  if (options instanceof RedisError) return options;
  const { typeName } = options;
  return [
    '0',
    keys.filter(
      (key) => options.matches(key) && (typeName === undefined || typeName === typeOf(key)),
    ),
  ];
}

/** Reply of a scan of a collection; of each element the first part is matched. */
export function scanCollection<E extends Entry>(
  args: readonly string[],
  entry: E | undefined | RedisError,
  elements: (entry: E) => readonly (readonly string[])[],
): Reply {
  if (!isCursor(args[2]!)) return INVALID_CURSOR;
  if (entry instanceof RedisError) return entry;
  if (entry === undefined) return ['0', []];
  const options = parseOptions(args, 3, false);
  if (options instanceof RedisError) return options;
  return [
    '0',
    elements(entry)
      .filter(([name]) => options.matches(name!))
      .flat(),
  ];
}

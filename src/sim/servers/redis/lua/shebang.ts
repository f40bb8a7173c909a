/**
 * The first line of a script may name its engine and set flags: `#!lua flags=no-writes`
 * (src/eval.c of Redis 7.0.15: evalExtractShebangFlags).
 */
import { ScriptError } from './runtime/errors.js';

export type ScriptFlag =
  | 'no-writes'
  | 'allow-oom'
  | 'allow-stale'
  | 'no-cluster'
  | 'allow-cross-slot-keys';

const FLAGS = new Set<string>([
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] satisfies ScriptFlag[]);

export interface Shebang {
  readonly flags: readonly ScriptFlag[];
  /** The script from the end of its first line on, so that lines keep their numbers. */
  readonly code: string;
}

/** A wrong first line is thrown as `ScriptError`. */
export function readShebang(script: string): Shebang {
  if (!script.startsWith('#!')) return { flags: [], code: script };
  const end = script.indexOf('\n');
  if (end < 0) throw new ScriptError('ERR Invalid script shebang');
  const [engine = '', ...options] = script.slice(0, end).split(/\s+/).filter(Boolean);
  if (engine !== '#!lua') {
    throw new ScriptError(`ERR Unexpected engine in script shebang: ${engine}`);
  }
  return { flags: options.flatMap(readOption), code: script.slice(end) };
}

function readOption(option: string): ScriptFlag[] {
  if (!option.startsWith('flags=')) {
    throw new ScriptError(`ERR Unknown lua shebang option: ${option}`);
  }
  const list = option.slice('flags='.length);
  return (list === '' ? [] : list.split(',')).map(readFlag);
}

function readFlag(flag: string): ScriptFlag {
  if (!FLAGS.has(flag)) throw new ScriptError(`ERR Unexpected flag in script shebang: ${flag}`);
  return flag as ScriptFlag;
}

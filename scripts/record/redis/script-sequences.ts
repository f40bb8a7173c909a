/**
 * Every script case as a sequence: its set-up, then EVAL.
 */
import type { ScriptCase } from './case.js';
import { scripts as bit } from './scripts/bit.js';
import { scripts as cjson } from './scripts/cjson.js';
import { scripts as conversions } from './scripts/conversions.js';
import { scripts as errors } from './scripts/errors.js';
import { scripts as format } from './scripts/format.js';
import { scripts as language } from './scripts/language.js';
import { scripts as locks } from './scripts/locks.js';
import { scripts as metatables } from './scripts/metatables.js';
import { scripts as numbers } from './scripts/numbers.js';
import { scripts as packing } from './scripts/packing.js';
import { scripts as patterns } from './scripts/patterns.js';
import { scripts as pcall } from './scripts/pcall.js';
import { scripts as sandbox } from './scripts/sandbox.js';
import { scripts as strings } from './scripts/strings.js';
import { scripts as syntax } from './scripts/syntax.js';
import { scripts as tables } from './scripts/tables.js';
import { scripts as time } from './scripts/time.js';
import type { Sequence, SequenceStep } from './sequence.js';

const CASES: readonly ScriptCase[] = [
  ...[...syntax, ...language, ...numbers, ...strings, ...patterns, ...format, ...tables],
  ...[...metatables, ...pcall, ...errors, ...sandbox, ...conversions, ...time],
  ...[...bit, ...cjson, ...packing, ...locks],
];

function toSequence({ name, setup = [], script, keys, args }: ScriptCase): Sequence {
  const call = ['EVAL', script, String(keys.length), ...keys, ...args];
  const steps = [...setup, call].map(
    (words): SequenceStep => ({ type: 'command', connection: 0, args: words, blocks: false }),
  );
  return { name: `script: ${name}`, steps };
}

export const SCRIPTS: readonly Sequence[] = CASES.map(toSequence);

/**
 * The library `cjson`: JSON to and from tables, and its settings.
 */
import { defaultJsonConfig, type JsonConfig } from '../runtime/json-config.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import { type LuaFunction, type LuaValue, NULL_POINTER } from '../runtime/value.js';
import { checkInteger, checkString } from './arguments.js';
import { decodeJson } from './json-decode.js';
import { encodeJson } from './json-encode.js';

const INT_MAX = 0x7fffffff;

type ConfigOf = (run: Run) => JsonConfig;

function checkCount(args: readonly LuaValue[], most: number, run: Run): void {
  if (args.length > most) run.failArgument(most + 1, 'found too many arguments');
}

function integerOption(
  args: readonly LuaValue[],
  index: number,
  run: Run,
  current: number,
  [min, max]: readonly [number, number],
): number {
  if (args[index - 1] === undefined) return current;
  const value = checkInteger(args, index, run);
  const complaint = `expected integer between ${min} and ${max}`;
  if (value < min || value > max) run.failArgument(1, complaint);
  return value;
}

/** An option among names; `true` and `false` are its first two. Returns the option's number. */
function namedOption(
  args: readonly LuaValue[],
  index: number,
  run: Run,
  current: number,
  names: readonly string[],
): number {
  const value = args[index - 1];
  if (value === undefined) return current;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const name = checkString(args, index, run);
  const option = names.indexOf(name);
  return option < 0 ? run.failArgument(index, `invalid option '${name}'`) : option;
}

const SWITCH = ['off', 'on'];
const INVALID_NUMBERS = ['off', 'on', 'null'];

type NumberSetting = 'encodeMaxDepth' | 'decodeMaxDepth' | 'numberPrecision';

function numberSetting(configOf: ConfigOf, name: NumberSetting, max: number): LuaFunction {
  return (args, run) => {
    checkCount(args, 1, run);
    const config = configOf(run);
    config[name] = integerOption(args, 1, run, config[name], [1, max]);
    return [config[name]];
  };
}

function switchSetting(
  configOf: ConfigOf,
  name: 'decodeInvalidNumbers' | 'keepBuffer',
): LuaFunction {
  return (args, run) => {
    checkCount(args, 1, run);
    const config = configOf(run);
    config[name] = namedOption(args, 1, run, config[name] ? 1 : 0, SWITCH) === 1;
    return [config[name]];
  };
}

function encodeInvalidNumbers(configOf: ConfigOf): LuaFunction {
  return (args, run) => {
    checkCount(args, 1, run);
    const config = configOf(run);
    const option = namedOption(args, 1, run, config.encodeInvalidNumbers, INVALID_NUMBERS);
    config.encodeInvalidNumbers = option;
    return [option === 2 ? 'null' : option === 1];
  };
}

function encodeSparseArray(configOf: ConfigOf): LuaFunction {
  return (args, run) => {
    checkCount(args, 3, run);
    const config = configOf(run);
    config.sparseConvert = namedOption(args, 1, run, config.sparseConvert ? 1 : 0, SWITCH) === 1;
    config.sparseRatio = integerOption(args, 2, run, config.sparseRatio, [0, INT_MAX]);
    config.sparseSafe = integerOption(args, 3, run, config.sparseSafe, [0, INT_MAX]);
    return [config.sparseConvert, config.sparseRatio, config.sparseSafe];
  };
}

/** The functions of a `cjson` module with settings of its own. */
function jsonModule(configOf: ConfigOf): Record<string, LuaValue> {
  return {
    _NAME: 'cjson',
    _VERSION: '2.1.0',
    decode: (args, run) => {
      if (args.length !== 1) run.failArgument(1, 'expected 1 argument');
      return [decodeJson(checkString(args, 1, run), configOf(run), run)];
    },
    decode_invalid_numbers: switchSetting(configOf, 'decodeInvalidNumbers'),
    decode_max_depth: numberSetting(configOf, 'decodeMaxDepth', INT_MAX),
    encode: (args, run) => {
      if (args.length !== 1) run.failArgument(1, 'expected 1 argument');
      return [encodeJson(args[0], configOf(run), run)];
    },
    encode_invalid_numbers: encodeInvalidNumbers(configOf),
    encode_keep_buffer: switchSetting(configOf, 'keepBuffer'),
    encode_max_depth: numberSetting(configOf, 'encodeMaxDepth', INT_MAX),
    encode_number_precision: numberSetting(configOf, 'numberPrecision', 14),
    encode_sparse_array: encodeSparseArray(configOf),
    new: () => {
      const config = defaultJsonConfig();
      const table = new LuaTable();
      for (const [name, value] of Object.entries(jsonModule(() => config))) table.set(name, value);
      return [table];
    },
    null: NULL_POINTER,
  };
}

export const CJSON: Readonly<Record<string, LuaValue>> = jsonModule((run) => run.jsonConfig);

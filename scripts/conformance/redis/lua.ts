/**
 * Random Lua programs for EVAL: expressions of numbers, strings and tables, calls of the libraries,
 * and Redis commands, in the forms that locks use and in some that nobody would write.
 */
import fc from 'fast-check';
import { IN_SCRIPTS } from './templates.js';

const ATOMS: readonly string[] = [
  ...['0', '1', '-1', '2.5', '1e3', '0x10', '1e100', '-0', '3.0', '123456789012', '0.1'],
  ...["''", "'a'", "'10'", "' 7 '", "'1e2'", "'%d'", "'\\0b'", "'é'", '[[x]]'],
  ...['nil', 'true', 'false', 'ARGV[1]', 'KEYS[1]', 'ARGV[9]', '#ARGV', 'missing', 'v'],
];

const BINARY: readonly string[] = [
  ...['+', '-', '*', '/', '%', '^', '..'],
  ...['==', '~=', '<', '<=', '>', '>=', 'and', 'or'],
];

const CALLS: readonly string[] = [
  'tostring(@)',
  'tonumber(@)',
  'tonumber(@, 16)',
  'type(@)',
  '#(@)',
  '-(@)',
  'not (@)',
  '(@)[1]',
  '({@, @, @})[2]',
  'select(@, 1, 2, 3)',
  "select('#', @, @)",
  'math.floor(@)',
  'math.ceil(@)',
  'math.abs(@)',
  'math.max(@, @)',
  'math.fmod(@, @)',
  'string.len(@)',
  'string.sub(@, @, @)',
  'string.rep(@, 3)',
  'string.upper(@)',
  'string.reverse(@)',
  'string.byte(@, 1, -1)',
  "string.format('%d', @)",
  "string.format('%5.2f|%s', @, @)",
  "string.format('%q', @)",
  "string.format('%x', @)",
  "string.find(@, 'a', 1, true)",
  "string.gsub(@, '%d', '#')",
  "string.match(@, '^(%w)(.*)$')",
  "table.concat({@, @}, ',')",
  'unpack({@, @})',
  'next({@})',
  'pcall(function() return @ + @ end)',
  'pcall(error, @)',
  'error(tostring(@))',
  'error({err = tostring(@)})',
  'assert(@, tostring(@))',
  'rawequal(@, @)',
  'cjson.encode(@)',
  'cjson.encode({@, @})',
  'cjson.decode(@)',
  'redis.status_reply(@)',
  'redis.error_reply(@)',
  'redis.sha1hex(@)',
  'tostring(redis.call(unpack(ARGV)))',
  'type(redis.pcall(unpack(ARGV)))',
  'bit.band(@, @)',
  'bit.lshift(@, 3)',
  'bit.tohex(@)',
];

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'lua' },
    fc.constantFrom(...ATOMS),
    fc
      .tuple(tie('expression'), fc.constantFrom(...BINARY), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(fc.constantFrom(...CALLS), fc.array(tie('expression'), { minLength: 3, maxLength: 3 }))
      .map(([call, parts]) => {
        let at = 0;
        return call.replace(/@/g, () => parts[at++] ?? 'nil');
      }),
  ),
}));

/** Programs; `@` is an expression. What they call stands in ARGV. */
const PROGRAMS: readonly string[] = [
  'return @',
  'return {@, @, @}',
  'local v = @ return {v, type(v), tostring(v)}',
  'local v = @ if v then return 1 else return @ end',
  'local t = {} for i = 1, 3 do t[i] = @ end return t',
  'return redis.call(unpack(ARGV))',
  'return redis.pcall(unpack(ARGV))',
  'local r = redis.pcall(unpack(ARGV)) return {type(r), r}',
  'local r = redis.pcall(unpack(ARGV)) return type(r) == "table" and (r.err or r.ok or #r) or r',
  "redis.call('SET', KEYS[1], @) return redis.call(unpack(ARGV))",
  "redis.call(unpack(ARGV)) return redis.call('EXISTS', KEYS[1])",
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return @",
  "return redis.call('SET', KEYS[1], @)",
  "return redis.pcall('INCRBY', KEYS[1], @)",
  "return redis.call('HINCRBYFLOAT', KEYS[1], 'f', @)",
  "return redis.call('ZADD', KEYS[1], @, 'm')",
  'local function f(v) return @ end return f(@)',
  'missing = @ return missing',
  'return #redis.call(unpack(ARGV))',
  'local a, b = @, @ return {a == b, tostring(a) .. type(b)}',
];

const filled = fc
  .tuple(fc.constantFrom(...PROGRAMS), fc.array(expression, { minLength: 3, maxLength: 3 }))
  .map(([program, parts]) => {
    let at = 0;
    return program.replace(/@/g, () => parts[at++] ?? 'nil');
  });

/** Calls of EVAL, with a command as its arguments. */
export const EVALS: fc.Arbitrary<string[]> = fc
  .tuple(filled, fc.constantFrom('k', 'l', 'h'), IN_SCRIPTS)
  .map(([script, key, args]) => ['EVAL', script, '1', key, ...args]);

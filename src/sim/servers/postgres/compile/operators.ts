/** Operators, by name and types of what they stand between (pg_operator). */
import { notModelled, outOfRange, PostgresError } from '../errors.js';
import { addInterval, between, Interval, multiply } from '../types/interval.js';
import * as numeric from '../types/numeric.js';
import { displayName, type Type } from '../types/type.js';
import { checkInt4, checkInt8, compareValues, type Numeric, type Value } from '../types/value.js';
import { coerce } from './coerce.js';
import { choose, type Overload } from './overloads.js';
import type { Compilation, Expression } from './scope.js';

interface Operator extends Overload {
  readonly result: Type;
  readonly apply: (left: Value, right: Value) => Value;
}

type Apply = Operator['apply'];

const operators = new Map<string, Operator[]>();

function define(name: string, left: Type, right: Type, result: Type, apply: unknown): void {
  const known = operators.get(name) ?? [];
  known.push({ args: [left, right], result, apply: apply as Apply });
  operators.set(name, known);
}

const zeroDivide = (): PostgresError => new PostgresError('22012', 'division by zero');

function checkFloat(value: number, a: number, b: number): number {
  if (!Number.isFinite(value) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new PostgresError('22003', 'value out of range: overflow');
  }
  return value;
}

function defineArithmetic(): void {
  define('+', 'int4', 'int4', 'int4', (a: number, b: number) => checkInt4(a + b));
  define('-', 'int4', 'int4', 'int4', (a: number, b: number) => checkInt4(a - b));
  define('*', 'int4', 'int4', 'int4', (a: number, b: number) => checkInt4(a * b));
  define('/', 'int4', 'int4', 'int4', (a: number, b: number) => {
    if (b === 0) throw zeroDivide();
    return checkInt4(Math.trunc(a / b)) + 0;
  });
  define('%', 'int4', 'int4', 'int4', (a: number, b: number) => {
    if (b === 0) throw zeroDivide();
    return (a % b) + 0;
  });
  // An int4 beside an int8 has operators of its own; the sum is the same.
  define('+', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => checkInt8(a + b));
  define('-', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => checkInt8(a - b));
  define('*', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => checkInt8(a * b));
  define('/', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => {
    if (b === 0n) throw zeroDivide();
    return checkInt8(a / b);
  });
  define('%', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => {
    if (b === 0n) throw zeroDivide();
    return a % b;
  });
  define('+', 'float8', 'float8', 'float8', (a: number, b: number) => checkFloat(a + b, a, b));
  define('-', 'float8', 'float8', 'float8', (a: number, b: number) => checkFloat(a - b, a, b));
  define('*', 'float8', 'float8', 'float8', (a: number, b: number) => checkFloat(a * b, a, b));
  define('/', 'float8', 'float8', 'float8', (a: number, b: number) => {
    if (b === 0) throw zeroDivide();
    return checkFloat(a / b, a, b);
  });
  define('+', 'numeric', 'numeric', 'numeric', numeric.add);
  define('-', 'numeric', 'numeric', 'numeric', numeric.subtract);
  define('*', 'numeric', 'numeric', 'numeric', numeric.multiply);
  define('/', 'numeric', 'numeric', 'numeric', (a: Numeric, b: Numeric) => {
    if (b.digits === 0n) throw zeroDivide();
    return numeric.divide(a, b);
  });
  define('%', 'numeric', 'numeric', 'numeric', () => {
    throw notModelled('operator % of numeric');
  });
}

function defineBits(): void {
  define('&', 'int4', 'int4', 'int4', (a: number, b: number) => a & b);
  define('|', 'int4', 'int4', 'int4', (a: number, b: number) => a | b);
  define('#', 'int4', 'int4', 'int4', (a: number, b: number) => a ^ b);
  define('&', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => BigInt.asIntN(64, a & b));
  define('|', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => BigInt.asIntN(64, a | b));
  define('#', 'int8', 'int8', 'int8', (a: bigint, b: bigint) => BigInt.asIntN(64, a ^ b));
  define('<<', 'int8', 'int4', 'int8', (a: bigint, b: number) =>
    BigInt.asIntN(64, a << BigInt(b & 63)),
  );
  define('>>', 'int8', 'int4', 'int8', (a: bigint, b: number) => a >> BigInt(b & 63));
  define('<<', 'int4', 'int4', 'int4', (a: number, b: number) => a << b);
  define('>>', 'int4', 'int4', 'int4', (a: number, b: number) => a >> b);
}

function checkedInstant(value: number): number {
  if (Number.isNaN(value)) throw outOfRange('timestamp');
  return value;
}

function defineTime(): void {
  for (const type of ['timestamptz', 'timestamp'] as const) {
    define('+', type, 'interval', type, (a: number, b: Interval) => addInterval(a, b, 1));
    define('-', type, 'interval', type, (a: number, b: Interval) => addInterval(a, b, -1));
    define('+', 'interval', type, type, (a: Interval, b: number) =>
      checkedInstant(addInterval(b, a, 1)),
    );
    define('-', type, type, 'interval', between);
  }
  define('+', 'interval', 'interval', 'interval', (a: Interval, b: Interval) => plus(a, b, 1));
  define('-', 'interval', 'interval', 'interval', (a: Interval, b: Interval) => plus(a, b, -1));
  define('*', 'interval', 'float8', 'interval', multiply);
  define('*', 'float8', 'interval', 'interval', (a: number, b: Interval) => multiply(b, a));
  define('/', 'interval', 'float8', 'interval', (a: Interval, b: number) => {
    if (b === 0) throw zeroDivide();
    return multiply(a, 1 / b);
  });
}

function plus(a: Interval, b: Interval, sign: 1 | -1): Interval {
  return new Interval(a.months + sign * b.months, a.days + sign * b.days, a.us + sign * b.us);
}

type Ordered = (a: number, b: number) => boolean;

const COMPARISONS: readonly (readonly [name: string, test: Ordered])[] = [
  ['=', (a, b) => a === b],
  ['<>', (a, b) => a !== b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
];

/** Types that JavaScript's own operators compare. */
const PLAIN: readonly Type[] = [
  'int4',
  'int8',
  'float8',
  'timestamptz',
  'timestamp',
  'bool',
  'uuid',
];

function defineComparisons(): void {
  for (const [name, test] of COMPARISONS) {
    for (const type of PLAIN) define(name, type, type, 'bool', test);
    for (const type of ['numeric', 'interval', 'text'] as const) {
      define(name, type, type, 'bool', (a: Value, b: Value) => test(compareValues(a, b, type), 0));
    }
    define(name, 'timestamp', 'timestamptz', 'bool', test);
    define(name, 'timestamptz', 'timestamp', 'bool', test);
  }
  // Equality of texts needs no order.
  const equality = operators.get('=')!.find(({ args }) => args[0] === 'text')!;
  Object.assign(equality, { apply: (a: Value, b: Value) => a === b });
  define('||', 'text', 'text', 'text', (a: string, b: string) => a + b);
}

function like(text: string, pattern: string, caseless: boolean): boolean {
  const source = pattern.replace(/\\?[\s\S]/g, (part) => {
    if (part === '%') return '[\\s\\S]*';
    if (part === '_') return '[\\s\\S]';
    return (part.length === 2 ? part[1]! : part).replace(/[$()*+.?[\\\]^{|}/-]/, '\\$&');
  });
  return new RegExp(`^${source}$`, caseless ? 'iu' : 'u').test(text);
}

function defineText(): void {
  define('LIKE', 'text', 'text', 'bool', (a: string, b: string) => like(a, b, false));
  define('NOT LIKE', 'text', 'text', 'bool', (a: string, b: string) => !like(a, b, false));
  define('ILIKE', 'text', 'text', 'bool', (a: string, b: string) => like(a, b, true));
  define('NOT ILIKE', 'text', 'text', 'bool', (a: string, b: string) => !like(a, b, true));
}

defineArithmetic();
defineBits();
defineTime();
defineComparisons();
defineText();

const OPERATOR_SIGNS: ReadonlyMap<string, string> = new Map([
  ['LIKE', '~~'],
  ['NOT LIKE', '!~~'],
  ['ILIKE', '~~*'],
  ['NOT ILIKE', '!~~*'],
]);

function refusal(name: string, types: readonly Type[], many: boolean): PostgresError {
  const sign = OPERATOR_SIGNS.get(name) ?? name;
  const shown = types.map(displayName).join(` ${sign} `);
  return many
    ? new PostgresError('42725', `operator is not unique: ${shown}`)
    : new PostgresError('42883', `operator does not exist: ${shown}`);
}

/** `||` with text on one side takes anything on the other. */
function concatenation(
  compilation: Compilation,
  left: Expression,
  right: Expression,
): Expression | undefined {
  const isText = (type: Type) => type === 'text' || type === 'varchar' || type === 'unknown';
  if (!isText(left.type) && !isText(right.type)) return undefined;
  if (left.type.endsWith('[]') || right.type.endsWith('[]')) return undefined;
  const [first, second] = [left, right].map((side) => coerce(compilation, side, 'text', 'a'));
  return first === undefined || second === undefined
    ? undefined
    : strict('text', first, second, (a, b) => `${a as string}${b as string}`);
}

function strict(type: Type, left: Expression, right: Expression, apply: Apply): Expression {
  const { evaluate: first } = left;
  const { evaluate: second } = right;
  return {
    type,
    evaluate: (execution) => {
      const a = first(execution);
      if (a === null) return null;
      const b = second(execution);
      return b === null ? null : apply(a, b);
    },
  };
}

/** `left op right`. */
export function binary(
  compilation: Compilation,
  name: string,
  left: Expression,
  right: Expression,
): Expression {
  if (name === '||') {
    const joined = concatenation(compilation, left, right);
    if (joined !== undefined) return joined;
  }
  const { operator, first, second } = chosen(compilation, name, left, right);
  return strict(operator.result, first, second, operator.apply);
}

/** IS DISTINCT FROM, which is what `=` is not, and takes nulls for values (parse_expr.c). */
export function distinct(
  compilation: Compilation,
  left: Expression,
  right: Expression,
): Expression {
  const { operator, first, second } = chosen(compilation, '=', left, right);
  return {
    type: 'bool',
    evaluate: (execution) => {
      const a = first.evaluate(execution);
      const b = second.evaluate(execution);
      return a === null || b === null ? a !== b : operator.apply(a, b) !== true;
    },
  };
}

const isArray = ({ type }: Expression): boolean => type.endsWith('[]');

/** The operator for two operands, and these as it wants them. */
function chosen(compilation: Compilation, name: string, left: Expression, right: Expression) {
  const types = [left.type, right.type];
  const all = operators.get(name);
  if (all === undefined || isArray(left) || isArray(right)) {
    throw notModelled(`operator ${name} of ${types.map(displayName).join(' and ')}`);
  }
  const operator = find(all, types);
  if (operator === undefined || operator === null) {
    throw refusal(name, types, operator === null);
  }
  const [first, second] = operator.args;
  return {
    operator,
    first: coerce(compilation, left, first!, 'i')!,
    second: coerce(compilation, right, second!, 'i')!,
  };
}

/** A literal of unknown type is first taken to be of the type on the other side. */
function find(
  all: readonly Operator[],
  [left, right]: readonly Type[],
): Operator | undefined | null {
  if ((left === 'unknown') !== (right === 'unknown')) {
    const type = left === 'unknown' ? right! : left!;
    const exact = all.find(({ args }) => args[0] === type && args[1] === type);
    if (exact !== undefined) return exact;
  }
  return choose(all, [left!, right!]);
}

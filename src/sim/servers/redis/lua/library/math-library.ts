/**
 * The library `math` (manual, §5.6), with the generator of Redis behind `random`.
 */
import { POWER_STEPS, toInt32 } from '../runtime/arithmetic.js';
import { frexp, ldexp } from '../runtime/float.js';
import * as transcendental from '../runtime/transcendental.js';
import { type LuaFunction, type LuaValue, NOTHING } from '../runtime/value.js';
import { checkInt, checkNumber } from './arguments.js';

const RADIANS_PER_DEGREE = Math.PI / 180;

/** Steps a transcendental function is worth: about as long as so many turns of a loop. */
const TRANSCENDENTAL_STEPS = 2000;

function unary(compute: (x: number) => number, steps = 0): LuaFunction {
  return (args, run) => {
    run.charge(steps);
    return [compute(checkNumber(args, 1, run))];
  };
}

function slow(compute: (x: number) => number): LuaFunction {
  return unary(compute, TRANSCENDENTAL_STEPS);
}

/** The second argument is looked at first: C's compiler evaluates them from the right. */
function binary(compute: (x: number, y: number) => number, steps = 0): LuaFunction {
  return (args, run) => {
    run.charge(steps);
    const second = checkNumber(args, 2, run);
    return [compute(checkNumber(args, 1, run), second)];
  };
}

/** The first of all arguments that none of the others beats. */
function extreme(beats: (a: number, b: number) => boolean): LuaFunction {
  return (args, run) => {
    let best = checkNumber(args, 1, run);
    for (let i = 2; i <= args.length; i++) {
      const candidate = checkNumber(args, i, run);
      if (beats(candidate, best)) best = candidate;
    }
    return [best];
  };
}

const modf: LuaFunction = (args, run) => {
  const value = checkNumber(args, 1, run);
  if (!Number.isFinite(value)) return [value, Number.isNaN(value) ? value : signedZero(value)];
  const whole = Math.trunc(value);
  const fraction = value - whole;
  return [whole, fraction === 0 ? signedZero(value) : fraction];
};

function signedZero(value: number): number {
  return value < 0 || Object.is(value, -0) ? -0 : 0;
}

const random: LuaFunction = (args, run) => {
  const draw = run.random.next();
  switch (args.length) {
    case 0:
      return [draw];
    case 1: {
      const upper = checkInt(args, 1, run);
      if (upper < 1) run.failArgument(1, 'interval is empty');
      return [Math.floor(draw * upper) + 1];
    }
    case 2: {
      const lower = checkInt(args, 1, run);
      const upper = checkInt(args, 2, run);
      if (lower > upper) run.failArgument(2, 'interval is empty');
      return [Math.floor(draw * toInt32(upper - lower + 1)) + lower];
    }
    default:
      return run.fail('wrong number of arguments');
  }
};

const randomseed: LuaFunction = (args, run) => {
  run.random.seed(checkInt(args, 1, run));
  return NOTHING;
};

export const MATH: Readonly<Record<string, LuaValue>> = {
  abs: unary(Math.abs),
  acos: slow(transcendental.acos),
  asin: slow(transcendental.asin),
  atan: slow(transcendental.atan),
  atan2: binary(transcendental.atan2, TRANSCENDENTAL_STEPS),
  ceil: unary(Math.ceil),
  cos: slow(transcendental.cos),
  cosh: slow(transcendental.cosh),
  deg: unary((x) => x / RADIANS_PER_DEGREE),
  exp: slow(transcendental.exp),
  floor: unary(Math.floor),
  fmod: binary((x, y) => x % y),
  frexp: (args, run) => {
    const { fraction, exponent } = frexp(checkNumber(args, 1, run));
    return [fraction, exponent];
  },
  huge: Infinity,
  ldexp: (args, run) => {
    const exponent = checkInt(args, 2, run);
    return [ldexp(checkNumber(args, 1, run), exponent)];
  },
  log: slow(transcendental.log),
  log10: slow(transcendental.log10),
  max: extreme((a, b) => a > b),
  min: extreme((a, b) => a < b),
  mod: binary((x, y) => x % y),
  modf,
  pi: Math.PI,
  pow: binary(transcendental.pow, POWER_STEPS),
  rad: unary((x) => x * RADIANS_PER_DEGREE),
  random,
  randomseed,
  sin: slow(transcendental.sin),
  sinh: slow(transcendental.sinh),
  sqrt: unary(Math.sqrt),
  tan: slow(transcendental.tan),
  tanh: slow(transcendental.tanh),
};

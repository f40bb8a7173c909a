/**
 * `string.format`: C's `sprintf` as far as Lua 5.1 lets it through (manual, §5.4).
 */
import { toInt64, toUint64 } from '../runtime/arithmetic.js';
import { exactDigits, fixedDigits } from '../runtime/decimal.js';
import { cString } from '../runtime/number.js';
import { formatSpecial, isNegative, scientific } from '../runtime/printf.js';
import type { Run } from '../runtime/run.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkNumber, checkString } from './arguments.js';

/** One conversion, `%-08.3f` say. */
interface Conversion {
  readonly flags: string;
  readonly width: number;
  /** `undefined`: not given. */
  readonly precision: number | undefined;
  readonly letter: string;
}

/** Texts from this length on are inserted as they are, unless a precision cuts them. */
const LONG_TEXT = 100;
/** Steps a conversion is worth: about as long as so many turns of a loop. */
const CONVERSION_STEPS = 30;

export const format: LuaFunction = (args, run) => {
  const template = checkString(args, 1, run);
  let result = '';
  let argument = 1;
  for (let at = 0; at < template.length; ) {
    const percent = template.indexOf('%', at);
    if (percent < 0) {
      result += template.slice(at);
      break;
    }
    result += template.slice(at, percent);
    at = percent + 1;
    if (template.charAt(at) === '%') {
      result += '%';
      at += 1;
      continue;
    }
    argument += 1;
    if (argument > args.length) run.failArgument(argument, 'no value');
    const scanned = scan(template, at, run);
    at = scanned.end;
    result += convert(scanned.conversion, args, argument, run);
    run.charge(CONVERSION_STEPS);
    run.chargeString(result.length);
  }
  return [result];
};

const CONVERSION = /([-+ #0]*)(\d?\d?)(\.\d?\d?)?/y;

function scan(template: string, at: number, run: Run): { conversion: Conversion; end: number } {
  CONVERSION.lastIndex = at;
  const [text, flags, width, point] = CONVERSION.exec(template) as unknown as [
    string,
    string,
    string,
    string | undefined,
  ];
  if (flags.length >= 6) run.fail('invalid format (repeated flags)');
  const end = at + text.length;
  const letter = template.charAt(end);
  if (letter >= '0' && letter <= '9') run.fail('invalid format (width or precision too long)');
  const precision = point === undefined ? undefined : Number(point.slice(1));
  const conversion = { flags, width: Number(width), precision, letter };
  return { conversion, end: end + 1 };
}

function convert(
  conversion: Conversion,
  args: readonly LuaValue[],
  index: number,
  run: Run,
): string {
  const { letter } = conversion;
  switch (letter) {
    case 'c': {
      const code = toCharacter(checkNumber(args, index, run));
      if (code > 127) run.hasBytes = true;
      return cString(pad(String.fromCharCode(code), conversion));
    }
    case 'd':
    case 'i':
      return formatInteger(BigInt(toInt64(checkNumber(args, index, run))), conversion);
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return formatUnsigned(toUint64(checkNumber(args, index, run)), conversion);
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      return formatFloat(checkNumber(args, index, run), conversion);
    case 'q':
      return quote(checkString(args, index, run));
    case 's': {
      const text = checkString(args, index, run);
      if (conversion.precision === undefined && text.length >= LONG_TEXT) return text;
      return pad(cString(text).slice(0, conversion.precision), conversion);
    }
    default:
      return run.fail(`invalid option '%${cString(letter)}' to 'format'`);
  }
}

/** A double as C makes it an `int` and then a character; beyond `int` the low byte is zero. */
function toCharacter(value: number): number {
  return value > -0x80000001 && value < 0x80000000 ? value & 0xff : 0;
}

function pad(text: string, { flags, width }: Conversion): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

/** Pads a number: zeros go between its sign or prefix and its digits. */
function padNumber(prefix: string, digits: string, conversion: Conversion, zeros: boolean): string {
  const { flags, width } = conversion;
  if (!zeros || flags.includes('-')) return pad(prefix + digits, conversion);
  return prefix + digits.padStart(width - prefix.length, '0');
}

function signOf(isMinus: boolean, flags: string): string {
  if (isMinus) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function formatInteger(value: bigint, conversion: Conversion): string {
  const { flags, precision } = conversion;
  const magnitude = (value < 0n ? -value : value).toString();
  const digits = withPrecision(magnitude, precision);
  const zeros = flags.includes('0') && precision === undefined;
  return padNumber(signOf(value < 0n, flags), digits, conversion, zeros);
}

function withPrecision(digits: string, precision: number | undefined): string {
  if (precision === undefined) return digits;
  return digits === '0' && precision === 0 ? '' : digits.padStart(precision, '0');
}

function formatUnsigned(value: bigint, conversion: Conversion): string {
  const { flags, precision, letter } = conversion;
  const isAlternate = flags.includes('#');
  let digits = value.toString(letter === 'o' ? 8 : letter === 'u' ? 10 : 16);
  digits = withPrecision(digits, precision);
  if (letter === 'o' && isAlternate && !digits.startsWith('0')) digits = `0${digits}`;
  const isHexadecimal = letter === 'x' || letter === 'X';
  const prefix = isHexadecimal && isAlternate && value !== 0n ? '0x' : '';
  const zeros = flags.includes('0') && precision === undefined;
  const text = padNumber(prefix, digits, conversion, zeros);
  return letter === 'X' ? text.toUpperCase() : text;
}

function formatFloat(value: number, conversion: Conversion): string {
  const { flags, letter } = conversion;
  const special = formatSpecial(value);
  let text: string;
  if (special === undefined) {
    const sign = signOf(isNegative(value), flags);
    text = padNumber(
      sign,
      floatDigits(Math.abs(value), conversion),
      conversion,
      flags.includes('0'),
    );
  } else {
    const sign = signOf(special.startsWith('-'), flags);
    text = pad(sign + special.replace('-', ''), conversion);
  }
  return letter === 'E' || letter === 'G' ? text.toUpperCase() : text;
}

/** A finite value that is not negative, before padding. */
function floatDigits(value: number, conversion: Conversion): string {
  const { flags, precision = 6 } = conversion;
  const keepsPoint = flags.includes('#');
  switch (conversion.letter.toLowerCase()) {
    case 'f':
      return fixed(value, precision, keepsPoint);
    case 'e': {
      const { digits, exponent } = exactDigits(value, precision + 1);
      return withPoint(scientific(digits, exponent), keepsPoint);
    }
    default:
      return general(value, Math.max(precision, 1), keepsPoint);
  }
}

function fixed(value: number, places: number, keepsPoint: boolean): string {
  const digits = fixedDigits(value, places).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const point = places > 0 || keepsPoint ? '.' : '';
  return whole + point + digits.slice(digits.length - places);
}

function general(value: number, precision: number, keepsPoint: boolean): string {
  const { digits, exponent } = exactDigits(value, precision);
  const kept = keepsPoint ? digits : digits.replace(/0+$/, '') || '0';
  if (exponent < -4 || exponent >= precision) {
    return withPoint(scientific(kept, exponent), keepsPoint);
  }
  const places = Math.max(0, keepsPoint ? precision - 1 - exponent : kept.length - 1 - exponent);
  return fixed(value, places, keepsPoint);
}

/** Adds a decimal point to `1e+05` for the flag `#`. */
function withPoint(text: string, keepsPoint: boolean): string {
  return keepsPoint && !text.includes('.') ? text.replace('e', '.e') : text;
}

/** `%q`: a literal that reads back as the text. */
function quote(text: string): string {
  const escaped = text
    .replace(/["\\\n]/g, '\\$&')
    .replace(/\r/g, '\\r')
    .replaceAll('\0', '\\000');
  return `"${escaped}"`;
}

/**
 * Writes the stand-in of a module: a module with the same exports, whose functions get at the real
 * ones when they are called. Plain data is copied. Of an entry of a table, which has functions and
 * a name, only the name is there; whoever asks for more asks for the part.
 */
import { FOUND_BY } from '../src/simulator/parts.js';

function hasFunctions(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasFunctions);
}

/**
 * The shape of a module's exports, as an expression: data as it is, `o({...})` for an entry of a
 * table, `f(n)` for the nth function and `c(n)` for the nth class. One that is in several
 * places has one number.
 */
export function shapeOf(exports: Readonly<Record<string, unknown>>): string {
  const numbers = new Map<unknown, number>();
  const members = (value: object, at: string): string => {
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}:${write(member, `${at}.${name}`)}`)
      .join(',')}}`;
  };
  const write = (value: unknown, at: string): string => {
    switch (typeof value) {
      case 'function': {
        const number = numbers.get(value) ?? numbers.size;
        numbers.set(value, number);
        return `${String(value).startsWith('class') ? 'c' : 'f'}(${number})`;
      }
      case 'object': {
        if (value === null) return 'null';
        if (Array.isArray(value)) {
          return `[${value.map((item, index) => write(item, `${at}[${index}]`)).join(',')}]`;
        }
        if (value === exports) return members(value, at);
        if (Object.getPrototypeOf(value) !== Object.prototype) {
          throw new TypeError(`${at} is no plain object: a part cannot export that`);
        }
        if (!hasFunctions(value)) return members(value, at);
        const known = Object.entries(value).filter(([name]) => FOUND_BY.has(name));
        return known.length === 0
          ? members(value, at)
          : `o(${members(Object.fromEntries(known), at)})`;
      }
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'string':
      case 'boolean':
        return JSON.stringify(value);
      case 'undefined':
        return 'undefined';
      default:
        throw new TypeError(`${at} is a ${typeof value}: a part cannot export that`);
    }
  };
  return write(exports, 'exports');
}

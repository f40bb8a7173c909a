/**
 * Writes the stand-in of a module: a module with the same exports, whose functions get at the real
 * ones when they are called. Data is copied, so that a table of commands or of options can be read
 * before what it leads to is there.
 */

/**
 * The shape of a module's exports, as an expression: data as it is, `f(n)` for the nth function and
 * `c(n)` for the nth class. One that is in several places has one number.
 */
export function shapeOf(exports: Readonly<Record<string, unknown>>): string {
  const numbers = new Map<unknown, number>();
  const write = (value: unknown, at: string): string => {
    switch (typeof value) {
      case 'function': {
        const number = numbers.get(value) ?? numbers.size;
        numbers.set(value, number);
        return `${String(value).startsWith('class') ? 'c' : 'f'}(${number})`;
      }
      case 'object':
        if (value === null) return 'null';
        if (Array.isArray(value)) {
          return `[${value.map((item, index) => write(item, `${at}[${index}]`)).join(',')}]`;
        }
        if (value !== exports && Object.getPrototypeOf(value) !== Object.prototype) {
          throw new TypeError(`${at} is no plain object: a part cannot export that`);
        }
        return `{${Object.entries(value)
          .map(([name, member]) => `${JSON.stringify(name)}:${write(member, `${at}.${name}`)}`)
          .join(',')}}`;
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

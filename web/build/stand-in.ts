/**
 * Writes the stand-in of a module: a module with the same exports, whose functions get at the real
 * ones when they are called. Data is copied, so that a table of commands or of options can be read
 * before what it leads to is there.
 */

/**
 * @param part the variable that holds the part: called, it gives the group or throws.
 * @param member the module's name in the group.
 */
export function standInFor(
  exports: Readonly<Record<string, unknown>>,
  part: string,
  member: string,
): string {
  const writer = new Writer(part);
  const holder = `${part}().${member}`;
  const lines = Object.entries(exports).map(([name, value]) => {
    const text = writer.write(value, `${holder}.${name}`);
    return name === 'default' ? `export default ${text};` : `export const ${name} = ${text};`;
  });
  return [...writer.shared, ...lines].join('\n');
}

class Writer {
  /** Functions that are in several places are one function there too. */
  readonly shared: string[] = [];
  private readonly names = new Map<unknown, string>();

  constructor(private readonly part: string) {}

  write(value: unknown, at: string): string {
    switch (typeof value) {
      case 'function':
        return this.functionName(value, at);
      case 'object':
        return value === null ? 'null' : this.object(value, at);
      case 'string':
      case 'boolean':
        return JSON.stringify(value);
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'undefined':
        return 'undefined';
      default:
        throw new TypeError(`${at} is a ${typeof value}: a part cannot export that`);
    }
  }

  private functionName(value: unknown, at: string): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name = `f${this.names.size}`;
    this.names.set(value, name);
    const isClass = String(value).startsWith('class');
    this.shared.push(`const ${name} = ${isClass ? this.standClass(at) : `(...a) => ${at}(...a)`};`);
    return name;
  }

  /** Makes real instances, and knows them; of a part that is not loaded there are none. */
  private standClass(at: string): string {
    const loaded = at.replace(`${this.part}()`, 'part');
    const make = `constructor(...a) { return new (${at})(...a); }`;
    const known = `const part = ${this.part}.ifLoaded(); return part !== undefined && v instanceof ${loaded};`;
    return `class { ${make} static [Symbol.hasInstance](v) { ${known} } }`;
  }

  private object(value: object, at: string): string {
    if (Array.isArray(value)) {
      return `[${value.map((item, index) => this.write(item, `${at}[${index}]`)).join(', ')}]`;
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) {
      throw new TypeError(`${at} is no plain object: a part cannot export that`);
    }
    const members = Object.entries(value).map(([name, member]) => {
      const key = JSON.stringify(name);
      return `${key}: ${this.write(member, `${at}[${key}]`)}`;
    });
    return `{ ${members.join(', ')} }`;
  }
}

/**
 * `cjson.decode` (lua-cjson 2.1, deps/lua/src/lua_cjson.c of Redis 7.0.15).
 */
import type { JsonConfig } from '../runtime/json-config.js';
import { numberPrefix, parseNumber } from '../runtime/number.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import { type LuaValue, NULL_POINTER } from '../runtime/value.js';
import { encodeUtf8 } from '../utf8.js';

export function decodeJson(text: string, config: JsonConfig, run: Run): LuaValue {
  if (text.length >= 2 && (text.charAt(0) === '\0' || text.charAt(1) === '\0')) {
    run.fail('JSON parser does not support UTF-16 or UTF-32');
  }
  return new Decoder(text, config, run).decode();
}

/** `name` is what messages call it: a kind, or for an error what is wrong. */
interface Lexeme {
  readonly name: string;
  readonly value?: LuaValue;
  /** Where it starts. */
  readonly at: number;
}

const PUNCTUATION: Readonly<Record<string, string>> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ',': 'T_COMMA',
  ':': 'T_COLON',
};

const WORDS: readonly (readonly [word: string, name: string, value: LuaValue])[] = [
  ['true', 'T_BOOLEAN', true],
  ['false', 'T_BOOLEAN', false],
  ['null', 'T_NULL', NULL_POINTER],
];

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
};

class Decoder {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly config: JsonConfig,
    private readonly run: Run,
  ) {}

  decode(): LuaValue {
    const value = this.value(this.next());
    const end = this.next();
    if (end.name !== 'T_END') this.unexpected('the end', end);
    return value;
  }

  private value(lexeme: Lexeme): LuaValue {
    switch (lexeme.name) {
      case 'T_STRING':
      case 'T_NUMBER':
      case 'T_BOOLEAN':
      case 'T_NULL':
        return lexeme.value;
      case 'T_OBJ_BEGIN':
        return this.nested(() => this.object());
      case 'T_ARR_BEGIN':
        return this.nested(() => this.array());
      default:
        return this.unexpected('value', lexeme);
    }
  }

  private nested(parse: () => LuaTable): LuaTable {
    this.depth += 1;
    if (this.depth > this.config.decodeMaxDepth) {
      const where = `(${this.depth}) at character ${this.at}`;
      this.run.fail(`Found too many nested data structures ${where}`);
    }
    const table = parse();
    this.depth -= 1;
    return table;
  }

  private object(): LuaTable {
    const table = new LuaTable();
    let lexeme = this.next();
    if (lexeme.name === 'T_OBJ_END') return table;
    for (;;) {
      if (lexeme.name !== 'T_STRING') this.unexpected('object key string', lexeme);
      const colon = this.next();
      if (colon.name !== 'T_COLON') this.unexpected('colon', colon);
      table.set(lexeme.value, this.value(this.next()));
      const end = this.next();
      if (end.name === 'T_OBJ_END') return table;
      if (end.name !== 'T_COMMA') this.unexpected('comma or object end', end);
      lexeme = this.next();
    }
  }

  private array(): LuaTable {
    const table = new LuaTable();
    let lexeme = this.next();
    if (lexeme.name === 'T_ARR_END') return table;
    for (let i = 1; ; i++) {
      table.set(i, this.value(lexeme));
      const end = this.next();
      if (end.name === 'T_ARR_END') return table;
      if (end.name !== 'T_COMMA') this.unexpected('comma or array end', end);
      lexeme = this.next();
    }
  }

  private next(): Lexeme {
    this.run.charge(1);
    while (/[ \t\n\r]/.test(this.text.charAt(this.at))) this.at += 1;
    const at = this.at;
    const character = this.text.charAt(at);
    if (character === '' || character === '\0') return { name: 'T_END', at };
    const punctuation = PUNCTUATION[character];
    if (punctuation !== undefined) {
      this.at += 1;
      return { name: punctuation, at };
    }
    if (character === '"') return this.string();
    if (/[-\d]/.test(character)) return this.number();
    return this.word();
  }

  private word(): Lexeme {
    const at = this.at;
    for (const [word, name, value] of WORDS) {
      if (this.text.startsWith(word, at)) {
        this.at += word.length;
        return { name, value, at };
      }
    }
    const mayBeNumber = /[+iInN]/.test(this.text.charAt(at));
    if (mayBeNumber && this.config.decodeInvalidNumbers && this.isInvalidNumber()) {
      return this.number();
    }
    return { name: 'invalid token', at };
  }

  /** A number C reads but JSON does not know: with a plus sign, in base 16, not finite. */
  private isInvalidNumber(): boolean {
    return /^(?:\+|-?(?:0[xX\d]|inf|nan))/i.test(this.text.slice(this.at, this.at + 5));
  }

  private number(): Lexeme {
    const at = this.at;
    if (!this.config.decodeInvalidNumbers && this.isInvalidNumber()) {
      return { name: 'invalid number', at };
    }
    const prefix = numberPrefix(this.text, at);
    if (prefix === '') return { name: 'invalid number', at };
    this.at += prefix.length;
    return { name: 'T_NUMBER', value: parseNumber(prefix), at };
  }

  private string(): Lexeme {
    const at = this.at;
    let value = '';
    this.at += 1;
    for (;;) {
      const character = this.text.charAt(this.at);
      if (character === '' || character === '\0') {
        return { name: 'unexpected end of string', at: this.at };
      }
      this.at += 1;
      if (character === '"') return { name: 'T_STRING', value, at };
      if (character !== '\\') {
        value += character;
        continue;
      }
      const letter = this.text.charAt(this.at);
      const unescaped = letter === 'u' ? this.unicodeEscape() : ESCAPES[letter];
      if (unescaped === undefined) {
        const name = letter === 'u' ? 'invalid unicode escape code' : 'invalid escape code';
        return { name, at: this.at - 1 };
      }
      this.at += letter === 'u' ? 0 : 1;
      value += unescaped;
    }
  }

  /** `uXXXX`, or two of them for a code point above U+FFFF, as UTF-8. */
  private unicodeEscape(): string | undefined {
    const unit = this.hexadecimal(this.at + 1);
    if (unit === undefined) return undefined;
    let code = unit;
    let size = 5;
    if ((unit & 0xf800) === 0xd800) {
      const low = this.text.startsWith('\\u', this.at + 5)
        ? this.hexadecimal(this.at + 7)
        : undefined;
      if (unit >= 0xdc00 || low === undefined || (low & 0xfc00) !== 0xdc00) return undefined;
      code = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
      size = 11;
    }
    this.run.hasBytes ||= code > 127;
    this.at += size;
    return encodeUtf8(code);
  }

  private hexadecimal(at: number): number | undefined {
    const digits = this.text.slice(at, at + 4);
    return /^[\da-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
  }

  private unexpected(expected: string, lexeme: Lexeme): never {
    const where = `at character ${lexeme.at + 1}`;
    return this.run.fail(`Expected ${expected} but found ${lexeme.name} ${where}`);
  }
}

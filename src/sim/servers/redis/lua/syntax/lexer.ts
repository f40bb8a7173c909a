/**
 * Splits a Lua 5.1 chunk (a byte string) into lexemes. Messages and the text they quote are those
 * of the reference implementation (Lua 5.1 manual, §2.1; deps/lua/src/llex.c of Redis 7.0.15).
 */
import { internalized } from '../../internalized.js';
import { parseNumber } from '../runtime/number.js';
import { LuaSyntaxError } from './syntax-error.js';

/** Kinds that carry a value; every other lexeme is known by its own text. */
export type ValueKind = '<name>' | '<number>' | '<string>';

export interface Lexeme {
  /** `<name>`, `<number>`, `<string>`, `<eof>`, or the keyword, operator or single character. */
  readonly kind: string;
  /** Of a name its text, of a string its bytes. */
  readonly text: string;
  readonly number: number;
  /** What a message quotes after "near". */
  readonly quoted: string;
}

const KEYWORDS = new Set([
  ...['and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'if', 'in'],
  ...['local', 'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while'],
]);

const ESCAPES = new Map(
  Object.entries({ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }),
);

const END_OF_FILE: Lexeme = { kind: '<eof>', text: '', number: 0, quoted: '<eof>' };

export class Lexer {
  /** Line of the character about to be read. */
  line = 1;
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly chunkId: string,
  ) {}

  next(): Lexeme {
    for (;;) {
      const character = this.source.charAt(this.at);
      if (character === '') return END_OF_FILE;
      if (isNewline(character)) this.skipNewline();
      else if (isSpace(character)) this.at += 1;
      else if (this.source.startsWith('--', this.at)) this.skipComment();
      else return this.lexeme(character);
    }
  }

  /** Throws with the position; `near` is the text to quote, if the message quotes any. */
  fail(message: string, near?: string): never {
    const quoted = near === undefined ? '' : ` near '${near}'`;
    throw new LuaSyntaxError(`${this.chunkId}:${this.line}: ${message}${quoted}`);
  }

  private lexeme(character: string): Lexeme {
    if (isLetter(character)) return this.name();
    if (isDigit(character)) return this.numeral();
    if (character === '"' || character === "'") return this.shortString(character);
    if (character === '[') return this.bracket();
    if (character === '.') return this.dots();
    const two = this.source.slice(this.at, this.at + 2);
    if (two === '==' || two === '<=' || two === '>=' || two === '~=') return this.symbol(two);
    return this.symbol(character);
  }

  private symbol(text: string): Lexeme {
    this.at += text.length;
    const code = text.charCodeAt(0);
    const quoted = code < 32 || code === 127 ? `char(${code})` : text;
    return { kind: text, text, number: 0, quoted };
  }

  private name(): Lexeme {
    const start = this.at;
    while (isLetter(this.source.charAt(this.at)) || isDigit(this.source.charAt(this.at))) {
      this.at += 1;
    }
    const text = internalized(this.source.slice(start, this.at));
    const kind = KEYWORDS.has(text) ? text : '<name>';
    return { kind, text, number: 0, quoted: text };
  }

  private dots(): Lexeme {
    if (this.source.startsWith('...', this.at)) return this.symbol('...');
    if (this.source.startsWith('..', this.at)) return this.symbol('..');
    return isDigit(this.source.charAt(this.at + 1)) ? this.numeral() : this.symbol('.');
  }

  /** Takes every letter, digit and dot that follows; only then is it judged as a number. */
  private numeral(): Lexeme {
    const start = this.at;
    while (isDigit(this.source.charAt(this.at)) || this.source.charAt(this.at) === '.') {
      this.at += 1;
    }
    if (/[eE]/.test(this.source.charAt(this.at))) {
      this.at += 1;
      if (/[+-]/.test(this.source.charAt(this.at))) this.at += 1;
    }
    while (isLetter(this.source.charAt(this.at)) || isDigit(this.source.charAt(this.at))) {
      this.at += 1;
    }
    const text = this.source.slice(start, this.at);
    const number = parseNumber(text);
    if (number === undefined) this.fail('malformed number', text);
    return { kind: '<number>', text, number, quoted: text };
  }

  private shortString(delimiter: string): Lexeme {
    let bytes = '';
    this.at += 1;
    for (;;) {
      const character = this.source.charAt(this.at);
      if (character === '') this.fail('unfinished string', '<eof>');
      if (isNewline(character)) this.fail('unfinished string', quotable(delimiter + bytes));
      this.at += 1;
      if (character === delimiter) break;
      bytes += character === '\\' ? this.escape(delimiter + bytes) : character;
    }
    return stringLexeme(bytes, delimiter + bytes + delimiter);
  }

  /** The character after a backslash; `before` is the string so far, for a message. */
  private escape(before: string): string {
    const character = this.source.charAt(this.at);
    if (character === '') return '';
    if (isNewline(character)) {
      this.skipNewline();
      return '\n';
    }
    if (!isDigit(character)) {
      this.at += 1;
      return ESCAPES.get(character) ?? character;
    }
    const start = this.at;
    while (this.at < start + 3 && isDigit(this.source.charAt(this.at))) this.at += 1;
    const code = Number(this.source.slice(start, this.at));
    if (code > 255) this.fail('escape sequence too large', quotable(before));
    return String.fromCharCode(code);
  }

  private bracket(): Lexeme {
    const level = this.longBracket('[');
    if (level === -1) return this.symbol('[');
    if (level < -1) {
      this.fail('invalid long string delimiter', this.source.slice(this.at, this.at - level));
    }
    const start = this.at;
    const bytes = this.longString(level, 'unfinished long string');
    return stringLexeme(bytes, this.source.slice(start, this.at));
  }

  /**
   * Number of `=` in a long bracket that opens or closes here; −1 − that number if the second
   * bracket is missing.
   */
  private longBracket(bracket: string): number {
    let end = this.at + 1;
    while (this.source.charAt(end) === '=') end += 1;
    const level = end - this.at - 1;
    return this.source.charAt(end) === bracket ? level : -level - 1;
  }

  private longString(level: number, unfinished: string): string {
    let bytes = '';
    this.at += level + 2;
    if (isNewline(this.source.charAt(this.at))) this.skipNewline();
    for (;;) {
      const character = this.source.charAt(this.at);
      if (character === '') this.fail(unfinished, '<eof>');
      if (isNewline(character)) {
        this.skipNewline();
        bytes += '\n';
        continue;
      }
      if (character === ']' && this.longBracket(']') === level) {
        this.at += level + 2;
        return bytes;
      }
      bytes += character;
      this.at += 1;
    }
  }

  private skipComment(): void {
    this.at += 2;
    if (this.source.charAt(this.at) === '[') {
      const level = this.longBracket('[');
      if (level >= 0) {
        this.longString(level, 'unfinished long comment');
        return;
      }
    }
    while (this.at < this.source.length && !isNewline(this.source.charAt(this.at))) this.at += 1;
  }

  private skipNewline(): void {
    const first = this.source.charAt(this.at);
    this.at += 1;
    const second = this.source.charAt(this.at);
    if (isNewline(second) && second !== first) this.at += 1;
    this.line += 1;
  }
}

function stringLexeme(bytes: string, quoted: string): Lexeme {
  const text = internalized(bytes);
  return { kind: '<string>', text, number: 0, quoted: quotable(quoted) };
}

/** A message is a C string: it ends before the first zero byte. */
function quotable(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function isNewline(character: string): boolean {
  return character === '\n' || character === '\r';
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\v' || character === '\f';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1;
}

function isLetter(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    character === '_'
  );
}

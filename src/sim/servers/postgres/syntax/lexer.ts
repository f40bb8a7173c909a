/**
 * Splits SQL text into words: what comes before the parser has to see where names, literals and
 * operators begin (PostgreSQL documentation, "Lexical Structure"). Comments are dropped.
 */
import { notModelled, PostgresError } from '../errors.js';

export type WordKind = 'name' | 'quoted' | 'string' | 'number' | 'parameter' | 'sign';

export interface Word {
  readonly kind: WordKind;
  /** As written. */
  readonly text: string;
  /** Names in lower case; quoted ones without quotes; strings without quotes; else as written. */
  readonly value: string;
  /** Whether white space or a comment stands before it. */
  readonly spaced: boolean;
}

const SPACE = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(e[+-]?\d+)?/iy;
const PARAMETER = /\$\d+/y;
const NAME = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const QUOTED = /"((?:[^"]|"")*)"/y;
const STRING = /'((?:[^']|'')*)'/y;
const ESCAPED = /e'((?:[^'\\]|''|\\.)*)'/iy;
const SIGN = /::|=>|:=|[+\-*/<>=~!@#%^&|`?]+|[()[\],;:.]/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** All words of a text. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  let spaced = false;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space !== null) {
      at += space[0].length;
      spaced = true;
      continue;
    }
    const word = readWord(text, at, spaced);
    words.push(word);
    at += word.text.length;
    spaced = false;
  }
  return words;
}

function readWord(text: string, at: number, spaced: boolean): Word {
  const escaped = match(ESCAPED, text, at);
  if (escaped !== null) return { kind: 'string', text: escaped[0], value: escaped[1]!, spaced };
  const string = match(STRING, text, at);
  if (string !== null) {
    return { kind: 'string', text: string[0], value: string[1]!.replaceAll("''", "'"), spaced };
  }
  const quoted = match(QUOTED, text, at);
  if (quoted !== null) {
    return { kind: 'quoted', text: quoted[0], value: quoted[1]!.replaceAll('""', '"'), spaced };
  }
  const parameter = match(PARAMETER, text, at);
  if (parameter !== null) {
    return { kind: 'parameter', text: parameter[0], value: parameter[0], spaced };
  }
  const number = match(NUMBER, text, at);
  if (number !== null) return readNumber(text, at, number, spaced);
  const name = match(NAME, text, at);
  if (name !== null) {
    return { kind: 'name', text: name[0], value: name[0].toLowerCase(), spaced };
  }
  return readSign(text, at, spaced);
}

function readNumber(text: string, at: number, number: RegExpExecArray, spaced: boolean): Word {
  const junk = match(NAME, text, at + number[0].length);
  if (junk !== null) {
    throw new PostgresError(
      '42601',
      `trailing junk after numeric literal at or near "${number[0]}${junk[0]}"`,
    );
  }
  return { kind: 'number', text: number[0], value: number[0], spaced };
}

function readSign(text: string, at: number, spaced: boolean): Word {
  if (text[at] === "'") {
    throw new PostgresError('42601', `unterminated quoted string at or near "${text.slice(at)}"`);
  }
  if (text[at] === '"') {
    throw new PostgresError(
      '42601',
      `unterminated quoted identifier at or near "${text.slice(at)}"`,
    );
  }
  const sign = match(SIGN, text, at);
  if (sign === null) throw notModelled(`character ${JSON.stringify(text[at])}`);
  // An operator ends before `-` or `+` unless it has one of the rarer characters in it.
  const trimmed = /[~!@#%^&|`?]/.test(sign[0]) ? sign[0] : sign[0].replace(/(?<=.)[+-]+$/, '');
  const value = trimmed === '!=' ? '<>' : trimmed;
  return { kind: 'sign', text: trimmed, value, spaced };
}

/** The words of each statement, without the `;` between them. */
export function splitStatements(words: readonly Word[]): Word[][] {
  const statements: Word[][] = [[]];
  for (const word of words) {
    if (word.kind === 'sign' && word.value === ';') statements.push([]);
    else statements.at(-1)!.push(word);
  }
  return statements.filter((statement) => statement.length > 0);
}

export function isName(word: Word | undefined, ...names: readonly string[]): boolean {
  return word?.kind === 'name' && names.includes(word.value);
}

export function isSign(word: Word | undefined, sign: string): boolean {
  return word?.kind === 'sign' && word.value === sign;
}

/**
 * SQL text to statements: pgsql-ast-parser reads queries and definitions, `utility.ts` the rest. A
 * text is parsed once and remembered, for all servers: what comes out depends on nothing else.
 */
import { parse, type Statement } from 'pgsql-ast-parser';
import { notModelled, PostgresError, syntaxError } from '../errors.js';
import { type Type, typeByName } from '../types/type.js';
import { isName, isSign, splitStatements, splitWords, type Word } from './lexer.js';
import { type LockingClause, rewrite } from './rewrite.js';
import { parseUtility, type Utility } from './utility.js';

export interface Query {
  readonly kind: 'query';
  readonly statement: Statement;
  /** What the parser read: the places in `statement` are places here. */
  readonly text: string;
  /** Tells the statement from every other, locking clauses included. */
  readonly name: string;
  readonly locking: ReadonlyMap<number, readonly LockingClause[]>;
  /** Types of parameters that PREPARE declared. */
  readonly parameters: readonly Type[];
}

/** PREPARE name (types) AS query. */
export interface Prepare {
  readonly kind: 'prepare';
  readonly name: string;
  readonly query: Query;
}

/** EXECUTE name (…): the arguments as a SELECT of them; undefined: none. */
export interface Execute {
  readonly kind: 'execute';
  readonly name: string;
  readonly args: Query | undefined;
}

export type Parsed = Query | Utility | Prepare | Execute;

/** So many texts are remembered at most: locks that write keys into their SQL make new ones. */
const REMEMBERED_MAX = 2000;
const remembered = new Map<string, readonly Parsed[] | PostgresError>();

/** The statements of a text. */
export function parseSql(text: string): readonly Parsed[] {
  let parsed = remembered.get(text);
  if (parsed === undefined) {
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    parsed = parseAnew(text);
    remembered.set(text, parsed);
  }
  if (parsed instanceof PostgresError) throw parsed;
  return parsed;
}

function parseAnew(text: string): readonly Parsed[] | PostgresError {
  try {
    return splitStatements(splitWords(text)).map(parseOne);
  } catch (error) {
    if (error instanceof PostgresError) return error;
    throw error;
  }
}

const QUERIES = new Set(['select', 'insert', 'update', 'delete', 'with', 'values', 'create']);

/** Commands that PostgreSQL has; any other first word is an error of syntax. */
const COMMANDS: ReadonlySet<string> = new Set(
  `
    alter analyze call checkpoint close cluster comment copy declare deallocate do drop execute
    explain fetch grant import load merge move prepare reassign refresh reindex revoke security
    table vacuum set reset show discard
  `
    .trim()
    .split(/\s+/),
);

function parseOne(words: readonly Word[]): Parsed {
  const [first] = words;
  const utility = parseUtility(words);
  if (utility !== undefined) return utility;
  if (isName(first, 'prepare')) return prepare(words);
  if (isName(first, 'execute')) return execute(words);
  if (first?.kind !== 'name' || (!QUERIES.has(first.value) && !COMMANDS.has(first.value))) {
    if (first?.value === '(') throw notModelled('a statement in parentheses');
    throw syntaxError(first?.text);
  }
  if (!QUERIES.has(first.value)) throw notModelled(first.value.toUpperCase());
  return query(words, []);
}

function query(words: readonly Word[], parameters: readonly Type[]): Query {
  const { text, locking } = rewrite(words);
  const more = locking.size === 0 ? '' : JSON.stringify([...locking]);
  const name = `${text}\0${more}\0${parameters.join()}`;
  return { kind: 'query', statement: readQuery(text), text, name, locking, parameters };
}

/** The words between parentheses that open at `from`, by the commas between them. */
function listAt(words: readonly Word[], from: number): Word[][] {
  const items: Word[][] = [[]];
  for (const word of words.slice(from + 1)) {
    if (isSign(word, ')')) return items;
    if (isSign(word, ',')) items.push([]);
    else items.at(-1)!.push(word);
  }
  throw syntaxError(undefined);
}

function preparedName(words: readonly Word[]): string {
  const word = words[1];
  if (word?.kind === 'name' || word?.kind === 'quoted') return word.value;
  throw syntaxError(word?.text);
}

function prepare(words: readonly Word[]): Prepare {
  if (isName(words[1], 'transaction')) throw notModelled('PREPARE TRANSACTION');
  const name = preparedName(words);
  const as = words.findIndex((word) => isName(word, 'as'));
  const body = words.slice(as + 1);
  const [first] = body;
  if (as < 0 || first === undefined) throw syntaxError(undefined);
  if (!QUERIES.has(first.value) || first.value === 'create') throw syntaxError(first.text);
  const types = isSign(words[2], '(') ? listAt(words, 2) : [];
  const parameters = types.map((type) => typeByName(type.map(({ value }) => value).join(' ')));
  return { kind: 'prepare', name, query: query(body, parameters) };
}

function execute(words: readonly Word[]): Execute {
  const name = preparedName(words);
  if (words.length === 2) return { kind: 'execute', name, args: undefined };
  if (!isSign(words[2], '(') || !isSign(words.at(-1), ')')) throw syntaxError(words[2]!.text);
  const select: Word = { kind: 'name', text: 'SELECT', value: 'select', spaced: false };
  const [first, ...rest] = words.slice(3, -1);
  if (first === undefined) throw syntaxError(')');
  return { kind: 'execute', name, args: query([select, { ...first, spaced: true }, ...rest], []) };
}

/** Words that are an error of syntax in PostgreSQL too wherever the parser stops at them. */
const NEVER_STRAY = /^([),;=]|from|where|select|set|values|into|and|or)$/i;

function readQuery(text: string): Statement {
  let statements: Statement[];
  try {
    statements = parse(text, { locationTracking: true });
  } catch (error) {
    const stopped = (error as { readonly ['token']?: { readonly text?: string } })['token']?.text;
    if (stopped === undefined) {
      // The parser also gives up on what it can read in two ways: nobody's error but its own.
      const { message } = error as Error;
      throw message.startsWith('Unexpected end') ? syntaxError(undefined) : notModelled(text);
    }
    if (NEVER_STRAY.test(stopped)) throw syntaxError(stopped);
    throw notModelled(`the syntax at or near "${stopped}"`);
  }
  const [statement] = statements;
  if (statement === undefined) throw syntaxError(undefined);
  return statement;
}

/**
 * Statements that pgsql-ast-parser does not read, or reads too loosely: transaction control,
 * settings, notifications, LOCK, TRUNCATE and DROP. (PostgreSQL documentation, "SQL Commands".)
 */
import { notModelled, syntaxError } from '../errors.js';
import { isSign, type Word } from './lexer.js';

export type Utility =
  | { readonly kind: 'begin'; readonly command: 'BEGIN' | 'START TRANSACTION' }
  | { readonly kind: 'commit' | 'rollback' | 'set transaction' | 'discard all' }
  | { readonly kind: 'savepoint' | 'release' | 'rollback to'; readonly name: string }
  | {
      readonly kind: 'set';
      readonly name: string;
      /** Undefined: the default. */
      readonly value: string | undefined;
      readonly local: boolean;
      readonly command: 'SET' | 'RESET';
    }
  | { readonly kind: 'show'; readonly name: string }
  /** Undefined: all. */
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  | { readonly kind: 'listen' | 'unlisten'; readonly channel: string }
  | { readonly kind: 'notify'; readonly channel: string; readonly payload: string }
  | {
      readonly kind: 'lock';
      readonly tables: readonly string[];
      readonly mode: string;
      readonly nowait: boolean;
    }
  | { readonly kind: 'truncate'; readonly tables: readonly string[]; readonly restart: boolean }
  | {
      readonly kind: 'drop';
      readonly what: 'table' | 'sequence' | 'index';
      readonly names: readonly string[];
      readonly ifExists: boolean;
    };

class Reader {
  private at = 0;
  constructor(private readonly words: readonly Word[]) {}

  /** Takes these names if they come next. */
  take(phrase: string): boolean {
    const names = phrase.split(' ');
    const fits = names.every((name, index) => {
      const word = this.words[this.at + index];
      return word?.kind === 'name' && word.value === name;
    });
    if (fits) this.at += names.length;
    return fits;
  }

  sign(sign: string): boolean {
    if (!isSign(this.words[this.at], sign)) return false;
    this.at += 1;
    return true;
  }

  expect(phrase: string): void {
    if (!this.take(phrase)) throw this.error();
  }

  name(): string {
    const word = this.words[this.at];
    if (word?.kind !== 'name' && word?.kind !== 'quoted') throw this.error();
    this.at += 1;
    return word.value;
  }

  qualified(): string {
    const first = this.name();
    if (!this.sign('.')) return first;
    const second = this.name();
    return first === 'public' ? second : `${first}.${second}`;
  }

  names(): string[] {
    const names = [this.qualified()];
    while (this.sign(',')) names.push(this.qualified());
    return names;
  }

  /** Any one word, as a value of a setting. */
  value(): string {
    const negative = this.sign('-');
    const word = this.words[this.at];
    if (word === undefined || word.kind === 'sign') throw this.error();
    this.at += 1;
    return negative ? `-${word.value}` : word.value;
  }

  get ended(): boolean {
    return this.at >= this.words.length;
  }

  error(): Error {
    return syntaxError(this.words[this.at]?.text);
  }
}

/** A statement of these kinds; undefined for any other. */
export function parseUtility(words: readonly Word[]): Utility | undefined {
  const reader = new Reader(words);
  const utility = read(reader);
  if (utility !== undefined && !reader.ended) throw reader.error();
  return utility;
}

function read(reader: Reader): Utility | undefined {
  if (reader.take('begin')) return begin(reader, 'BEGIN');
  if (reader.take('start transaction')) return begin(reader, 'START TRANSACTION');
  if (reader.take('commit') || reader.take('end')) {
    if (reader.take('prepared')) throw notModelled('COMMIT PREPARED');
    return ended(reader, 'commit');
  }
  if (reader.take('abort')) return ended(reader, 'rollback');
  if (reader.take('rollback')) return rollback(reader);
  if (reader.take('savepoint')) return { kind: 'savepoint', name: reader.name() };
  if (reader.take('release')) {
    reader.take('savepoint');
    return { kind: 'release', name: reader.name() };
  }
  return settings(reader) ?? others(reader);
}

function begin(reader: Reader, command: 'BEGIN' | 'START TRANSACTION'): Utility {
  if (command === 'BEGIN' && !reader.take('work')) reader.take('transaction');
  modes(reader);
  return { kind: 'begin', command };
}

/** Transaction modes: only those under which everything here runs. */
function modes(reader: Reader): void {
  while (!reader.ended) {
    reader.sign(',');
    if (reader.take('isolation level')) {
      if (reader.take('read committed') || reader.take('read uncommitted')) continue;
      if (reader.take('repeatable read')) throw notModelled('REPEATABLE READ');
      if (reader.take('serializable')) throw notModelled('SERIALIZABLE');
      throw reader.error();
    }
    if (reader.take('read only')) throw notModelled('READ ONLY');
    if (reader.take('read write') || reader.take('not deferrable')) continue;
    if (reader.take('deferrable')) continue;
    throw reader.error();
  }
}

function ended(reader: Reader, kind: 'commit' | 'rollback'): Utility {
  if (!reader.take('work')) reader.take('transaction');
  if (reader.take('and no chain')) return { kind };
  if (reader.take('and chain')) throw notModelled('AND CHAIN');
  return { kind };
}

function rollback(reader: Reader): Utility {
  if (reader.take('prepared')) throw notModelled('ROLLBACK PREPARED');
  if (!reader.take('work')) reader.take('transaction');
  if (!reader.take('to')) return ended(reader, 'rollback');
  reader.take('savepoint');
  return { kind: 'rollback to', name: reader.name() };
}

function settings(reader: Reader): Utility | undefined {
  if (reader.take('set')) return set(reader);
  if (reader.take('reset')) {
    const name = reader.take('all') ? 'all' : settingName(reader);
    return { kind: 'set', name, value: undefined, local: false, command: 'RESET' };
  }
  if (reader.take('show')) return { kind: 'show', name: settingName(reader) };
  if (!reader.take('discard')) return undefined;
  if (!reader.take('all')) throw notModelled('DISCARD other than ALL');
  return { kind: 'discard all' };
}

function settingName(reader: Reader): string {
  if (reader.take('time zone')) return 'timezone';
  if (reader.take('transaction isolation level')) return 'transaction_isolation';
  const name = reader.name();
  return reader.sign('.') ? `${name}.${reader.name()}` : name;
}

function set(reader: Reader): Utility {
  if (reader.take('transaction')) {
    modes(reader);
    return { kind: 'set transaction' };
  }
  if (reader.take('session characteristics')) throw notModelled('SET SESSION CHARACTERISTICS');
  if (reader.take('constraints')) throw notModelled('SET CONSTRAINTS');
  if (reader.take('role') || reader.take('session authorization')) throw notModelled('SET ROLE');
  const local = reader.take('local');
  if (!local) reader.take('session');
  const zone = reader.take('time zone');
  const name = zone ? 'timezone' : settingName(reader);
  if (!zone && !reader.sign('=')) reader.expect('to');
  let value: string | undefined;
  if (!reader.take('default')) {
    value = reader.value();
    while (reader.sign(',')) value += `, ${reader.value()}`;
  }
  return { kind: 'set', name, value, local, command: 'SET' };
}

function others(reader: Reader): Utility | undefined {
  if (reader.take('listen')) return { kind: 'listen', channel: reader.name() };
  if (reader.take('unlisten')) {
    return { kind: 'unlisten', channel: reader.sign('*') ? '*' : reader.name() };
  }
  if (reader.take('notify')) {
    const channel = reader.name();
    return { kind: 'notify', channel, payload: reader.sign(',') ? reader.value() : '' };
  }
  if (reader.take('deallocate')) {
    reader.take('prepare');
    return { kind: 'deallocate', name: reader.take('all') ? undefined : reader.name() };
  }
  if (reader.take('lock')) return lock(reader);
  if (reader.take('truncate')) return truncate(reader);
  for (const what of ['table', 'sequence', 'index'] as const) {
    if (!reader.take(`drop ${what}`)) continue;
    const ifExists = reader.take('if exists');
    const names = reader.names();
    if (!reader.take('cascade')) reader.take('restrict');
    return { kind: 'drop', what, names, ifExists };
  }
  return undefined;
}

function lock(reader: Reader): Utility {
  reader.take('table');
  const tables = reader.names();
  let mode = 'access exclusive';
  if (reader.take('in')) {
    const words: string[] = [];
    while (!reader.take('mode')) words.push(reader.name());
    mode = words.join(' ');
  }
  return { kind: 'lock', tables, mode, nowait: reader.take('nowait') };
}

function truncate(reader: Reader): Utility {
  reader.take('table');
  const tables = reader.names();
  const restart = reader.take('restart identity');
  if (!restart) reader.take('continue identity');
  if (!reader.take('cascade')) reader.take('restrict');
  return { kind: 'truncate', tables, restart };
}

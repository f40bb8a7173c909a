/**
 * What a PostgreSQL server sends in one go: all messages of a query, up to the one that says that
 * it is ready for the next, or what nobody asked for (PostgreSQL documentation, "Message Flow").
 */
import {
  PostgresError,
  type PostgresNotice,
  type PostgresNotification,
  type PostgresParameter,
  type PostgresResult,
  type PostgresRow,
} from '../../algorithms/postgres.js';
import { fold, hashString } from '../../digest.js';
import type { ErrorFields, PostgresQuery, ResultMessage } from '../servers/postgres/port.js';

export class PostgresReply {
  readonly results: ResultMessage[] = [];
  readonly notices: ErrorFields[] = [];
  readonly notifications: PostgresNotification[] = [];
  error: ErrorFields | undefined;
  /** Whether it answers a query; else it is news. */
  answers = false;
}

/** What a client library makes of it: the result of the last statement, or an error. */
export function toClientResult(body: unknown): PostgresResult | PostgresError {
  const { results, error } = body as PostgresReply;
  if (error !== undefined) {
    const { code, message, severity, detail, table, constraint } = error;
    const kind = severity === 'FATAL' ? 'FATAL' : 'ERROR';
    return new PostgresError(code, message, kind, detail, table, constraint);
  }
  const last = results.at(-1);
  if (last === undefined) return NOTHING;
  return { command: last.command, rowCount: last.rowCount ?? null, rows: last.rows };
}

/** A query without a statement. */
const NOTHING: PostgresResult = { command: '', rowCount: null, rows: [] };

export function toNotice({ severity, code, message }: ErrorFields): PostgresNotice {
  return { severity: severity === 'WARNING' ? severity : 'NOTICE', code, message };
}

/** Texts of statements are few and long, and sent over and over. */
const hashes = new Map<string, number>();
const HASHES_MAX = 1_000;

function hashText(text: string): number {
  let hash = hashes.get(text);
  if (hash !== undefined) return hash;
  if (hashes.size === HASHES_MAX) hashes.clear();
  hash = hashString(text);
  hashes.set(text, hash);
  return hash;
}

export function hashQuery({ text, values }: PostgresQuery): number {
  let h = hashText(text);
  if (values === undefined) return h;
  for (const value of values) h = fold(fold(h, KINDS[typeof value]!), hashString(String(value)));
  return fold(h, values.length);
}

const KINDS: Readonly<Record<string, number>> = {
  string: 1,
  number: 2,
  bigint: 3,
  boolean: 4,
  object: 5,
};

export function hashReply({ results, notices, notifications, error }: PostgresReply): number {
  let h = fold(fold(41, results.length), notices.length);
  for (const { command, rowCount, rows } of results) {
    h = fold(fold(h, hashString(command)), rowCount ?? -1);
    if (rows.length > 0) h = fold(h, hashString(JSON.stringify(rows)));
  }
  for (const { code, message } of notices) h = fold(fold(h, hashString(code)), hashString(message));
  for (const { channel, payload } of notifications) {
    h = fold(fold(h, hashString(channel)), hashString(payload));
  }
  return error === undefined ? h : fold(fold(h, hashString(error.code)), hashString(error.message));
}

/** A query as one would type it, with its parameters beside it. */
export function queryText({ text, values }: PostgresQuery): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return values === undefined ? line : `${line} [${values.map(literal).join(', ')}]`;
}

function literal(value: PostgresParameter): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** A reply in the words of psql. */
export function replyText({ results, notices, notifications, error }: PostgresReply): string {
  const words: string[] = [];
  for (const { severity, message } of notices) words.push(`${severity}: ${message}`);
  for (const result of results) words.push(resultText(result));
  if (error !== undefined) words.push(`${error.severity}: ${error.code}: ${error.message}`);
  for (const { channel, payload } of notifications) words.push(`NOTIFY ${channel} '${payload}'`);
  return words.join('; ');
}

function resultText({ command, rowCount, rows }: ResultMessage): string {
  if (rows.length > 0) return `${command} ${rows.map(rowText).join(', ')}`;
  return rowCount === undefined ? command : `${command} ${rowCount}`;
}

function rowText(row: PostgresRow): string {
  return JSON.stringify(row);
}

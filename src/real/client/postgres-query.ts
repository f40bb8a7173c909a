/**
 * A query of `pg` that tells when it leaves and keeps the tag of its last statement, of which `pg`
 * hands out the first word alone.
 */
import { type Connection, DatabaseError, Query, type QueryResult } from 'pg';
import {
  PostgresError,
  type PostgresParameter,
  type PostgresResult,
} from '../../algorithms/postgres.js';

/** What is used of `pg`'s query beyond its declared types. */
interface Inner {
  submit(connection: Connection): unknown;
  handleCommandComplete(message: { readonly text: string }, connection: Connection): void;
}

export interface PostgresCall {
  /** The query is being written to the socket. */
  sent(): void;
  answered(result: PostgresResult): void;
  /** The server's error, or one of the library. */
  failed(error: Error): void;
}

/** `INSERT 0 1`: the command and, if there is one, the number. */
const TAG = /^(.*?)(?: (?:\d+ )?(\d+))?$/;

export function createQuery(
  text: string,
  values: readonly PostgresParameter[] | undefined,
  call: PostgresCall,
): Query {
  let tag = '';
  // Without a value to bind, `pg` would send the text as a simple query.
  const extended = { text, values: [...(values ?? [])], queryMode: 'extended' };
  const query = new Query(values === undefined ? { text } : extended, (error, result) => {
    if (error !== undefined && error !== null) call.failed(toClientError(error));
    else call.answered(toClientResult(tag, result as unknown as QueryResult | QueryResult[]));
  });
  const inner = query as unknown as Inner;
  const { submit, handleCommandComplete } = inner;
  inner.submit = (connection) => {
    call.sent();
    return submit.call(query, connection);
  };
  inner.handleCommandComplete = (message, connection) => {
    tag = message.text;
    handleCommandComplete.call(query, message, connection);
  };
  return query;
}

/** Of several statements the last one. */
function toClientResult(tag: string, result: QueryResult | QueryResult[]): PostgresResult {
  const last = Array.isArray(result) ? result.at(-1) : result;
  const [, command = '', count] = TAG.exec(tag) ?? [];
  return {
    command,
    rowCount: count === undefined ? null : Number(count),
    rows: (last?.rows ?? []).map((row) => ({ ...row })),
  };
}

export function toClientError(error: Error): Error {
  if (!(error instanceof DatabaseError)) return error;
  const { code = 'XX000', message, severity, detail, table, constraint } = error;
  const kind = severity === 'FATAL' || severity === 'PANIC' ? 'FATAL' : 'ERROR';
  return new PostgresError(code, message, kind, detail, table, constraint);
}

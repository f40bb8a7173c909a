/** What is set on `pg`, and how values come out of it. */
import type { PostgresValue } from '../../algorithms/postgres.js';
import type { ClientOptions } from './client-options.js';

/** Object identifiers of types whose values are no text (PostgreSQL, `pg_type.dat`). */
const BOOL = 16;
const NUMBERS: ReadonlySet<number> = new Set([21, 23, 700, 701]);

const asBoolean = (text: string): PostgresValue => text === 't';
const asText = (text: string): PostgresValue => text;

function parserOf(type: number): (text: string) => PostgresValue {
  if (type === BOOL) return asBoolean;
  return NUMBERS.has(type) ? Number : asText;
}

export const PG_OPTIONS = {
  pipeline: {
    value: true,
    why: 'a query leaves when it is called, not when the one before it was answered',
  },
  connectionTimeoutMillis: { value: 0, why: 'a call without a time limit waits' },
  query_timeout: {
    value: 0,
    why: 'the time limit of a call closes its connection, which that of `pg` does not',
  },
  statement_timeout: { value: 0, why: 'a lock sets it with SQL, if it wants it' },
  lock_timeout: { value: 0, why: 'as `statement_timeout`' },
  idle_in_transaction_session_timeout: { value: 0, why: 'as `statement_timeout`' },
  keepAlive: { value: false, why: 'the kernel ends no silent connection; see R7 on half-open' },
  ssl: { value: false, why: 'the way to the server leads through a proxy on this machine' },
  client_encoding: { value: 'UTF8', why: 'keys are any text, whatever PGCLIENTENCODING says' },
  application_name: { value: 'holdfast', why: 'so that its sessions can be told from others' },
  types: {
    value: { getTypeParser: parserOf },
    why: 'integers of 4 bytes and floats are numbers, bool is a boolean, all else is its text',
  },
} as const satisfies ClientOptions;

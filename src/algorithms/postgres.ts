/**
 * What a lock sees of PostgreSQL: queries with parameters, their results, and the errors that the
 * server gives (PostgreSQL documentation, "Extended Query" and "PostgreSQL Error Codes").
 */

/** Sent as text, as clients do. */
export type PostgresParameter = string | number | bigint | boolean | null;

/** A value in a row: what is no int2, int4, float or bool is its text, a bigint or time too. */
export type PostgresValue = string | number | boolean | null;
export type PostgresRow = Readonly<Record<string, PostgresValue>>;

/** What a statement answered; of several in one query, the last one. */
export interface PostgresResult {
  /** `SELECT`, `INSERT`, … */
  readonly command: string;
  /** Rows returned or changed; `null` where the command has no number. */
  readonly rowCount: number | null;
  readonly rows: readonly PostgresRow[];
}

/** The server answered with an error. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  constructor(
    /** SQLSTATE: `23505`. */
    readonly code: string,
    /** The server's text: `canceling statement due to lock timeout`. */
    message: string,
    /** After `FATAL` the server closes the connection. */
    readonly severity: 'ERROR' | 'FATAL' = 'ERROR',
    readonly detail?: string,
    readonly table?: string,
    readonly constraint?: string,
  ) {
    super(message);
  }
}

/** A remark beside an answer: a warning that a lock to be released was not held, say. */
export interface PostgresNotice {
  readonly severity: 'WARNING' | 'NOTICE';
  readonly code: string;
  readonly message: string;
}

/** Of a channel that the session listens to. */
export interface PostgresNotification {
  readonly channel: string;
  readonly payload: string;
}

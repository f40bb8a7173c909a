/**
 * Errors as PostgreSQL reports them: SQLSTATE and text are those of version 15 (recorded). What is
 * not modelled is refused with 0A000 and a text that no PostgreSQL has.
 */
import type { ErrorFields } from './port.js';

export class PostgresError extends Error {
  readonly severity: ErrorFields['severity'] = 'ERROR';
  constructor(
    readonly code: string,
    message: string,
    readonly detail?: string,
    readonly table?: string,
    readonly constraint?: string,
  ) {
    super(message);
  }
}

/** An error after which the server closes the connection. */
export class FatalError extends PostgresError {
  override readonly severity = 'FATAL';
}

export const notModelled = (what: string): PostgresError =>
  new PostgresError('0A000', `not modelled: ${what}`);

export const undefinedColumn = (name: string): PostgresError =>
  new PostgresError('42703', `column ${name} does not exist`);

export const undefinedTable = (name: string): PostgresError =>
  new PostgresError('42P01', `relation "${name}" does not exist`);

export const syntaxError = (near: string | undefined): PostgresError =>
  new PostgresError(
    '42601',
    near === undefined ? 'syntax error at end of input' : `syntax error at or near "${near}"`,
  );

export const invalidInput = (type: string, text: string): PostgresError =>
  new PostgresError('22P02', `invalid input syntax for type ${type}: "${text}"`);

export const outOfRange = (what: string): PostgresError =>
  new PostgresError('22003', `${what} out of range`);

export const datatypeMismatch = (message: string): PostgresError =>
  new PostgresError('42804', message);

export const notUnique = (constraint: string, detail: string, table: string): PostgresError =>
  new PostgresError(
    '23505',
    `duplicate key value violates unique constraint "${constraint}"`,
    detail,
    table,
    constraint,
  );

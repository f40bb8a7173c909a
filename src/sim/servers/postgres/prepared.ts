/** Prepared statements of SQL: they belong to the session, whatever becomes of transactions. */
import { compile } from './compile/compile.js';
import type { Engine } from './engine.js';
import { notModelled, PostgresError } from './errors.js';
import { BLOCKED, Execution } from './execution.js';
import type { PostgresQuery } from './port.js';
import type { Session } from './session.js';
import type { Execute, Prepare, Query } from './syntax/parse.js';
import { toClient } from './types/value.js';

/** A prepared statement with its arguments, as a query that a client would send. */
export interface Prepared {
  readonly query: Query;
  readonly values: NonNullable<PostgresQuery['values']>;
}

export const noSuchStatement = (name: string): PostgresError =>
  new PostgresError('26000', `prepared statement "${name}" does not exist`);

export function prepareStatement(engine: Engine, session: Session, { name, query }: Prepare): void {
  if (session.prepared.has(name)) {
    throw new PostgresError('42P05', `prepared statement "${name}" already exists`);
  }
  const catalog = session.transaction!.catalog ?? engine.catalog;
  catalog.plan(query.name, () => compile(catalog, query));
  session.prepared.set(name, query);
}

/** What EXECUTE runs. */
export function findPrepared(
  engine: Engine,
  session: Session,
  { name, args }: Execute,
  statementUs: number,
): Prepared {
  const query = session.prepared.get(name);
  if (query === undefined) throw noSuchStatement(name);
  const catalog = session.transaction!.catalog ?? engine.catalog;
  const expected = catalog.plan(query.name, () => compile(catalog, query)).parameters.length;
  const values = args === undefined ? [] : evaluate(engine, session, args, statementUs);
  if (values.length !== expected) {
    throw new PostgresError(
      '42601',
      `wrong number of parameters for prepared statement "${name}"`,
      `Expected ${expected} parameters but got ${values.length}.`,
    );
  }
  return { query, values };
}

function evaluate(
  engine: Engine,
  session: Session,
  args: Query,
  statementUs: number,
): Prepared['values'] {
  const catalog = session.transaction!.catalog ?? engine.catalog;
  const plan = catalog.plan(args.name, () => compile(catalog, args));
  if (plan.suspends) throw notModelled('arguments of EXECUTE that wait');
  const execution = new Execution(engine, session, session.transaction!, [], statementUs, false);
  const row = plan.open(execution).next();
  if (row === undefined || row === BLOCKED) return [];
  return row.map((value, at) => toClient(value, plan.columns![at]!.type));
}

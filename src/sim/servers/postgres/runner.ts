/**
 * Runs the statements of a query one after the other, in the transaction of the session or in one
 * of their own, and goes on after a wait where it stopped.
 */
import type { Catalog } from './catalog/catalog.js';
import { compile } from './compile/compile.js';
import { create } from './compile/create.js';
import type { Definition, OutputColumn, Plan, UsedTable } from './compile/plan.js';
import { define } from './define.js';
import { type Engine, errorMessage } from './engine.js';
import { PostgresError } from './errors.js';
import { BLOCKED, Execution, type Row, type RowSource } from './execution.js';
import type { PostgresQuery, PostgresRow, PostgresValue, ResultMessage } from './port.js';
import { findPrepared, type Prepared, prepareStatement } from './prepared.js';
import { NEVER, type Session } from './session.js';
import { type Parsed, parseSql, type Query } from './syntax/parse.js';
import { beginTransaction, commit, deliver, rollback, undoTo } from './transactions.js';
import type { Type } from './types/type.js';
import { fromText, toClient, type Value } from './types/value.js';
import { allowedAfterFailure, runUtility } from './utility.js';

/** A query on its way. */
export interface Running {
  readonly query: PostgresQuery;
  readonly statements: readonly Parsed[];
  at: number;
  /** When it arrived, on the wall clock. */
  readonly statementUs: number;
  /** What the EXECUTE in hand runs. */
  prepared: Prepared | undefined;
  /** The statement in hand, from the moment it has its plan. */
  step: Step | undefined;
}

/** A statement on its way. */
export interface Step {
  readonly plan: Plan | undefined;
  readonly definition: Definition | undefined;
  readonly tables: readonly UsedTable[];
  readonly catalog: Catalog;
  tablesLocked: number;
  execution: Execution | undefined;
  source: RowSource | undefined;
  readonly rows: PostgresRow[];
  count: number;
}

/** What a statement answers when it is done; undefined: it waits. */
export type Outcome = ResultMessage | undefined;

export function commandResult(command: string): ResultMessage {
  return { kind: 'result', command, rowCount: undefined, rows: [] };
}

/** Begins a query; it may be over when this returns. */
export function begin(engine: Engine, session: Session, query: PostgresQuery): void {
  session.idleDeadlineUs = NEVER;
  const timeoutMs = session.settings.durationMs('statement_timeout');
  session.statementDeadlineUs = timeoutMs === 0 ? NEVER : engine.port.monoUs() + timeoutMs * 1000;
  let statements: readonly Parsed[] = [];
  let failure: PostgresError | undefined;
  try {
    statements = parseSql(query.text);
    if (query.values !== undefined && statements.length > 1) {
      throw new PostgresError('42601', 'cannot insert multiple commands into a prepared statement');
    }
  } catch (error) {
    failure = expected(error);
  }
  session.running = {
    query,
    statements,
    at: 0,
    statementUs: engine.port.wallUs(),
    prepared: undefined,
    step: undefined,
  };
  if (failure !== undefined) fail(engine, session, failure);
  else proceed(engine, session);
}

function expected(error: unknown): PostgresError {
  if (error instanceof PostgresError) return error;
  throw error;
}

/** Goes on with the query in hand until it ends or waits. */
export function proceed(engine: Engine, session: Session): void {
  const running = session.running!;
  try {
    if (session.failure !== undefined) {
      const { failure } = session;
      session.failure = undefined;
      throw failure;
    }
    while (running.at < running.statements.length) {
      const outcome = runStatement(engine, session, running);
      if (outcome === undefined) return;
      running.step = undefined;
      running.prepared = undefined;
      running.at += 1;
      const { transaction } = session;
      if (transaction !== undefined && !transaction.explicit) {
        transaction.command += 1;
        if (running.at === running.statements.length) commit(engine, session);
      } else if (transaction !== undefined) transaction.command += 1;
      engine.send(session, outcome);
    }
    finish(engine, session);
  } catch (error) {
    fail(engine, session, expected(error));
  }
}

function finish(engine: Engine, session: Session): void {
  if (session.gone) {
    engine.close(session);
    return;
  }
  session.running = undefined;
  session.granted = undefined;
  session.statementDeadlineUs = NEVER;
  const { transaction, settings } = session;
  deliver(engine, session);
  const status = transaction === undefined ? 'idle' : transaction.failed ? 'failed' : 'transaction';
  const idleMs = settings.durationMs(
    transaction === undefined ? 'idle_session_timeout' : 'idle_in_transaction_session_timeout',
  );
  if (idleMs > 0) session.idleDeadlineUs = engine.port.monoUs() + idleMs * 1000;
  engine.send(session, { kind: 'ready', status });
}

/** Ends the query with an error: the rest of its statements is not run. */
export function fail(engine: Engine, session: Session, error: PostgresError): void {
  const { transaction } = session;
  if (transaction !== undefined && !transaction.failed) {
    if (!transaction.explicit) {
      rollback(engine, session, 'transaction end');
      session.transaction = undefined;
    } else {
      const mark = transaction.savepoints.at(-1);
      if (mark === undefined) rollback(engine, session, 'transaction end');
      else undoTo(engine, session, mark);
      transaction.failed = true;
    }
  }
  if (error.severity === 'FATAL') {
    engine.expel(session, error);
    return;
  }
  engine.send(session, errorMessage(error));
  finish(engine, session);
}

function runStatement(engine: Engine, session: Session, running: Running): Outcome {
  const parsed = running.statements[running.at]!;
  if (session.transaction?.failed && !allowedAfterFailure(parsed)) {
    throw new PostgresError(
      '25P02',
      'current transaction is aborted, commands ignored until end of transaction block',
    );
  }
  if (session.transaction === undefined) beginTransaction(session, running.statementUs);
  switch (parsed.kind) {
    case 'query':
      return runQuery(engine, session, running, parsed);
    case 'prepare':
      prepareStatement(engine, session, parsed);
      return commandResult('PREPARE');
    case 'execute':
      running.prepared ??= findPrepared(engine, session, parsed, running.statementUs);
      return runQuery(engine, session, running, running.prepared.query);
    default:
      return runUtility(engine, session, parsed);
  }
}

function prepare(engine: Engine, session: Session, running: Running, parsed: Query): Step {
  const catalog = session.transaction!.catalog ?? engine.catalog;
  const definition = create(catalog, parsed);
  const plan =
    definition === undefined
      ? catalog.plan(parsed.name, () => compile(catalog, parsed))
      : undefined;
  if (plan !== undefined) checkParameters(plan, valuesOf(running));
  return {
    plan,
    definition,
    tables: (plan ?? definition)!.tables,
    catalog,
    tablesLocked: 0,
    execution: undefined,
    source: undefined,
    rows: [],
    count: 0,
  };
}

function valuesOf({ prepared, query }: Running): PostgresQuery['values'] {
  return prepared === undefined ? query.values : prepared.values;
}

function checkParameters({ parameters }: Plan, values: PostgresQuery['values']): void {
  const given = values?.length ?? 0;
  if (given === parameters.length) return;
  if (values === undefined) {
    throw new PostgresError('42P02', 'there is no parameter $1');
  }
  throw new PostgresError(
    '08P01',
    `bind message supplies ${given} parameters, ` +
      `but prepared statement "" requires ${parameters.length}`,
  );
}

function lockTables(engine: Engine, session: Session, step: Step): boolean {
  while (step.tablesLocked < step.tables.length) {
    const { definition, mode } = step.tables[step.tablesLocked]!;
    const locked = lockTable(engine, session, definition, mode);
    if (!locked) return false;
    step.tablesLocked += 1;
  }
  return true;
}

export function lockTable(
  engine: Engine,
  session: Session,
  definition: UsedTable['definition'],
  mode: number,
): boolean {
  return engine.lockTable(session, engine.table(definition), mode, (lock, wanted) =>
    engine.acquire(session, lock, wanted, 'transaction'),
  );
}

function runQuery(engine: Engine, session: Session, running: Running, parsed: Query): Outcome {
  for (;;) {
    running.step ??= prepare(engine, session, running, parsed);
    if (!lockTables(engine, session, running.step)) return undefined;
    // Who waited for a table may find other definitions than before.
    const catalog = session.transaction!.catalog ?? engine.catalog;
    if (running.step.execution !== undefined || running.step.catalog === catalog) break;
    running.step = undefined;
  }
  const { step } = running;
  if (step.definition !== undefined) return define(engine, session, step.definition);
  return runPlan(engine, session, running, step, step.plan!);
}

function parameterValue(value: string | number | bigint | boolean | null, type: Type): Value {
  if (value === null) return null;
  if (typeof value === 'string') {
    return type === 'text' || type === 'varchar' ? value : fromText(value, type);
  }
  if (typeof value === 'number' && type === 'float8') return value;
  return fromText(String(value), type);
}

function open(engine: Engine, session: Session, running: Running, step: Step, plan: Plan): void {
  const values = valuesOf(running) ?? [];
  const params = plan.parameters.map((type, at) => parameterValue(values[at]!, type));
  step.execution = new Execution(
    engine,
    session,
    session.transaction!,
    params,
    running.statementUs,
    plan.suspends,
  );
  step.source = plan.open(step.execution);
}

function runPlan(
  engine: Engine,
  session: Session,
  running: Running,
  step: Step,
  plan: Plan,
): Outcome {
  if (step.source === undefined) open(engine, session, running, step, plan);
  const { source, rows } = step;
  const { columns, command } = plan;
  for (;;) {
    const row = source!.next();
    if (row === BLOCKED) return undefined;
    if (row === undefined) break;
    step.count += 1;
    if (columns !== undefined) rows.push(clientRow(columns, row));
  }
  for (const part of plan.finish) if (!part(step.execution!)) return undefined;
  return { kind: 'result', command, rowCount: step.count, rows };
}

function clientRow(columns: readonly OutputColumn[], row: Row): PostgresRow {
  const shown: Record<string, PostgresValue> = {};
  for (let at = 0; at < columns.length; at++) {
    const { name, type } = columns[at]!;
    shown[name] = toClient(row[at]!, type);
  }
  return shown;
}

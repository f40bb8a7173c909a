/** Runs the statements of `syntax/utility.ts`. */
import { Catalog } from './catalog/catalog.js';
import type { TableDefinition } from './catalog/definitions.js';
import { takeCatalog } from './define.js';
import type { Engine } from './engine.js';
import { notModelled, PostgresError, undefinedTable } from './errors.js';
import { Execution } from './execution.js';
import { ACCESS_EXCLUSIVE, tableMode, UPDATE } from './locks/modes.js';
import { replaceVersion } from './locks/row-locks.js';
import { noSuchStatement } from './prepared.js';
import { commandResult, lockTable, type Outcome } from './runner.js';
import type { Session } from './session.js';
import { isVisible } from './storage/table.js';
import type { Parsed } from './syntax/parse.js';
import type { Utility } from './syntax/utility.js';
import {
  commit,
  releaseSavepoint,
  rollback,
  rollbackToSavepoint,
  savepoint,
} from './transactions.js';

/** Whether a statement may run in a transaction block that failed. */
export function allowedAfterFailure(parsed: Parsed): boolean {
  return parsed.kind === 'commit' || parsed.kind === 'rollback' || parsed.kind === 'rollback to';
}

function needsBlock(session: Session, what: string): void {
  if (session.transaction!.explicit) return;
  throw new PostgresError('25P01', `${what} can only be used in transaction blocks`);
}

export function runUtility(engine: Engine, session: Session, utility: Utility): Outcome {
  const transaction = session.transaction!;
  switch (utility.kind) {
    case 'begin':
      if (transaction.explicit) {
        engine.notice(session, 'WARNING', '25001', 'there is already a transaction in progress');
      }
      transaction.explicit = true;
      return commandResult(utility.command);
    case 'commit':
    case 'rollback':
      return end(engine, session, utility.kind);
    case 'savepoint':
      needsBlock(session, 'SAVEPOINT');
      savepoint(session, utility.name);
      return commandResult('SAVEPOINT');
    case 'release':
      needsBlock(session, 'RELEASE SAVEPOINT');
      releaseSavepoint(transaction, utility.name);
      return commandResult('RELEASE');
    case 'rollback to':
      needsBlock(session, 'ROLLBACK TO SAVEPOINT');
      rollbackToSavepoint(engine, session, utility.name);
      return commandResult('ROLLBACK');
    case 'set transaction':
      if (!transaction.explicit) {
        const message = 'SET TRANSACTION can only be used in transaction blocks';
        engine.notice(session, 'WARNING', '25P01', message);
      }
      return commandResult('SET');
    case 'set':
      return set(engine, session, utility);
    case 'show': {
      const text = session.settings.show(utility.name);
      const name = utility.name === 'timezone' ? 'TimeZone' : utility.name;
      return { kind: 'result', command: 'SHOW', rowCount: undefined, rows: [{ [name]: text }] };
    }
    case 'deallocate':
      return deallocate(session, utility.name);
    case 'discard all':
      return discardAll(engine, session);
    case 'lock':
    case 'truncate':
    case 'drop':
      return runOnTables(engine, session, utility);
    default:
      return notify(session, utility);
  }
}

function end(engine: Engine, session: Session, kind: 'commit' | 'rollback'): Outcome {
  const transaction = session.transaction!;
  if (!transaction.explicit) {
    engine.notice(session, 'WARNING', '25P01', 'there is no transaction in progress');
  }
  if (kind === 'commit' && !transaction.failed) {
    commit(engine, session);
    return commandResult('COMMIT');
  }
  rollback(engine, session, 'transaction end');
  session.transaction = undefined;
  return commandResult('ROLLBACK');
}

function set(
  engine: Engine,
  session: Session,
  { name, value, local, command }: Extract<Utility, { kind: 'set' }>,
): Outcome {
  if (local && !session.transaction!.explicit) {
    const message = 'SET LOCAL can only be used in transaction blocks';
    engine.notice(session, 'WARNING', '25P01', message);
  }
  if (name === 'all') session.settings.resetAll();
  else session.settings.set(name, value, local);
  return commandResult(command);
}

function discardAll(engine: Engine, session: Session): Outcome {
  if (session.transaction!.explicit) {
    throw new PostgresError('25001', 'DISCARD ALL cannot run inside a transaction block');
  }
  session.settings.resetAll();
  session.listening.clear();
  session.prepared.clear();
  session.currentValues.clear();
  session.last = undefined;
  engine.unlockAllAdvisory(session, 'released');
  return commandResult('DISCARD ALL');
}

function deallocate(session: Session, name: string | undefined): Outcome {
  if (name === undefined) session.prepared.clear();
  else if (!session.prepared.delete(name)) throw noSuchStatement(name);
  return commandResult(name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE');
}

function notify(
  session: Session,
  utility: Extract<Utility, { kind: 'listen' | 'unlisten' | 'notify' }>,
): Outcome {
  const { channel } = utility;
  if (utility.kind === 'notify') {
    session.transaction!.notifications.push({ channel, payload: utility.payload });
    return commandResult('NOTIFY');
  }
  if (session.transaction!.explicit) throw notModelled('LISTEN inside a transaction block');
  if (utility.kind === 'listen') session.listening.add(channel);
  else if (channel === '*') session.listening.clear();
  else session.listening.delete(channel);
  return commandResult(utility.kind.toUpperCase());
}

type OnTables = Extract<Utility, { kind: 'lock' | 'truncate' | 'drop' }>;

function tableNamed(catalog: Catalog, name: string): TableDefinition {
  const table = catalog.tables.get(name);
  if (table === undefined) throw undefinedTable(name);
  return table;
}

function runOnTables(engine: Engine, session: Session, utility: OnTables): Outcome {
  const catalog = session.transaction!.catalog ?? engine.catalog;
  if (utility.kind === 'drop') return drop(engine, session, catalog, utility);
  if (utility.kind === 'lock') needsBlock(session, 'LOCK TABLE');
  const mode = utility.kind === 'lock' ? tableMode(utility.mode) : ACCESS_EXCLUSIVE;
  if (mode === undefined) throw notModelled('this mode of LOCK TABLE');
  const tables = utility.tables.map((name) => tableNamed(catalog, name));
  for (const table of tables) {
    if (utility.kind === 'lock' && utility.nowait) lockAtOnce(engine, session, table, mode);
    else if (!lockTable(engine, session, table, mode)) return undefined;
  }
  if (utility.kind === 'lock') return commandResult('LOCK TABLE');
  for (const table of tables) truncate(engine, session, table, utility.restart);
  return commandResult('TRUNCATE TABLE');
}

function lockAtOnce(engine: Engine, session: Session, table: TableDefinition, mode: number): void {
  engine.lockTable(session, engine.table(table), mode, (lock) => {
    if (engine.locks.tryAcquire(session, lock, mode, 'transaction')) {
      engine.acquired(session, lock, mode, 'transaction');
      return true;
    }
    throw new PostgresError('55P03', `could not obtain lock on relation "${table.name}"`);
  });
}

function truncate(
  engine: Engine,
  session: Session,
  definition: TableDefinition,
  restart: boolean,
): void {
  const { transaction } = session;
  const table = engine.table(definition);
  const execution = new Execution(engine, session, transaction!, [], transaction!.startUs, false);
  for (const version of [...table.versions]) {
    if (isVisible(version, execution)) replaceVersion(execution, table, version, undefined, UPDATE);
  }
  if (!restart) return;
  for (const { sequence } of definition.columns) {
    if (sequence === undefined) continue;
    const owned = engine.sequence(transaction!, sequence.name);
    engine.writeSequence(session, owned, () => owned.restart());
  }
}

function drop(
  engine: Engine,
  session: Session,
  catalog: Catalog,
  { what, names, ifExists }: Extract<Utility, { kind: 'drop' }>,
): Outcome {
  const command = `DROP ${what.toUpperCase()}`;
  if (what === 'index') throw notModelled('DROP INDEX');
  const all: ReadonlyMap<string, unknown> = what === 'table' ? catalog.tables : catalog.sequences;
  const present = names.filter((name) => all.has(name));
  for (const name of names) {
    if (present.includes(name)) continue;
    const message = `${what} "${name}" does not exist`;
    if (!ifExists) throw new PostgresError('42P01', message);
    engine.notice(session, 'NOTICE', '00000', `${message}, skipping`);
  }
  if (what === 'table') {
    for (const name of present) {
      const table = catalog.tables.get(name)!;
      if (!lockTable(engine, session, table, ACCESS_EXCLUSIVE)) return undefined;
    }
  }
  if (present.length === 0) return commandResult(command);
  const next = catalog.after(`${command} ${present.join(',')}`, () => without(catalog, present));
  takeCatalog(engine, session, next);
  return commandResult(command);
}

function without(catalog: Catalog, names: readonly string[]): Catalog {
  const tables = new Map(catalog.tables);
  const sequences = new Map(catalog.sequences);
  for (const name of names) {
    for (const { sequence } of tables.get(name)?.columns ?? []) {
      if (sequence !== undefined) sequences.delete(sequence.name);
    }
    tables.delete(name);
    sequences.delete(name);
  }
  return new Catalog(tables, sequences, catalog.schemas);
}

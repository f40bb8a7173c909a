/** Takes definitions over: tables, indexes, sequences that a statement made or dropped. */
import type { Catalog } from './catalog/catalog.js';
import type { TableDefinition } from './catalog/definitions.js';
import type { Definition } from './compile/plan.js';
import type { Engine } from './engine.js';
import { notModelled, PostgresError } from './errors.js';
import type { ResultMessage } from './port.js';
import { commandResult } from './runner.js';
import type { Session } from './session.js';
import { keyOf, toText, type Value } from './types/value.js';

/** Makes another catalog that of the transaction. */
export function takeCatalog(engine: Engine, session: Session, catalog: Catalog): void {
  const transaction = session.transaction!;
  if (catalog === (transaction.catalog ?? engine.catalog)) return;
  if (engine.definer !== undefined && engine.definer !== transaction) {
    throw notModelled('definitions changed by two transactions at once');
  }
  engine.definer = transaction;
  transaction.catalog = catalog;
}

export function define(
  engine: Engine,
  session: Session,
  { command, notice, catalog, tables }: Definition,
): ResultMessage {
  if (notice !== undefined) engine.notice(session, 'NOTICE', notice.code, notice.message);
  const before = session.transaction!.catalog ?? engine.catalog;
  for (const { definition } of tables) {
    for (const [name, after] of catalog.tables) {
      if (after.storage === definition.storage && before.tables.get(name) !== after) {
        fillIndex(engine, after);
      }
    }
  }
  takeCatalog(engine, session, catalog);
  return commandResult(command);
}

/** Enters all rows into a new unique index, the last of the table. */
function fillIndex(engine: Engine, definition: TableDefinition): void {
  const table = engine.table(definition);
  const index = definition.uniques.at(-1);
  if (index === undefined) return;
  const seen = new Set<string>();
  for (const version of table.versions) {
    version.indexed = definition.uniques.length;
    const key = index.columns.map((at) => version.values[at]!);
    if (version.xmax !== undefined || key.some((value) => value === null)) continue;
    const name = key.map((value) => String(keyOf(value))).join('\0');
    if (seen.has(name)) throw duplicated(definition, index.name, index.columns, key);
    seen.add(name);
  }
}

function duplicated(
  { columns, name: table }: TableDefinition,
  index: string,
  at: readonly number[],
  key: readonly Value[],
): PostgresError {
  const names = at.map((column) => columns[column]!.name).join(', ');
  const texts = at.map((column, place) => toText(key[place]!, columns[column]!.type));
  return new PostgresError(
    '23505',
    `could not create unique index "${index}"`,
    `Key (${names})=(${texts.join(', ')}) is duplicated.`,
    table,
    index,
  );
}

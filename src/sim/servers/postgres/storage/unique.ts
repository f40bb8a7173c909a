/**
 * Unique indexes: who has a key, or may have it once a running transaction ends (PostgreSQL
 * sources: nbtinsert.c `_bt_check_unique`, execIndexing.c).
 */
import type { TableDefinition, UniqueIndex } from '../catalog/definitions.js';
import { notUnique, type PostgresError } from '../errors.js';
import type { Execution } from '../execution.js';
import { keyOf, toText, type Value } from '../types/value.js';
import type { Table, Version } from './table.js';
import { Xid } from './transaction.js';

function sameKey(index: UniqueIndex, a: readonly Value[], b: readonly Value[]): boolean {
  for (const at of index.columns) {
    const left = a[at]!;
    const right = b[at]!;
    if (left !== right && (typeof left !== 'object' || keyOf(left) !== keyOf(right))) return false;
  }
  return true;
}

/** A version with the same key that counts; or who decides whether it does. */
export function findConflict(
  execution: Execution,
  table: Table,
  at: number,
  values: readonly Value[],
  except: Version | undefined,
): Version | Xid | undefined {
  const index = table.definition.uniques[at]!;
  for (const column of index.columns) if (values[column] === null) return undefined;
  const { transaction } = execution;
  for (const version of table.versions) {
    if (version === except || version.indexed <= at) continue;
    const { xmin, xmax } = version;
    if (xmax !== undefined && (xmax.transaction === transaction || !xmax.running)) continue;
    if (!sameKey(index, version.values, values)) continue;
    if (xmin.running && xmin.transaction !== transaction) return xmin;
    return xmax ?? version;
  }
  return undefined;
}

export function duplicateKey(
  definition: TableDefinition,
  index: UniqueIndex,
  values: readonly Value[],
): PostgresError {
  const names = index.columns.map((at) => definition.columns[at]!.name).join(', ');
  const texts = index.columns.map((at) => toText(values[at]!, definition.columns[at]!.type));
  const detail = `Key (${names})=(${texts.join(', ')}) already exists.`;
  return notUnique(index.name, detail, definition.name);
}

/**
 * Enters a version into the unique indexes in which it is not yet; false: it waits for another
 * transaction.
 */
export function enterIndexes(execution: Execution, table: Table, version: Version): boolean {
  const { uniques } = table.definition;
  while (version.indexed < uniques.length) {
    const at = version.indexed;
    const conflict = findConflict(execution, table, at, version.values, version);
    if (conflict instanceof Xid) {
      if (!execution.awaitEnd(conflict)) return false;
      continue;
    }
    if (conflict !== undefined) {
      throw duplicateKey(table.definition, uniques[at]!, version.values);
    }
    version.indexed = at + 1;
  }
  return true;
}

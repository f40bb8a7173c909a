/** Defaults, NOT NULL and CHECK. */
import type { TableDefinition } from '../catalog/definitions.js';
import { PostgresError } from '../errors.js';
import type { Execution } from '../execution.js';
import { toText, type Value } from '../types/value.js';

export function defaultOf(execution: Execution, table: TableDefinition, column: number): Value {
  const { defaultValue, sequence } = table.columns[column]!;
  if (sequence !== undefined) {
    const { engine, session, transaction } = execution;
    return execution.once(() => {
      const value = engine.nextValue(session, engine.sequence(transaction, sequence.name));
      return table.columns[column]!.type === 'int4' ? Number(value) : value;
    });
  }
  return defaultValue === undefined ? null : defaultValue(execution);
}

/** `(a, 1, null)`, as errors show a row. */
function rowText(table: TableDefinition, values: readonly Value[]): string {
  const texts = values.map((value, at) =>
    value === null ? 'null' : toText(value, table.columns[at]!.type),
  );
  return `(${texts.join(', ')})`;
}

export function checkRow(
  execution: Execution,
  table: TableDefinition,
  values: readonly Value[],
): void {
  for (const [at, { notNull, name }] of table.columns.entries()) {
    if (!notNull || values[at] !== null) continue;
    throw new PostgresError(
      '23502',
      `null value in column "${name}" of relation "${table.name}" violates not-null constraint`,
      `Failing row contains ${rowText(table, values)}.`,
      table.name,
    );
  }
  for (const { name, holds } of table.checks) {
    if (holds(execution, values)) continue;
    throw new PostgresError(
      '23514',
      `new row for relation "${table.name}" violates check constraint "${name}"`,
      `Failing row contains ${rowText(table, values)}.`,
      table.name,
      name,
    );
  }
}

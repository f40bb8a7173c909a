/** CREATE TABLE, INDEX, SEQUENCE and SCHEMA: what the catalog is afterwards. */
import {
  astVisitor,
  type ColumnConstraint,
  type CreateColumnDef,
  type CreateIndexStatement,
  type CreateSequenceStatement,
  type CreateTableStatement,
  type Expr,
  type TableConstraint,
} from 'pgsql-ast-parser';
import { Catalog } from '../catalog/catalog.js';
import type {
  CheckConstraint,
  ColumnDefinition,
  SequenceDefinition,
  TableDefinition,
  UniqueIndex,
} from '../catalog/definitions.js';
import { notModelled, PostgresError, undefinedTable } from '../errors.js';
import { SHARE } from '../locks/modes.js';
import type { Query } from '../syntax/parse.js';
import { typeByName } from '../types/type.js';
import { INT4_MAX, INT8_MAX } from '../types/value.js';
import { condition } from './coerce.js';
import { expression } from './expression.js';
import { qualified } from './from.js';
import { assigned } from './modify.js';
import type { Definition } from './plan.js';
import { Compilation, Scope } from './scope.js';

const SERIALS: ReadonlyMap<string, 'int4' | 'int8'> = new Map([
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
]);

function duplicate(
  kind: 'relation' | 'schema',
  name: string,
  missingOk: boolean,
  command: string,
  catalog: Catalog,
): Definition {
  const message = `${kind} "${name}" already exists`;
  const code = kind === 'relation' ? '42P07' : '42P06';
  if (!missingOk) throw new PostgresError(code, message);
  return { command, tables: [], notice: { code, message: `${message}, skipping` }, catalog };
}

const plainName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function checkSchema(catalog: Catalog, name: string): void {
  const dot = name.lastIndexOf('.');
  const schema = dot < 0 ? 'public' : name.slice(0, dot);
  if (!catalog.schemas.has(schema)) {
    throw new PostgresError('3F000', `schema "${schema}" does not exist`);
  }
}

function taken(catalog: Catalog, name: string): boolean {
  if (catalog.tables.has(name) || catalog.sequences.has(name)) return true;
  return [...catalog.tables.values()].some(
    ({ uniques, indexes }) =>
      indexes.includes(name) || uniques.some((index) => index.name === name),
  );
}

/** A sequence; what is not given is what PostgreSQL takes. */
export function sequenceOf(
  name: string,
  type: 'int4' | 'int8',
  options: { readonly startWith?: number; readonly incrementBy?: number; readonly cycle?: unknown },
): SequenceDefinition {
  const increment = BigInt(options.incrementBy ?? 1);
  const top = type === 'int4' ? BigInt(INT4_MAX) : INT8_MAX;
  const [min, max] = increment > 0n ? [1n, top] : [-top - 1n, -1n];
  const start = BigInt(options.startWith ?? (increment > 0n ? min : max));
  return { name, start, increment, min, max, cycle: options.cycle === 'cycle' };
}

export function create(catalog: Catalog, query: Query): Definition | undefined {
  const { statement } = query;
  switch (statement.type) {
    case 'create table':
      return new TableBuilder(catalog, query, statement).build();
    case 'create index':
      return createIndex(catalog, statement);
    case 'create sequence':
      return createSequence(catalog, statement, query.text);
    case 'create schema': {
      const { name } = statement.name;
      if (catalog.schemas.has(name)) {
        return duplicate('schema', name, statement.ifNotExists === true, 'CREATE SCHEMA', catalog);
      }
      const schemas = new Set(catalog.schemas).add(name);
      return {
        command: 'CREATE SCHEMA',
        tables: [],
        notice: undefined,
        catalog: catalog.after(
          query.text,
          () => new Catalog(catalog.tables, catalog.sequences, schemas),
        ),
      };
    }
    default:
      return undefined;
  }
}

function createSequence(catalog: Catalog, ast: CreateSequenceStatement, text: string): Definition {
  const name = qualified(ast.name);
  const command = 'CREATE SEQUENCE';
  if (ast.temp) throw notModelled('temporary sequences');
  checkSchema(catalog, name);
  if (taken(catalog, name)) {
    return duplicate('relation', plainName(name), ast.ifNotExists === true, command, catalog);
  }
  const { startWith, incrementBy, cycle, minValue, maxValue, cache, ownedBy, as } = ast.options;
  for (const option of [minValue, maxValue, cache, ownedBy, as]) {
    if (option !== undefined) throw notModelled('this option of CREATE SEQUENCE');
  }
  const sequence = sequenceOf(name, 'int8', {
    ...(startWith === undefined ? {} : { startWith }),
    ...(incrementBy === undefined ? {} : { incrementBy }),
    cycle,
  });
  const next = () =>
    new Catalog(catalog.tables, new Map(catalog.sequences).set(name, sequence), catalog.schemas);
  return { command, tables: [], notice: undefined, catalog: catalog.after(text, next) };
}

function createIndex(catalog: Catalog, ast: CreateIndexStatement): Definition {
  const command = 'CREATE INDEX';
  const name = qualified(ast.table);
  const table = catalog.tables.get(name);
  if (table === undefined) throw undefinedTable(name);
  if (ast.concurrently) throw notModelled('CREATE INDEX CONCURRENTLY');
  if (ast.unique && ast.where) throw notModelled('partial unique indexes');
  const columns = ast.expressions.map(({ expression: key }) => {
    if (key.type === 'ref') return columnAt(table, key.name);
    if (ast.unique) throw notModelled('unique indexes on expressions');
    return -1;
  });
  const parts = columns.map((at) => (at < 0 ? 'expr' : table.columns[at]!.name));
  const indexName = ast.indexName?.name ?? `${plainName(name)}_${parts.join('_')}_idx`;
  if (taken(catalog, indexName)) {
    return duplicate('relation', indexName, ast.ifNotExists === true, command, catalog);
  }
  const unique: UniqueIndex = { name: indexName, columns, primary: false };
  const next = (): Catalog => {
    const changed: TableDefinition = ast.unique
      ? withUniques(table, [...table.uniques, unique])
      : { ...table, indexes: [...table.indexes, indexName] };
    return new Catalog(
      new Map(catalog.tables).set(name, changed),
      catalog.sequences,
      catalog.schemas,
    );
  };
  return {
    command,
    tables: [{ definition: table, mode: SHARE }],
    notice: undefined,
    catalog: catalog.after(JSON.stringify([name, indexName, columns, ast.unique]), next),
  };
}

function withUniques(table: TableDefinition, uniques: readonly UniqueIndex[]): TableDefinition {
  const keyColumns = [...new Set(uniques.flatMap(({ columns }) => columns))];
  return { ...table, uniques, keyColumns, primaryKey: uniques.find(({ primary }) => primary) };
}

function columnAt(
  table: { readonly columns: readonly { readonly name: string }[] },
  name: string,
): number {
  const at = table.columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  throw new PostgresError('42703', `column "${name}" does not exist`);
}

class TableBuilder {
  private readonly name: string;
  private readonly sequences = new Map<string, SequenceDefinition>();
  private readonly columns: { -readonly [K in keyof ColumnDefinition]: ColumnDefinition[K] }[] = [];
  private readonly uniques: UniqueIndex[] = [];
  private readonly conditions: { readonly name: string; readonly expr: Expr }[] = [];
  private readonly compilation: Compilation;

  constructor(
    private readonly catalog: Catalog,
    private readonly query: Query,
    private readonly ast: CreateTableStatement,
  ) {
    this.name = qualified(ast.name);
    this.compilation = new Compilation(catalog, query);
  }

  build(): Definition {
    const { ast, name, catalog } = this;
    const command = 'CREATE TABLE';
    if (ast.temporary) throw notModelled('temporary tables');
    if (ast.inherits) throw notModelled('INHERITS');
    checkSchema(catalog, name);
    if (taken(catalog, name)) {
      return duplicate('relation', plainName(name), ast.ifNotExists === true, command, catalog);
    }
    return {
      command,
      tables: [],
      notice: undefined,
      catalog: catalog.after(this.query.text, () => this.after()),
    };
  }

  private after(): Catalog {
    for (const column of this.ast.columns) {
      if (column.kind !== 'column') throw notModelled('CREATE TABLE (LIKE …)');
      this.column(column);
    }
    for (const constraint of this.ast.constraints ?? []) this.constraint(constraint);
    // Primary keys come first, as their index does.
    this.uniques.sort((a, b) => Number(b.primary) - Number(a.primary) || 0);
    const table = withUniques(
      {
        storage: {},
        name: plainName(this.name),
        columns: this.columns,
        uniques: [],
        primaryKey: undefined,
        keyColumns: [],
        checks: [],
        indexes: [],
      },
      this.uniques,
    );
    const checked: TableDefinition = { ...table, checks: this.checks(table) };
    const sequences = new Map(this.catalog.sequences);
    for (const [key, sequence] of this.sequences) sequences.set(key, sequence);
    return new Catalog(
      new Map(this.catalog.tables).set(this.name, checked),
      sequences,
      this.catalog.schemas,
    );
  }

  private column({ name: { name }, dataType, constraints = [] }: CreateColumnDef): void {
    if (this.columns.some((column) => column.name === name)) {
      throw new PostgresError('42701', `column "${name}" specified more than once`);
    }
    if (dataType.kind === 'array') throw notModelled('columns of arrays');
    const serial = SERIALS.get(dataType.name);
    const type = serial ?? typeByName(dataType.name);
    const [length] = dataType.config ?? [];
    if (length !== undefined && type !== 'varchar') {
      throw notModelled(`${dataType.name}(${length})`);
    }
    this.columns.push({
      name,
      type,
      length,
      notNull: serial !== undefined,
      defaultValue: undefined,
      identity: undefined,
      sequence: serial === undefined ? undefined : this.sequence(name, serial, {}),
    });
    for (const constraint of constraints) this.columnConstraint(name, constraint);
  }

  private sequence(
    column: string,
    type: 'int4' | 'int8',
    options: Parameters<typeof sequenceOf>[2],
  ): SequenceDefinition {
    const sequence = sequenceOf(`${this.name}_${column}_seq`, type, options);
    this.sequences.set(sequence.name, sequence);
    return sequence;
  }

  private columnConstraint(name: string, constraint: ColumnConstraint): void {
    const column = this.columns.at(-1)!;
    const given = constraint.type === 'add generated' ? undefined : constraint.constraintName?.name;
    switch (constraint.type) {
      case 'not null':
        column.notNull = true;
        return;
      case 'null':
        return;
      case 'primary key':
      case 'unique':
        return this.unique(constraint.type === 'primary key', [name], given);
      case 'default':
        return this.setDefault(constraint.default);
      case 'check':
        return this.check(constraint.expr, given);
      case 'add generated': {
        if (constraint.expression !== undefined) throw notModelled('generated columns');
        const { type } = column;
        if (type !== 'int4' && type !== 'int8') {
          throw new PostgresError(
            '22023',
            'identity column type must be smallint, integer, or bigint',
          );
        }
        column.identity = constraint.always ?? 'always';
        column.notNull = true;
        column.sequence = this.sequence(name, type, (constraint.sequence ?? {}) as object);
        return;
      }
      default:
        throw notModelled(`constraint ${constraint.type}`);
    }
  }

  private setDefault(expr: Expr): void {
    const scope = new Scope(this.compilation, undefined);
    scope.clause = 'DEFAULT expressions';
    const column = this.columns.at(-1)!;
    const table = { columns: this.columns } as unknown as TableDefinition;
    const value = expression(scope, expr);
    column.defaultValue = assigned(scope, table, this.columns.length - 1, value);
  }

  private unique(primary: boolean, names: readonly string[], given: string | undefined): void {
    const columns = names.map((name) => this.keyColumn(name));
    const table = plainName(this.name);
    if (primary) {
      if (this.uniques.some((index) => index.primary)) {
        throw new PostgresError(
          '42P16',
          `multiple primary keys for table "${table}" are not allowed`,
        );
      }
      for (const at of columns) this.columns[at]!.notNull = true;
    }
    const name = given ?? (primary ? `${table}_pkey` : `${table}_${names.join('_')}_key`);
    this.uniques.push({ name, columns, primary });
  }

  private keyColumn(name: string): number {
    const at = this.columns.findIndex((column) => column.name === name);
    if (at >= 0) return at;
    throw new PostgresError('42703', `column "${name}" named in key does not exist`);
  }

  private constraint(constraint: TableConstraint): void {
    const given = constraint.constraintName?.name;
    if (constraint.type === 'primary key' || constraint.type === 'unique') {
      const names = constraint.columns.map(({ name }) => name);
      return this.unique(constraint.type === 'primary key', names, given);
    }
    if (constraint.type !== 'check') throw notModelled('foreign keys');
    this.check(constraint.expr, given);
  }

  /** Without a name, that of its only column is part of it (heap.c: AddRelationNewConstraints). */
  private check(expr: Expr, given: string | undefined): void {
    const [only, ...others] = columnsIn(expr);
    const table = plainName(this.name);
    const base = only === undefined || others.length > 0 ? table : `${table}_${only}`;
    const isTaken = (name: string) => this.conditions.some((known) => known.name === name);
    let name = given ?? `${base}_check`;
    for (let number = 1; given === undefined && isTaken(name); number++) {
      name = `${base}_check${number}`;
    }
    this.conditions.push({ name, expr });
  }

  private checks(table: TableDefinition): CheckConstraint[] {
    return this.conditions.map(({ name, expr }) => {
      const scope = new Scope(this.compilation, undefined);
      const { slot } = scope.addRange(table.name, table.columns, table, new Set());
      scope.clause = 'check constraints';
      const { evaluate } = condition(this.compilation, expression(scope, expr), 'CHECK');
      return {
        name,
        holds: (execution, values) => {
          const before = execution.tuples[slot];
          execution.tuples[slot] = { values };
          const holds = evaluate(execution) !== false;
          if (before !== undefined) execution.tuples[slot] = before;
          return holds;
        },
      };
    });
  }
}

/** Columns that an expression of one table names, each once. */
function columnsIn(expr: Expr): Set<string> {
  const names = new Set<string>();
  astVisitor(() => ({ ref: ({ name }) => names.add(name) })).expr(expr);
  return names;
}

/**
 * Rows as PostgreSQL keeps them: an update leaves the old version and adds a new one; which of them
 * a statement sees depends on who made and who replaced it, and on when that was committed.
 */
import type { TableDefinition, UniqueIndex } from '../catalog/definitions.js';
import type { Lock } from '../locks/lock-manager.js';
import { NO_KEY_UPDATE, type RowMode, UPDATE } from '../locks/modes.js';
import type { PostgresRow, PostgresValue } from '../port.js';
import { toClient, toText, type Value } from '../types/value.js';
import type { Snapshot, Xid } from './transaction.js';

export interface Locker {
  readonly xid: Xid;
  readonly mode: RowMode;
}

export class Version {
  /** Who replaced or deleted it. */
  xmax: Xid | undefined = undefined;
  xmaxMode: RowMode = UPDATE;
  xmaxCommand = 0;
  /** What replaced it; with `xmax` and without this it was deleted. */
  next: Version | undefined = undefined;
  lockers: Locker[] | undefined = undefined;
  /** In how many unique indexes it is, of those of its table. */
  indexed = 0;
  /** Says whose turn it is for a row lock. */
  turn: Lock | undefined = undefined;

  constructor(
    readonly values: readonly Value[],
    readonly xmin: Xid,
    readonly command: number,
    /** Its place in the table, for deadlock reports. */
    readonly place: number,
  ) {}
}

export class Table {
  versions: Version[] = [];
  /** Versions that are replaced or deleted for good, still in `versions`. */
  dead = 0;
  /** Set while somebody holds or wants a lock that excludes reading or writing. */
  lock: Lock | undefined = undefined;
  private places = 0;

  constructor(
    readonly oid: number,
    public definition: TableDefinition,
  ) {}

  add(values: readonly Value[], xmin: Xid, command: number): Version {
    this.places += 1;
    const version = new Version(values, xmin, command, this.places);
    this.versions.push(version);
    return version;
  }

  remove(version: Version): void {
    const at = this.versions.lastIndexOf(version);
    if (at >= 0) this.versions.splice(at, 1);
  }

  /** Forgets versions that no statement can see any more. */
  prune(): void {
    if (this.dead === 0) return;
    this.versions = this.versions.filter(({ xmax }) => xmax === undefined || !xmax.committed);
    this.dead = 0;
  }

  /** Text of the key that says what a row is about; undefined: the table has none. */
  keyOf(values: readonly Value[]): string | undefined {
    const key = namingKey(this.definition);
    if (key === undefined) return undefined;
    const { columns } = this.definition;
    if (key.columns.length === 1) {
      const only = key.columns[0]!;
      const value = values[only]!;
      return typeof value === 'string' ? value : toText(value, columns[only]!.type);
    }
    return key.columns.map((at) => toText(values[at]!, columns[at]!.type)).join(',');
  }

  rowOf(values: readonly Value[]): PostgresRow {
    const row: Record<string, PostgresValue> = {};
    for (const [at, { name, type }] of this.definition.columns.entries()) {
      row[name] = toClient(values[at]!, type);
    }
    return row;
  }
}

/**
 * The primary key. One that the table numbers by itself says nothing of what its rows are about,
 * nor does none: then it is the first unique key that leaves no column empty.
 */
function namingKey({ primaryKey, uniques, columns }: TableDefinition): UniqueIndex | undefined {
  const isMadeUp = (at: number) =>
    columns[at]!.sequence !== undefined || columns[at]!.defaultValue !== undefined;
  if (primaryKey !== undefined && !primaryKey.columns.every(isMadeUp)) return primaryKey;
  const names = (index: UniqueIndex) =>
    !index.primary && index.columns.every((at) => columns[at]!.notNull && !isMadeUp(at));
  return uniques.find(names) ?? primaryKey;
}

/** Whether a statement sees it (HeapTupleSatisfiesMVCC). */
export function isVisible(version: Version, snapshot: Snapshot): boolean {
  const { xmin, xmax } = version;
  if (xmin.transaction === snapshot.transaction) {
    if (version.command >= snapshot.command) return false;
  } else {
    const sequence = xmin.transaction.commitSequence;
    if (sequence === 0 || sequence > snapshot.sequence) return false;
  }
  if (xmax === undefined) return true;
  if (xmax.transaction === snapshot.transaction) return version.xmaxCommand >= snapshot.command;
  const sequence = xmax.transaction.commitSequence;
  return sequence === 0 || sequence > snapshot.sequence;
}

/** The strength of an update: with a change of a key nobody may even refer to the row. */
export function updateMode(
  definition: TableDefinition,
  before: readonly Value[],
  after: readonly Value[],
): RowMode {
  return definition.keyColumns.some((at) => before[at] !== after[at]) ? UPDATE : NO_KEY_UPDATE;
}

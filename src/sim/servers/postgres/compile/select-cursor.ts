/**
 * Runs a SELECT: combinations, WHERE, groups, order, row locks, output, LIMIT, in this order, as
 * PostgreSQL stacks its plan nodes. So rows are locked in the order of ORDER BY, as many as LIMIT
 * asks for, and a row that changed while it was waited for is looked at again (EvalPlanQual).
 */
import type { TableDefinition } from '../catalog/definitions.js';
import {
  BLOCKED,
  type Blocked,
  type Execution,
  type Row,
  type RowSource,
  SUSPENDED,
  type Tuple,
} from '../execution.js';
import type { RowMode } from '../locks/modes.js';
import { lockVersion } from '../locks/row-locks.js';
import type { Version } from '../storage/table.js';
import type { WaitPolicy } from '../syntax/rewrite.js';
import type { Type } from '../types/type.js';
import { compareValues, keyOf, type Value } from '../types/value.js';
import { Combinations, type Joined } from './from.js';
import type { Aggregate } from './scope.js';

type Evaluate = (execution: Execution) => Value;

export interface SortKey {
  readonly evaluate: Evaluate;
  readonly type: Type;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface RowMark {
  readonly slot: number;
  readonly table: TableDefinition;
  readonly mode: RowMode;
  readonly wait: WaitPolicy;
}

export interface Grouped {
  readonly keys: readonly Evaluate[];
  readonly aggregates: readonly Aggregate[];
  readonly having: Evaluate | undefined;
}

export interface SelectParts {
  readonly joined: readonly Joined[];
  readonly where: Evaluate | undefined;
  readonly columns: readonly Evaluate[];
  readonly grouped: Grouped | undefined;
  readonly sort: readonly SortKey[];
  readonly distinct: boolean;
  readonly marks: readonly RowMark[];
  readonly limit: ((execution: Execution) => number | undefined) | undefined;
  readonly offset: ((execution: Execution) => number | undefined) | undefined;
}

/** A combination kept for later: to be sorted, or of a group. */
interface Entry {
  readonly tuples: readonly (Tuple | undefined)[];
  readonly aggregates: readonly Value[];
  readonly keys: readonly Value[];
}

interface Group {
  readonly tuples: readonly (Tuple | undefined)[];
  readonly states: Value[];
}

export class SelectCursor implements RowSource {
  private readonly combinations: Combinations;
  /** Set when all rows have to be there before the first comes out. */
  private entries: Entry[] | undefined = undefined;
  private readonly gathered: Entry[] = [];
  private entryAt = 0;
  private left = Number.POSITIVE_INFINITY;
  private skip = 0;
  private opened = false;
  /** Whether a row is in hand whose locks or output are not done. */
  private inHand = false;
  /** The same for its WHERE. */
  private untested = false;
  private markAt = 0;
  private changed = false;
  private readonly seen = new Set<string>();

  constructor(
    private readonly parts: SelectParts,
    private readonly execution: Execution,
  ) {
    this.combinations = new Combinations(parts.joined, execution);
  }

  next(): Row | undefined | Blocked {
    try {
      return this.step();
    } catch (error) {
      if (error === SUSPENDED) return BLOCKED;
      throw error;
    }
  }

  private step(): Row | undefined | Blocked {
    if (!this.open()) return BLOCKED;
    while (this.left > 0) {
      if (!this.inHand) {
        if (!this.advance()) return undefined;
        this.inHand = true;
        this.markAt = 0;
        this.changed = false;
      }
      const locked = this.lock();
      if (locked === BLOCKED) return BLOCKED;
      if (!locked || this.skip > 0) {
        if (locked) this.skip -= 1;
        this.inHand = false;
        continue;
      }
      const row = this.project();
      this.inHand = false;
      if (row === undefined) continue;
      this.left -= 1;
      return row;
    }
    return undefined;
  }

  private open(): boolean {
    if (this.opened) return true;
    const { parts, execution } = this;
    if (!this.combinations.load()) return false;
    if (parts.grouped !== undefined) this.entries = this.group(parts.grouped);
    else if (parts.sort.length > 0) {
      while (this.filtered()) this.gathered.push(this.keep([]));
      this.entries = this.gathered;
    }
    if (this.entries !== undefined && parts.sort.length > 0) this.sort(this.entries);
    this.left = parts.limit?.(execution) ?? Number.POSITIVE_INFINITY;
    this.skip = parts.offset?.(execution) ?? 0;
    this.opened = true;
    return true;
  }

  /** The next combination that WHERE lets through. */
  private filtered(): boolean {
    const { where } = this.parts;
    const { execution } = this;
    while (this.untested || this.combinations.next()) {
      if (where === undefined) return true;
      this.untested = true;
      execution.beginRow();
      const passes = where(execution) === true;
      execution.endRow();
      this.untested = false;
      if (passes) return true;
    }
    return false;
  }

  private advance(): boolean {
    const { entries, execution } = this;
    if (entries === undefined) return this.filtered();
    const entry = entries[this.entryAt];
    if (entry === undefined) return false;
    this.entryAt += 1;
    this.restore(entry.tuples);
    execution.aggregates = entry.aggregates;
    return true;
  }

  private tuples(): (Tuple | undefined)[] {
    return this.parts.joined.map(({ range }) => this.execution.tuples[range.slot]);
  }

  private restore(tuples: readonly (Tuple | undefined)[]): void {
    for (const [at, { range }] of this.parts.joined.entries()) {
      this.execution.tuples[range.slot] = tuples[at]!;
    }
  }

  private keep(aggregates: readonly Value[]): Entry {
    const { execution } = this;
    const keys = this.parts.sort.map(({ evaluate }) => evaluate(execution));
    return { tuples: this.tuples(), aggregates, keys };
  }

  private sort(entries: Entry[]): void {
    const { sort } = this.parts;
    const order = new Map(entries.map((entry, at) => [entry, at]));
    entries.sort((a, b) => {
      for (const [at, { type, descending, nullsFirst }] of sort.entries()) {
        const left = a.keys[at]!;
        const right = b.keys[at]!;
        if (left === null || right === null) {
          if (left === right) continue;
          return (left === null) === nullsFirst ? -1 : 1;
        }
        const compared = compareValues(left, right, type);
        if (compared !== 0) return descending ? -compared : compared;
      }
      return order.get(a)! - order.get(b)!;
    });
  }

  private group({ keys, aggregates, having }: Grouped): Entry[] {
    const { execution } = this;
    const groups = new Map<string, Group>();
    const begin = (): Group => ({
      tuples: this.tuples(),
      states: aggregates.map(({ start }) => start),
    });
    if (keys.length === 0) groups.set('', begin());
    while (this.filtered()) {
      const name = keys.map((key) => String(keyOf(key(execution)))).join('\0');
      let group = groups.get(name);
      if (group === undefined) {
        group = begin();
        groups.set(name, group);
      }
      for (const [at, { step }] of aggregates.entries()) {
        group.states[at] = step(group.states[at]!, execution);
      }
    }
    const entries: Entry[] = [];
    for (const { tuples, states } of groups.values()) {
      this.restore(tuples);
      execution.aggregates = states;
      if (having !== undefined && having(execution) !== true) continue;
      entries.push({ ...this.keep(states), tuples });
    }
    return entries;
  }

  /** Locks the rows in hand; false: this combination is none any more. */
  private lock(): boolean | Blocked {
    const { marks, where } = this.parts;
    const { execution } = this;
    while (this.markAt < marks.length) {
      const { slot, table: definition, mode, wait } = marks[this.markAt]!;
      const version = execution.tuples[slot] as Version;
      // The empty side of an outer join has nothing to lock.
      if (version.xmin === undefined) {
        this.markAt += 1;
        continue;
      }
      const outcome = lockVersion(
        execution,
        execution.engine.table(definition),
        version,
        mode,
        wait,
      );
      if (outcome === 'blocked') return BLOCKED;
      if (outcome === 'updated') {
        execution.tuples[slot] = version.next!;
        this.changed = true;
        continue;
      }
      if (outcome !== 'done') return false;
      this.markAt += 1;
    }
    if (!this.changed || where === undefined) return true;
    return where(execution) === true;
  }

  private project(): Row | undefined {
    const { columns, distinct } = this.parts;
    const { execution } = this;
    execution.beginRow();
    const row: Value[] = [];
    for (const column of columns) row.push(column(execution));
    execution.endRow();
    if (!distinct) return row;
    const name = row.map((value) => (value === null ? 'n' : `v${String(keyOf(value))}`)).join('\0');
    if (this.seen.has(name)) return undefined;
    this.seen.add(name);
    return row;
  }
}

/**
 * What a workload promises of the resource, as data: so that a history can be judged by itself
 * (docs/semantics.md, R12). Each promise is one that a lock's holders keep as long as they reach
 * the resource one after the other, whatever else befalls them.
 */

/**
 * Name of a number that the resource keeps, from 0 on. `seat 3` belongs to the cells `seat`.
 * Absent: the counter.
 */
export type Cell = string;

/** What must not happen, and to which cell or cells. */
export type Invariant =
  /** A holder writes what it made of a value that another has overwritten meanwhile. */
  | { readonly forbids: 'lost-update'; readonly cell: Cell }
  /** A holder writes a cell that already holds what another one wrote, other than 0. */
  | { readonly forbids: 'double-booking' | 'delivered-twice'; readonly cells: Cell }
  /** A holder writes, another one does, and then the first one writes again. */
  | { readonly forbids: 'overlapping-runs' | 'two-leaders'; readonly cell: Cell }
  /** The same value is written more than `limit` times. */
  | { readonly forbids: 'over-limit'; readonly cell: Cell; readonly limit: number }
  /** A holder reads, other than 0, less than what stands in `source`. */
  | { readonly forbids: 'stale-read'; readonly cell: Cell; readonly source: Cell };

/** What is forbidden: the cause of a verdict on resource safety, in the class `damage`. */
export type Damage = Invariant['forbids'];

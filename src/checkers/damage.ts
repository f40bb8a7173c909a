/**
 * What broken locks come to at the resource: whether the accesses it accepted keep what the
 * workload promises of it (docs/semantics.md, R12). One pass for each promise; the first access
 * that breaks one counts.
 */
import type { AccessRecord, CallId } from '../history.js';
import type { Cell, Damage, Invariant } from '../invariant.js';
import { grantOf } from './late-access.js';
import type { HistoryIndex } from './sections.js';

/** An access that the resource accepted, and the index of its record. */
interface Accepted {
  readonly at: number;
  readonly record: AccessRecord;
  /** The grant it was made under, the outermost one of those that are nested (R19). */
  readonly holder: CallId;
}

/** A broken promise of the workload. */
export interface DamageFound {
  readonly cause: Damage;
  /** Indices of the accesses that prove it, in order. */
  readonly witness: Witness;
  /** The last of them, which breaks the promise. */
  readonly brokenAt: number;
}

type Witness = readonly [number, ...number[]];

/** Looks at the accesses in order; answers the witness as soon as one breaks the promise. */
type Rule = (next: Accepted) => Witness | undefined;

/** The first damage in a history, by what was promised; `undefined` if there is none. */
export function findDamage(
  index: HistoryIndex,
  invariants: readonly Invariant[],
): DamageFound | undefined {
  let first: DamageFound | undefined;
  for (const invariant of invariants) {
    const found = breachOf(index, invariant);
    if (found === undefined) continue;
    if (first === undefined || found.brokenAt < first.brokenAt) first = found;
  }
  return first;
}

function breachOf(index: HistoryIndex, invariant: Invariant): DamageFound | undefined {
  const rule = ruleOf(invariant);
  for (const at of index.accesses) {
    const record = index.records[at] as AccessRecord;
    if (!record.accepted) continue;
    const witness = rule({ at, record, holder: grantOf(index, at).id });
    if (witness !== undefined) return { cause: invariant.forbids, witness, brokenAt: at };
  }
  return undefined;
}

function ruleOf(invariant: Invariant): Rule {
  switch (invariant.forbids) {
    case 'lost-update':
      return keepsUpdates(invariant.cell);
    case 'double-booking':
    case 'delivered-twice':
      return takesOnce(invariant.cells);
    case 'overlapping-runs':
    case 'two-leaders':
      return takesTurns(invariant.cell);
    case 'over-limit':
      return staysWithin(invariant.cell, invariant.limit);
    case 'stale-read':
      return readsFresh(invariant.cell, invariant.source);
  }
}

/** Who writes has seen the value that it replaces: what it read last, or wrote itself. */
function keepsUpdates(cell: Cell): Rule {
  const seen = new Map<CallId, number>();
  let written: number | undefined;
  return ({ at, record, holder }) => {
    if (record.cell !== cell) return undefined;
    const basis = seen.get(holder);
    seen.set(holder, at);
    if (record.access === 'read') return undefined;
    const before = written;
    written = at;
    if (basis === undefined || before === undefined) return undefined;
    return before <= basis ? undefined : [before, at];
  };
}

/** Who finds one of the cells taken does not take it again. */
function takesOnce(cells: Cell): Rule {
  const taken = new Map<Cell, Accepted>();
  return (next) => {
    const { at, record } = next;
    const { cell = '' } = record;
    if (record.access === 'read' || !cell.startsWith(`${cells} `)) return undefined;
    const before = taken.get(cell);
    taken.set(cell, next);
    if (before === undefined || before.holder === next.holder) return undefined;
    return before.record.value === 0 || record.value === 0 ? undefined : [before.at, at];
  };
}

/** Who has written, and was followed by another one, does not come back. */
function takesTurns(cell: Cell): Rule {
  const wrote = new Map<CallId, number>();
  let before: Accepted | undefined;
  return (next) => {
    const { at, record, holder } = next;
    if (record.access === 'read' || record.cell !== cell) return undefined;
    const own = wrote.get(holder);
    const other = before?.holder === holder ? undefined : before?.at;
    wrote.set(holder, at);
    before = next;
    return own === undefined || other === undefined ? undefined : [own, other, at];
  };
}

/** No value is written more often than the limit. */
function staysWithin(cell: Cell, limit: number): Rule {
  const written = new Map<number | undefined, [number, ...number[]]>();
  return ({ at, record: { access, cell: of, value } }) => {
    if (access === 'read' || of !== cell) return undefined;
    const same = written.get(value);
    if (same === undefined) written.set(value, [at]);
    else same.push(at);
    return same !== undefined && same.length > limit ? same : undefined;
  };
}

/** Who reads a copy does not get less than what the source holds. */
function readsFresh(cell: Cell, source: Cell): Rule {
  let copied: number | undefined;
  let current = 0;
  /** When the source became what it is; before that nothing is less. */
  let moved = 0;
  return ({ at, record: { access, cell: of, value = 0 } }) => {
    if (access === 'write') {
      if (of === cell) copied = at;
      else if (of === source) {
        moved = at;
        current = value;
      }
      return undefined;
    }
    if (of !== cell || value === 0 || value >= current) return undefined;
    if (copied === undefined) return undefined;
    return [Math.min(copied, moved), Math.max(copied, moved), at];
  };
}

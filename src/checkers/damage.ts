/**
 * What broken locks come to at the resource: whether the accesses it accepted keep what the
 * workload promises of it (docs/semantics.md, R12). One pass for each promise; the first access
 * that breaks one counts.
 */
import type { AccessRecord, CallId } from '../history.js';
import type { Cell, Damage, Invariant } from '../invariant.js';
import type { HistoryIndex } from './sections.js';

/** An access that the resource accepted, and the index of its record. */
interface Accepted {
  readonly at: number;
  readonly record: AccessRecord;
}

/** A broken promise of the workload. */
export interface DamageFound {
  readonly cause: Damage;
  /** Indices of the accesses that prove it, in order; the last one breaks the promise. */
  readonly witness: readonly [number, ...number[]];
}

/** Looks at the accesses in order; answers the witness as soon as one breaks the promise. */
type Rule = (next: Accepted) => readonly [number, ...number[]] | undefined;

/** The first damage in a history; `undefined` if there is none, or nothing was promised. */
export function findDamage(index: HistoryIndex): DamageFound | undefined {
  const { invariants = [] } = index.history.world;
  let first: DamageFound | undefined;
  for (const invariant of invariants) {
    const found = breachOf(index, invariant);
    if (found !== undefined && (first === undefined || last(found) < last(first))) first = found;
  }
  return first;
}

const last = ({ witness }: DamageFound): number => witness.at(-1)!;

function breachOf(index: HistoryIndex, invariant: Invariant): DamageFound | undefined {
  const rule = ruleOf(invariant);
  for (const at of index.accesses) {
    const record = index.records[at] as AccessRecord;
    if (!record.accepted) continue;
    const witness = rule({ at, record });
    if (witness !== undefined) return { cause: invariant.forbids, witness };
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
  let written: Accepted | undefined;
  return ({ at, record }) => {
    if (record.cell !== cell) return undefined;
    const { grant } = record;
    const basis = seen.get(grant);
    seen.set(grant, at);
    if (record.access === 'read') return undefined;
    const before = written;
    written = { at, record };
    if (basis === undefined || before === undefined || before.at <= basis) return undefined;
    return [before.at, at];
  };
}

/** Who finds one of the cells taken does not take it again. */
function takesOnce(cells: Cell): Rule {
  const taken = new Map<Cell, Accepted>();
  return ({ at, record }) => {
    const { cell } = record;
    if (record.access === 'read' || cell === undefined || !cell.startsWith(`${cells} `)) {
      return undefined;
    }
    const before = taken.get(cell);
    taken.set(cell, { at, record });
    if (before === undefined || before.record.value === 0 || record.value === 0) return undefined;
    return before.record.grant === record.grant ? undefined : [before.at, at];
  };
}

/** Who has written, and was followed by another one, does not come back. */
function takesTurns(cell: Cell): Rule {
  const wrote = new Map<CallId, number>();
  let written: Accepted | undefined;
  return ({ at, record }) => {
    if (record.access === 'read' || record.cell !== cell) return undefined;
    const own = wrote.get(record.grant);
    wrote.set(record.grant, at);
    const before = written;
    written = { at, record };
    if (own === undefined || before === undefined) return undefined;
    return before.record.grant === record.grant ? undefined : [own, before.at, at];
  };
}

/** No value is written more often than the limit. */
function staysWithin(cell: Cell, limit: number): Rule {
  const written = new Map<number, [number, ...number[]]>();
  return ({ at, record }) => {
    if (record.access === 'read' || record.cell !== cell) return undefined;
    const value = record.value ?? 0;
    const same = written.get(value);
    if (same === undefined) written.set(value, [at]);
    else same.push(at);
    return same !== undefined && same.length > limit ? same : undefined;
  };
}

/** Who reads a copy does not get less than what the source holds. */
function readsFresh(cell: Cell, source: Cell): Rule {
  let copied: Accepted | undefined;
  let current: Accepted | undefined;
  return ({ at, record }) => {
    const { value = 0 } = record;
    if (record.access === 'write') {
      if (record.cell === source) current = { at, record };
      if (record.cell === cell) copied = { at, record };
      return undefined;
    }
    if (record.cell !== cell || value === 0 || current === undefined) return undefined;
    if (value >= (current.record.value ?? 0)) return undefined;
    const stood = copied ?? current;
    const [first, second] = stood.at < current.at ? [stood, current] : [current, stood];
    return [first.at, second.at, at];
  };
}

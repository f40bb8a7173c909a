/**
 * What every narrative needs at hand: the indexed history of the run, its faults and leases by
 * name.
 */
import { type HistoryIndex, indexHistory, type Lease } from '../../checkers/sections.js';
import type { Fault, HostId } from '../../fault.js';
import type { ClockRecord, LeaseId } from '../../history.js';
import type { Trace } from '../../trace.js';
import type { PropertyVerdict } from '../../verdict.js';

/** A trace without its digest: what a story is told from. */
export type Told = Omit<Trace, 'digest'>;

export interface Tale {
  readonly trace: Told;
  readonly index: HistoryIndex;
  readonly faults: ReadonlyMap<string, Fault>;
  readonly leases: ReadonlyMap<LeaseId, Lease>;
  /** Segments of each host's wall clock, in order. */
  readonly wallClocks: ReadonlyMap<HostId, readonly ClockRecord[]>;
}

/** Sentences that say why a verdict is what it is, in order. */
export type Narrator = (tale: Tale, verdict: PropertyVerdict) => readonly string[];

/** Makes a trace ready to be told. */
export function beginTale(trace: Told): Tale {
  const index = indexHistory(trace.history);
  const wallClocks = new Map<HostId, ClockRecord[]>();
  for (const record of index.records) {
    if (record.type !== 'clock' || record.clock !== 'wall') continue;
    const known = wallClocks.get(record.host);
    if (known === undefined) wallClocks.set(record.host, [record]);
    else known.push(record);
  }
  return {
    trace,
    index,
    faults: new Map(trace.scenario.faults.map((fault) => [fault.id, fault])),
    leases: new Map(index.leases.map((lease) => [lease.record.lease, lease])),
    wallClocks,
  };
}

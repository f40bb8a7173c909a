/**
 * Who held a lock in truth, and when: as many servers as the lock needs held a lease of the grant.
 * Where a lease is a place in a queue (a key of etcd, a znode), those who wait have one as well;
 * such a lease counts from when nobody stands before it any more.
 */
import { leaseChains } from '../checkers/lease-chains.js';
import { type Grant, type HistoryIndex, NONE } from '../checkers/sections.js';
import { turnsOf } from './turns.js';

/** From one record to another; `NONE`: to the end of the run. */
export interface Hold {
  readonly grant: Grant;
  readonly from: number;
  readonly until: number;
}

/** A lease began or ended to count at a server. */
interface Edge {
  readonly at: number;
  readonly by: 1 | -1;
}

export function holdsOf(index: HistoryIndex): Hold[] {
  const holds: Hold[] = [];
  for (const [grant, edges] of edgesOf(index)) {
    edges.sort((a, b) => a.at - b.at || b.by - a.by);
    let servers = 0;
    let from = NONE;
    for (const { at, by } of edges) {
      servers += by;
      if (from === NONE && servers >= index.quorum) from = at;
      else if (from !== NONE && servers < index.quorum) {
        holds.push({ grant, from, until: at === Infinity ? NONE : at });
        from = NONE;
      }
    }
  }
  return holds;
}

function edgesOf(index: HistoryIndex): Map<Grant, Edge[]> {
  const edges = new Map<Grant, Edge[]>();
  const isQueue = index.records.some(({ type }) => type === 'enqueued');
  const turnOf = isQueue ? turnsOf(index) : undefined;
  for (const { leases, closed } of leaseChains(index)) {
    const { grant, applied, record } = leases[0]!;
    if (grant === undefined) continue;
    const from = turnOf?.(grant, record.server, applied) ?? applied;
    const until = closed === NONE ? Infinity : closed;
    if (from >= until || (from > applied && lastsNoTime(index, from, until))) continue;
    let known = edges.get(grant);
    if (known === undefined) edges.set(grant, (known = []));
    known.push({ at: from, by: 1 }, { at: until, by: -1 });
  }
  return edges;
}

/** Leases that end together move the turn through the whole queue at one instant. */
function lastsNoTime({ records }: HistoryIndex, from: number, until: number): boolean {
  return records[from]!.atUs === records[until]?.atUs;
}

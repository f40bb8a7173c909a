/**
 * Leases as a server sees them: a lease and its extensions are one chain, which stands from the
 * first application to the end. R9 follows chains, R10 asks which of them stand when the faults end.
 */
import type { LeaseEndRecord } from '../history.js';
import { type HistoryIndex, type Lease, NONE } from './sections.js';

/** A lease of one grant at one server with all its extensions, whoever asked for those. */
export interface LeaseChain {
  /** In the order applied; the last one is in force. */
  readonly leases: Lease[];
  /** Index of the record that ended it: its end, or its replacement. `NONE` while it stands. */
  closed: number;
  /** How it ended at the server; `undefined` while it stands and if it was replaced. */
  end: LeaseEndRecord | undefined;
}

/**
 * Chains every lease to the one it extends. A later record for the same key, server, host and
 * incarnation replaces a lease that still stands (docs/semantics.md, R1, R9): of the same grant it
 * extends the chain, of another grant it closes the chain and begins its own. Host, incarnation and
 * grant are those of the owner, so what somebody else extends stays in the owner's chain; so does an
 * extension that belongs to no operation, such as a forgotten timer's.
 */
export function leaseChains(index: HistoryIndex): LeaseChain[] {
  const chains: LeaseChain[] = [];
  const standing = new Map<string, LeaseChain[]>();
  for (const lease of index.leases) {
    const place = `${lease.record.server} ${lease.record.key}`;
    const here = standing.get(place);
    if (here !== undefined && extend(here, lease)) continue;
    const chain: LeaseChain = { leases: [lease], closed: NONE, end: undefined };
    chains.push(chain);
    if (here === undefined) standing.set(place, [chain]);
    else here.push(chain);
  }
  for (const here of standing.values()) {
    for (const chain of here) close(chain, chain.leases.at(-1)!);
  }
  return chains;
}

/**
 * Brings the chains that stand for a key at a server up to a new lease: closes those that ended
 * before it or that it replaces. Returns whether the lease extended one of them.
 */
function extend(here: LeaseChain[], lease: Lease): boolean {
  let kept = 0;
  let extended = false;
  for (const chain of here) {
    const last = chain.leases.at(-1)!;
    if (last.ended !== NONE && last.ended < lease.applied) {
      close(chain, last);
      continue;
    }
    if (sameHost(last, lease)) {
      if (!sameGrant(last, lease)) {
        chain.closed = lease.applied;
        continue;
      }
      chain.leases.push(lease);
      extended = true;
    }
    here[kept++] = chain;
  }
  here.length = kept;
  return extended;
}

/** Takes over the end of the lease in force, if it has one. */
function close(chain: LeaseChain, last: Lease): void {
  chain.closed = last.ended;
  chain.end = last.end;
}

function sameHost(a: Lease, b: Lease): boolean {
  const ownerA = a.record.owner ?? a.record;
  const ownerB = b.record.owner ?? b.record;
  return ownerA.host === ownerB.host && ownerA.incarnation === ownerB.incarnation;
}

/** Of two leases of one host: whether the second serves the grant of the first. */
function sameGrant(a: Lease, b: Lease): boolean {
  const ownerA = a.record.owner ?? a.record;
  const ownerB = b.record.owner ?? b.record;
  return ownerA.operation === ownerB.operation || (b.record.extends && b.grant === undefined);
}

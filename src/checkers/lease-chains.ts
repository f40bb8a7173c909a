/**
 * Leases as a server sees them: a lease and its extensions are one chain, which stands from the
 * first application to the end. R9 follows chains, R10 asks which of them stand when the faults
 * end.
 */
import type { HostId } from '../fault.js';
import type { LeaseEndRecord, LeaseRecord } from '../history.js';
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

/** Whose request, or whose lease: one operation of one incarnation of a client. */
export type Owner = NonNullable<LeaseRecord['owner']>;

/** Who owns a lease: whose value the key holds, else who sent the request (R1). */
export function ownerOf({ record }: Lease): Owner {
  return record.owner ?? record;
}

/** Whether two grants are of one incarnation of a client. */
export function isSameHost(a: Owner, b: Owner): boolean {
  return a.host === b.host && a.incarnation === b.incarnation;
}

/**
 * Chains every lease to the one it extends. A later record for the same key, server, host and
 * incarnation replaces a lease that still stands (docs/semantics.md, R1, R9): of the same grant
 * it extends the chain, of another grant it closes the chain and begins its own. Host,
 * incarnation and grant are those of the owner, so what somebody else extends stays in the
 * owner's chain; so does an extension that belongs to no operation, such as a forgotten timer's.
 */
export function leaseChains(index: HistoryIndex): readonly LeaseChain[] {
  index.chains ??= chainLeases(index);
  return index.chains;
}

function chainLeases(index: HistoryIndex): readonly LeaseChain[] {
  const chains: LeaseChain[] = [];
  const standing = new Map<HostId, Map<string, LeaseChain[]>>();
  for (const lease of index.leases) {
    const here = chainsAt(standing, lease.record);
    if (extend(here, lease)) continue;
    const chain: LeaseChain = { leases: [lease], closed: lease.ended, end: lease.end };
    chains.push(chain);
    here.push(chain);
  }
  return chains;
}

/** The chains that stand at a server for a key. */
function chainsAt(
  standing: Map<HostId, Map<string, LeaseChain[]>>,
  { server, key }: LeaseRecord,
): LeaseChain[] {
  let keys = standing.get(server);
  if (keys === undefined) standing.set(server, (keys = new Map()));
  let here = keys.get(key);
  if (here === undefined) keys.set(key, (here = []));
  return here;
}

/**
 * Brings the chains that stand for a key at a server up to a new lease: drops those that end, which
 * nothing can extend any more, and closes the one that it replaces. Returns whether the lease
 * extended one of them.
 */
function extend(here: LeaseChain[], lease: Lease): boolean {
  let kept = 0;
  let extended = false;
  for (const chain of here) {
    if (chain.closed !== NONE) continue;
    const last = chain.leases[chain.leases.length - 1]!;
    if (isSameHost(ownerOf(last), ownerOf(lease))) {
      if (!isSameGrant(last, lease)) {
        chain.closed = lease.applied;
        continue;
      }
      chain.leases.push(lease);
      chain.closed = lease.ended;
      chain.end = lease.end;
      extended = true;
    }
    here[kept++] = chain;
  }
  while (here.length > kept) here.pop();
  return extended;
}

/** Of two leases of one host: whether the second serves the grant of the first. */
function isSameGrant(a: Lease, b: Lease): boolean {
  const isStray = b.record.extends && b.grant === undefined;
  return isStray || ownerOf(a).operation === ownerOf(b).operation;
}

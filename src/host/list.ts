/** What `holdfast list` lists: locks, workloads and scenarios, and what each says of itself. */
import { locks } from '../algorithms/index.js';
import { pitfalls } from '../pitfalls/index.js';
import { workloads } from '../workloads/index.js';
import type { Listing, LockEntry } from './listing.js';

export function listAll(): Listing {
  return {
    locks: listLocks(),
    workloads: workloads.map(({ name, summary, needs, invariants = [] }) => ({
      name,
      summary,
      ...(needs === undefined ? {} : { needs }),
      forbids: invariants.map(({ forbids }) => forbids),
    })),
    scenarios: pitfalls.map(({ name, warns, helps }) => ({ name, warns, helps })),
  };
}

function listLocks(): LockEntry[] {
  return locks.map(({ name, summary, flaw, services, replicas, claims }) => ({
    name,
    summary,
    flawed: flaw !== undefined,
    ...(flaw === undefined ? {} : { flaw }),
    services,
    ...(replicas === undefined ? {} : { replicas }),
    claims,
  }));
}

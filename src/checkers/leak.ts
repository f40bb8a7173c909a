/**
 * Leaks: leases that nobody will end (docs/semantics.md, R9). A lock that forgets its lease keeps
 * everybody out until the TTL; one that goes on extending it, or gave it no TTL, keeps them out for
 * ever. Judged at the end of the healed phase, from the leases of the servers and what their owners
 * still had under way.
 */
import type { PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { isSameHost, type LeaseChain, leaseChains, ownerOf } from './lease-chains.js';
import { judgeOrphans } from './orphans.js';
import type { HistoryIndex } from './sections.js';

/** Judges the leases that their own hosts did not end; those they did end are no leaks. */
export const leak: Checker = {
  property: 'leak',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.leases.length === 0) return notApplicable('leak', 'no lease was made');
    const left = leaseChains(index).filter((chain) => !endedByOwner(chain));
    return left.length === 0 ? valid('leak') : judgeOrphans(index, left);
  },
};

/** Whether a request of the owner's incarnation ended the lease. */
function endedByOwner({ leases, end }: LeaseChain): boolean {
  return end?.by !== undefined && isSameHost(end.by, ownerOf(leases[0]!));
}

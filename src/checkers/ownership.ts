/**
 * Ownership: nobody's request ends or extends a lease of another owner, judged by the lease ends and
 * effects that the servers recorded (docs/semantics.md, Rules of meaning, R0). A client's other
 * grant is another owner, and so is its other incarnation: who releases or renews must prove that the
 * lease is of this very grant.
 */
import type { LeaseEndRecord, LeaseRecord } from '../history.js';
import type { PropertyVerdict } from '../verdict.js';
import { type Checker, valid } from './checker.js';
import { type HistoryIndex, type Lease, NONE } from './sections.js';

/** Whose request, or whose lease: one operation of one incarnation of a client. */
type Owner = NonNullable<LeaseRecord['owner']>;

interface Trespass {
  readonly cause: 'deleted' | 'overwritten' | 'released' | 'extended';
  readonly lease: Lease;
  readonly by: Owner;
  /** Index of the record that shows it. */
  readonly at: number;
}

/**
 * A lease is its owner's until the server says that it ended: an overwrite or a creation after it
 * expired, or was lost, is none. A request that ended a lease and left no name makes the verdict
 * `unknown`: it may have been the owner's.
 */
export const ownership: Checker = {
  property: 'ownership',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.leases.length === 0) {
      return { ...valid('ownership'), verdict: 'not-applicable', reason: 'no lease was made' };
    }
    let first: Trespass | undefined;
    let violations = 0;
    let nameless = NONE;
    for (const lease of index.leases) {
      if (isNamelessEnd(lease.end)) nameless = lease.ended;
      for (const trespass of [foreignExtension(lease), foreignEnd(lease)]) {
        if (trespass === undefined) continue;
        violations++;
        if (first === undefined || trespass.at < first.at) first = trespass;
      }
    }
    if (first !== undefined) return verdictOf(first, violations);
    if (nameless === NONE) return valid('ownership');
    const reason = 'a request ended a lease, and the history does not say whose request it was';
    return { property: 'ownership', verdict: 'unknown', reason, witness: [nameless] };
  },
};

function ownerOf(lease: Lease): Owner {
  return lease.record.owner ?? lease.record;
}

function isSame(a: Owner, b: Owner): boolean {
  return a.operation === b.operation && a.host === b.host && a.incarnation === b.incarnation;
}

function isNamelessEnd(end: LeaseEndRecord | undefined): boolean {
  return end !== undefined && endsByRequest(end) && end.by === undefined;
}

function endsByRequest({ cause }: LeaseEndRecord): boolean {
  return cause === 'deleted' || cause === 'overwritten' || cause === 'released';
}

/** The lease record of an extension names who asked for it, and whose value the key holds. */
function foreignExtension(lease: Lease): Trespass | undefined {
  const { record, applied } = lease;
  if (!record.extends || isSame(record, ownerOf(lease))) return undefined;
  const { host, incarnation, operation } = record;
  return { cause: 'extended', lease, by: { host, incarnation, operation }, at: applied };
}

function foreignEnd(lease: Lease): Trespass | undefined {
  const { end, ended } = lease;
  if (end?.by === undefined || isSame(end.by, ownerOf(lease))) return undefined;
  const { cause, by } = end;
  if (cause !== 'deleted' && cause !== 'overwritten' && cause !== 'released') return undefined;
  return { cause, lease, by, at: ended };
}

function verdictOf({ cause, lease, by, at }: Trespass, violations: number): PropertyVerdict {
  const owner = ownerOf(lease);
  const { key, server } = lease.record;
  return {
    property: 'ownership',
    verdict: 'invalid',
    cause,
    witness: at === lease.applied ? [at] : [lease.applied, at],
    offender: { host: by.host, operation: by.operation },
    victim: { host: owner.host, operation: owner.operation },
    details: { key, server, violations },
  };
}

/**
 * Ownership: nobody's request ends or extends a lease of another owner, judged by the lease ends
 * and effects that the servers recorded (docs/semantics.md, Rules of meaning, R0). A client's
 * other grant is another owner, and so is its other incarnation: who releases or renews must
 * prove that the lease is of this very grant.
 */
import type { LeaseEndRecord } from '../history.js';
import { serviceOf } from '../service.js';
import type { PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { isSameHost, type Owner, ownerOf } from './lease-chains.js';
import { isBefore } from './promised-end.js';
import { type HistoryIndex, type Lease, NONE } from './sections.js';

interface Trespass {
  readonly cause: LeaseEndRecord['cause'] | 'extended';
  readonly lease: Lease;
  readonly by: Owner;
  /** Index of the record that shows it. */
  readonly at: number;
}

/**
 * A lease is its owner's until the server says that it ended: an overwrite or a creation after it
 * expired, or was lost, is none. A request outside of any operation is taken for its client's
 * own. One that ended a lease and left no name makes the verdict `unknown`: it may have been the
 * owner's.
 */
export const ownership: Checker = {
  property: 'ownership',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.leases.length === 0) {
      return notApplicable('ownership', 'no lease was made');
    }
    let first: Trespass | undefined;
    let violations = 0;
    let nameless = NONE;
    for (const lease of index.leases) {
      if (isNamelessEnd(lease.end)) nameless = lease.ended;
      for (const trespass of [foreignExtension(index, lease), foreignEnd(index, lease)]) {
        if (trespass === undefined) continue;
        violations++;
        if (first === undefined || isBefore(trespass.at, first.at)) first = trespass;
      }
    }
    if (first !== undefined) return verdictOf(first, violations);
    if (nameless === NONE) return valid('ownership');
    const reason = 'a request ended a lease, and the history does not say whose request it was';
    return { property: 'ownership', verdict: 'unknown', reason, witness: [nameless] };
  },
};

/** Whether a request is the owner's: of the same grant, or of its client's code in between. */
function isOwn(index: HistoryIndex, by: Owner, lease: Lease): boolean {
  const owner = ownerOf(lease);
  if (!isSameHost(by, owner)) return false;
  return by.operation === owner.operation || index.grantByOperation.get(by.operation) === undefined;
}

function isNamelessEnd(end: LeaseEndRecord | undefined): boolean {
  const byRequest =
    end?.cause === 'deleted' || end?.cause === 'overwritten' || end?.cause === 'released';
  return byRequest && end.by === undefined;
}

/**
 * The lease record of an extension names who asked for it, and whose value the key holds. A lease
 * of etcd is its client's, who attaches the keys of all its operations to it: a keep-alive that one
 * of them began is for all.
 */
function foreignExtension(index: HistoryIndex, lease: Lease): Trespass | undefined {
  const { record, applied } = lease;
  if (!record.extends || isOwn(index, record, lease)) return undefined;
  if (serviceOf(record.server) === 'etcd' && isSameHost(record, ownerOf(lease))) return undefined;
  const { host, incarnation, operation } = record;
  return { cause: 'extended', lease, by: { host, incarnation, operation }, at: applied };
}

function foreignEnd(index: HistoryIndex, lease: Lease): Trespass | undefined {
  const { end, ended } = lease;
  if (end?.by === undefined || isOwn(index, end.by, lease)) return undefined;
  return { cause: end.cause, lease, by: end.by, at: ended };
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

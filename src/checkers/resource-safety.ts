/**
 * Resource safety: the resource never accepts an access of an earlier holder after one of a later
 * holder (docs/semantics.md, R12). Judged at the resource, so writes that were in flight count
 * when they arrive; an overlap of sections that leaves no trace there is the business of mutual
 * exclusion. What breaks the workload's own promise is worse than what only breaks the order.
 */
import type { Details, PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { type DamageFound, findDamage } from './damage.js';
import { accessAt, findLateAccess, grantOf, type LateAccess, placeOf } from './late-access.js';
import type { Grant, HistoryIndex } from './sections.js';

/**
 * The witness is the last access of the later holder, and the first one after it that is late.
 * Holders of several permits have no order (R18).
 */
export const resourceSafety: Checker = {
  property: 'resource-safety',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.accesses.length === 0) {
      const reason = 'nobody reached the resource';
      return notApplicable('resource-safety', reason);
    }
    const { permits = 1 } = index.history.world.declares;
    if (permits > 1) {
      return notApplicable('resource-safety', 'holders of several permits have no order');
    }
    const late = findLateAccess(index);
    const damage = index.history.world.invariants === undefined ? undefined : findDamage(index);
    if (damage !== undefined) return damaged(index, damage, late);
    if (late === undefined) return valid('resource-safety');
    const { access } = accessAt(index, late.at);
    return {
      property: 'resource-safety',
      verdict: 'invalid',
      cause: access === 'write' ? 'late-write' : 'late-read',
      witness: [late.laterAt, late.at],
      ...sides(late.earlier, late.later),
      details: { violations: late.violations, ...countUpdates(index, late.at) },
    };
  },
};

/** The witness ends with the access that breaks the promise; how it came about stands before it. */
function damaged(
  index: HistoryIndex,
  { cause, witness }: DamageFound,
  late: LateAccess | undefined,
): PropertyVerdict {
  const broken = witness.at(-1)!;
  const proof = late === undefined ? witness : [...witness, late.laterAt, late.at];
  return {
    property: 'resource-safety',
    verdict: 'invalid',
    class: 'damage',
    cause,
    witness: [...new Set(proof)].filter((at) => at <= broken).sort((a, b) => a - b),
    ...sides(late?.earlier ?? grantOf(index, broken), late?.later ?? grantOf(index, witness[0])),
    details: { violations: late?.violations ?? 1 },
  };
}

function sides(offender: Grant, victim: Grant): Pick<PropertyVerdict, 'offender' | 'victim'> {
  return {
    offender: { host: offender.client, operation: offender.operation },
    victim: { host: victim.client, operation: victim.operation },
  };
}

/**
 * Plays the accepted accesses of the place of one against a counter that every holder reads, and
 * writes back one higher: the updates that are missing at the end are lost. `completedSections`
 * counts the holders that wrote there and left with their work done. Cells are no counters.
 */
function countUpdates(index: HistoryIndex, one: number): Details {
  const place = placeOf(accessAt(index, one));
  let finalCounter = 0;
  let acceptedWrites = 0;
  let completedSections = 0;
  const seen = new Map<Grant, number>();
  const wrote = new Set<Grant>();
  for (const at of index.accesses) {
    const access = accessAt(index, at);
    if (!access.accepted || access.cell !== undefined || placeOf(access) !== place) continue;
    const grant = grantOf(index, at);
    if (access.access === 'write') {
      finalCounter = (seen.get(grant) ?? finalCounter) + 1;
      acceptedWrites++;
      if (!wrote.has(grant) && grant.acts.includes(grant.exit)) completedSections++;
      wrote.add(grant);
    }
    seen.set(grant, finalCounter);
  }
  const lostUpdates = acceptedWrites - finalCounter;
  return { acceptedWrites, completedSections, finalCounter, lostUpdates };
}

/**
 * Claims against verdicts: which fault classes excuse a violation, by what the lock's author
 * accepts (docs/semantics.md, R13).
 */
import type { Claim, LockAlgorithm } from '../algorithms/lock.js';
import { FAULT_CLASSES, type FaultClass } from '../fault.js';
import type { Persistence } from '../scenario.js';
import type { Property, PropertyVerdict, ViolationClass } from '../verdict.js';

/** How bad an outcome is on the scale of its property: a claim covers all up to its own. */
const CLASS_RANK: Readonly<Record<ViolationClass, number>> = {
  'inherent-overlap': 1,
  'stale-belief': 2,
  'double-grant': 3,
  'until-ttl': 1,
  'for-ever': 3,
  damage: 3,
};
const CLAIM_RANK = { inherent: 1, stale: 2, 'until-ttl': 1, breaks: 3 } as const;
/** A violation of a property without classes. */
const BARE_RANK = 3;
/** Violations of these have a class, unless no lease was seen: then it is at least the mildest. */
const OVERLAPS: readonly Property[] = ['mutual-exclusion', 'read-write', 'permits'];

function rankOf({ property, class: name }: Pick<PropertyVerdict, 'property' | 'class'>): number {
  if (name !== undefined) return CLASS_RANK[name];
  return OVERLAPS.includes(property) ? CLASS_RANK['inherent-overlap'] : BARE_RANK;
}

/** What the author says of a property under a fault class; `undefined` if nothing. */
export function claimFor(
  algorithm: Pick<LockAlgorithm, 'claims'>,
  property: Property,
  faultClass: FaultClass,
): Claim | undefined {
  const claims = algorithm.claims[property];
  return claims?.[faultClass] ?? claims?.default;
}

/** The fault classes under which the author accepts an outcome as bad as this verdict. */
export function excusing(
  algorithm: Pick<LockAlgorithm, 'claims'>,
  verdict: Pick<PropertyVerdict, 'property' | 'class'>,
  persistence: Persistence,
): ReadonlySet<FaultClass> {
  const classes = new Set<FaultClass>();
  for (const faultClass of FAULT_CLASSES) {
    const claim = claimFor(algorithm, verdict.property, faultClass);
    if (claim === undefined || claim === 'holds') continue;
    if (claim.persistence !== undefined && claim.persistence !== persistence) continue;
    if (CLAIM_RANK[claim.worst] >= rankOf(verdict)) classes.add(faultClass);
  }
  return classes;
}

/** Whether a violation is at least as bad as another of the same property. */
export function atLeastAsBad(
  found: Pick<PropertyVerdict, 'property' | 'verdict' | 'class'>,
  wanted: Pick<PropertyVerdict, 'property' | 'class'>,
): boolean {
  return (
    found.property === wanted.property &&
    found.verdict === 'invalid' &&
    rankOf(found) >= rankOf(wanted)
  );
}

/** Whether a verdict is a violation of the same property and class, and the same damage. */
export function ofSameClass(
  found: Pick<PropertyVerdict, 'property' | 'verdict' | 'class' | 'cause'>,
  wanted: Pick<PropertyVerdict, 'property' | 'class' | 'cause'>,
): boolean {
  if (found.class === 'damage' && found.cause !== wanted.cause) return false;
  return found.class === wanted.class && atLeastAsBad(found, wanted);
}

/** A claim that must still be found broken. */
export interface KnownBreak {
  readonly property: Property;
  readonly faultClass: FaultClass;
  readonly withinRuns: number;
  /** How bad the break must be, as ranks of claims go. */
  readonly rank: number;
}

/** The claims of a lock that somebody insists are found broken. */
export function knownBreaks(algorithm: LockAlgorithm, persistence: Persistence): KnownBreak[] {
  const breaks: KnownBreak[] = [];
  for (const property of Object.keys(algorithm.claims) as Property[]) {
    for (const faultClass of FAULT_CLASSES) {
      const claim = algorithm.claims[property]?.[faultClass];
      if (claim === undefined || claim === 'holds' || claim.withinRuns === undefined) continue;
      if (claim.persistence !== undefined && claim.persistence !== persistence) continue;
      const rank = CLAIM_RANK[claim.worst];
      breaks.push({ property, faultClass, withinRuns: claim.withinRuns, rank });
    }
  }
  return breaks;
}

/** Whether a verdict reaches the rank that a claim gives as the worst outcome. */
export function reachesRank(verdict: PropertyVerdict, rank: number): boolean {
  return verdict.verdict === 'invalid' && rankOf(verdict) >= rank;
}

/** The verdicts on what reached the resource: a late access, or damage (docs/semantics.md, R12). */
import type { Details, PropertyVerdict } from '../verdict.js';
import type { DamageFound } from './damage.js';
import { accessAt, grantOf, type LateAccess, placeOf } from './late-access.js';
import type { Grant, HistoryIndex } from './sections.js';

export function lateVerdict(index: HistoryIndex, late: LateAccess): PropertyVerdict {
  const { access } = accessAt(index, late.at);
  return {
    property: 'resource-safety',
    verdict: 'invalid',
    cause: access === 'write' ? 'late-write' : 'late-read',
    witness: [late.laterAt, late.at],
    ...sides(late.earlier, late.later),
    details: { violations: late.violations, ...countUpdates(index, late.at) },
  };
}

/** The witness ends with the access that breaks the promise; how it came about stands before it. */
export function damageVerdict(
  index: HistoryIndex,
  { cause, witness, brokenAt }: DamageFound,
  late: LateAccess | undefined,
): PropertyVerdict {
  const proof = late === undefined ? witness : [...witness, late.laterAt, late.at];
  return {
    property: 'resource-safety',
    verdict: 'invalid',
    class: 'damage',
    cause,
    witness: [...new Set(proof)].filter((at) => at <= brokenAt).sort((a, b) => a - b),
    ...sides(late?.earlier ?? grantOf(index, brokenAt), late?.later ?? grantOf(index, witness[0])),
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

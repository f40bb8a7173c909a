/**
 * Runs in which lock code went by the host's time: it asked its clock, set one of its timers, or
 * began work that really is asynchronous. The simulated world does not wait for any of that, so
 * what such code did late in it, or never, it may have done in time where it lives
 * (docs/semantics.md, D5, D8, R13; docs/decisions/0023).
 */
import type { Finding } from '../finding.js';
import type { Property, PropertyVerdict } from '../verdict.js';

const REASON =
  "the lock code went by the host's time, which the simulated world does not follow: what it did " +
  'late there, or not at all, proves nothing';

/** Violations of these say that something was not done in time. */
const OF_TIME: readonly Property[] = ['progress', 'leak', 'belief'];
/** What a write that is late does, and so does one beside another holder. */
const FOLLOWS: Property = 'resource-safety';
/** Violations of these, if they are told, are reason enough for the other. */
const CAUSES: readonly Property[] = ['mutual-exclusion', 'read-write', 'permits', 'ownership'];

/**
 * Whether lock code went by the host's time in a run, as far as its findings tell. An operation
 * that never settles did if the lock is known to begin real work; else it is a plain hang.
 */
export function wentByRealTime(findings: readonly Finding[], beginsRealWork: boolean): boolean {
  return findings.some(
    ({ isOfTime, kind }) => isOfTime === true || (beginsRealWork && kind === 'never-settles'),
  );
}

/** The verdicts of such a run: what may be the work of the other time is unknown. */
export function withoutRealTime(properties: readonly PropertyVerdict[]): PropertyVerdict[] {
  const isBroken = properties.some(
    (found) => found.verdict === 'invalid' && !isOfTime(found) && CAUSES.includes(found.property),
  );
  return properties.map((found) =>
    isOfTime(found) || (isLate(found) && !isBroken)
      ? { property: found.property, verdict: 'unknown', reason: REASON, witness: [] }
      : found,
  );
}

/** That two were granted at once, or that nobody could know, is so whatever a timer does. */
function isOfTime({ property, verdict, class: name, cause }: PropertyVerdict): boolean {
  if (verdict !== 'invalid') return false;
  return OF_TIME.includes(property) || name === 'stale-belief' || cause === 'waited';
}

function isLate({ property, verdict }: PropertyVerdict): boolean {
  return verdict === 'invalid' && property === FOLLOWS;
}

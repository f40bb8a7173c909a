/**
 * All checkers over one history: its assumptions first, then one shared index, then each property.
 * A checker that throws does not hide the others: its property is unknown, and it is our bug.
 */
import type { History } from '../history.js';
import type { Property, PropertyVerdict } from '../verdict.js';
import type { Checker } from './checker.js';
import { indexHistory } from './sections.js';
import { findMalformation } from './well-formed.js';

/** One verdict for each checker, in their order. A malformed history is unknown for all of them. */
export function checkAll(history: History, checkers: readonly Checker[]): PropertyVerdict[] {
  const malformation = findMalformation(history);
  if (malformation !== undefined) {
    const reason = `malformed history: ${malformation.problem}`;
    const witness = [malformation.record];
    return checkers.map(({ property }) => ({ property, verdict: 'unknown', reason, witness }));
  }
  const index = indexHistory(history);
  return checkers.map((checker) => {
    try {
      return checker.check(index);
    } catch (error) {
      return thrown(checker.property, error);
    }
  });
}

function thrown(property: Property, error: unknown): PropertyVerdict {
  const message = error instanceof Error ? error.message : String(error);
  const details = { threw: true };
  return {
    property,
    verdict: 'unknown',
    reason: `checker threw: ${message}`,
    witness: [],
    details,
  };
}

/** Whether a verdict stands for a checker that threw: a bug of ours, not of the lock (exit 70). */
export function checkerThrew(verdict: PropertyVerdict): boolean {
  return verdict.details?.['threw'] === true;
}

/**
 * What a checker is: a pure function from a history to a verdict on one property, with the records
 * that prove it. It is handed the index of the history, which all checkers of a run share.
 */
import type { Declarations } from '../history.js';
import type { Property, PropertyVerdict } from '../verdict.js';
import type { HistoryIndex } from './sections.js';

export interface Checker {
  readonly property: Property;
  /** Only locks that declare this are judged; absent: each is. What none declares costs no run. */
  readonly ofDeclared?: keyof Declarations;
  /** And of them only those that do not declare this. */
  readonly butNot?: keyof Declarations;
  /**
   * Judges a well-formed history. Never throws for one: what cannot be decided is `unknown`, what
   * the lock does not offer is `not-applicable`, each with a reason in words.
   */
  check(index: HistoryIndex): PropertyVerdict;
}

/** The verdict of a property with nothing to report. */
export function valid(property: Property): PropertyVerdict {
  return { property, verdict: 'valid', reason: undefined, witness: NOTHING };
}

/** The verdict of a property that the lock, or the history, gives nothing to judge by. */
export function notApplicable(property: Property, reason: string): PropertyVerdict {
  return { property, verdict: 'not-applicable', reason, witness: NOTHING };
}

const NOTHING: readonly number[] = [];

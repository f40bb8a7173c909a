/**
 * All checkers over one history: its assumptions first, then one shared index, then each property.
 * A checker that throws does not hide the others: its property is unknown, and it is our bug.
 */
import type { History } from '../history.js';
import type { Property, PropertyVerdict } from '../verdict.js';
import type { Checker } from './checker.js';
import { nothingReached, type Reached, reachedIn } from './reached.js';
import { indexHistory } from './sections.js';
import { withoutLeases } from './unseen-leases.js';
import { findMalformation } from './well-formed.js';

/** What one history shows. */
export interface Judged {
  /** One verdict for each checker whose property the lock declares, or every lock has. */
  readonly properties: PropertyVerdict[];
  /** What the run reached of the campaign's goals (R13). */
  readonly reached: Reached;
}

/** Judges a history. A malformed one is unknown for all checkers, and reached nothing. */
export function checkAll(history: History, checkers: readonly Checker[]): Judged {
  const malformation = findMalformation(history);
  if (malformation !== undefined) {
    const reason = `malformed history: ${malformation.problem}`;
    const witness = [malformation.record];
    return {
      properties: checkers
        .filter((checker) => isJudged(checker, history))
        .map(({ property }) => ({ property, verdict: 'unknown', reason, witness })),
      reached: nothingReached(),
    };
  }
  const index = indexHistory(history);
  const properties: PropertyVerdict[] = [];
  for (const checker of checkers) {
    if (!isJudged(checker, history)) continue;
    try {
      properties.push(checker.check(index));
    } catch (error) {
      properties.push(thrown(checker.property, error));
    }
  }
  const { unseen } = history;
  return {
    properties:
      unseen === undefined
        ? properties
        : properties.map((found) => withoutLeases(found, unseen, history)),
    reached: reachedIn(index),
  };
}

function isJudged({ ofDeclared, butNot }: Checker, { world: { declares } }: History): boolean {
  if (ofDeclared === undefined) return true;
  return isDeclared(declares[ofDeclared]) && !(butNot && isDeclared(declares[butNot]));
}

/** Whether a lock declares something; `false` says that it does not. */
function isDeclared(value: unknown): boolean {
  return value !== undefined && value !== false;
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

/**
 * Faults that wait for a call or a delivery of an operation: which of them is next, so that the
 * others cost nothing (docs/semantics.md, R4).
 */
import type { Fault } from '../fault.js';

export interface Waiting {
  readonly fault: Fault;
  /** The how-manieth call or delivery of its operation it waits for, from 1. */
  readonly nth: number;
}

/** Adds a fault to those that wait for something in its operation. */
export function enlist(
  waiting: Map<string, Waiting[]>,
  fault: Fault,
  place: { operation: string; nth: number },
): void {
  const list = waiting.get(place.operation);
  const entry = { fault, nth: place.nth };
  if (list === undefined) waiting.set(place.operation, [entry]);
  else list.push(entry);
}

/** The smallest number waited for that is greater than `after`. */
export function nextNth(waiting: readonly Waiting[] | undefined, after: number): number {
  let next = Number.POSITIVE_INFINITY;
  if (waiting !== undefined) {
    for (const { nth } of waiting) if (nth > after && nth < next) next = nth;
  }
  return next;
}

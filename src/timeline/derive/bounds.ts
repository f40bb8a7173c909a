/**
 * Spans of which the beginning or the end is known within bounds only, as of runs on real servers:
 * where they are sure, where they are possible. Of an exact span both are the span itself.
 */
import type { ModelSpan } from '../model.js';

/** The part in which it lasted for sure; nothing of it may be left: then it ends as it begins. */
export function sure<T extends ModelSpan>(span: T): T {
  const { bounds } = span;
  if (bounds === undefined) return span;
  const fromUs = bounds.fromUs[1];
  return { ...span, fromUs, untilUs: Math.max(fromUs, bounds.untilUs[0]) };
}

/** The stretch outside of which it did not last for sure. */
export function possible<T extends ModelSpan>(span: T): T {
  const { bounds } = span;
  if (bounds === undefined) return span;
  return { ...span, fromUs: bounds.fromUs[0], untilUs: bounds.untilUs[1] };
}

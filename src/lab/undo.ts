/**
 * Undo and redo, over whatever is edited: each state is a value, and nothing is ever changed in it.
 * All that belongs to one gesture — the steps of a drag — is undone at once.
 */

export interface Edits<T> {
  /** The states before the present one, oldest first. */
  readonly past: readonly T[];
  readonly present: T;
  /** What was undone, the next one to be redone first. */
  readonly future: readonly T[];
  /** The gesture that made the present state, if it may go on. */
  readonly gesture?: string;
}

/** States that can be gone back to, at most. */
const PAST_MAX = 200;

export function beginEdits<T>(present: T): Edits<T> {
  return { past: [], present, future: [] };
}

/** @param gesture edits in a row with the same one are one edit. */
export function edit<T>(edits: Edits<T>, next: T, gesture?: string): Edits<T> {
  if (next === edits.present) return edits;
  const goesOn = gesture !== undefined && gesture === edits.gesture;
  const past = goesOn ? edits.past : [...edits.past, edits.present].slice(-PAST_MAX);
  return { past, present: next, future: [], ...(gesture !== undefined && { gesture }) };
}

/** The state before; the same edits if there is none. */
export function undo<T>({ past, present, future, ...rest }: Edits<T>): Edits<T> {
  const before = past.at(-1);
  if (before === undefined) return { past, present, future, ...rest };
  return { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

/** What was undone last; the same edits if there is nothing. */
export function redo<T>({ past, present, future, ...rest }: Edits<T>): Edits<T> {
  const [next, ...others] = future;
  if (next === undefined) return { past, present, future, ...rest };
  return { past: [...past, present], present: next, future: others };
}

/** The time limit of a call, on the monotonic clock of this process (docs/semantics.md, R7). */

/** As far as a timer of Node reaches; a limit beyond it is none that anybody meets. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Calls `onLate` after so long, unless what it answers is called first; absent: never. */
export function limitCall(callTimeoutMs: number | undefined, onLate: () => void): () => void {
  if (callTimeoutMs === undefined || callTimeoutMs > LONGEST_TIMER_MS) return () => {};
  const timer = setTimeout(onLate, callTimeoutMs);
  return () => clearTimeout(timer);
}

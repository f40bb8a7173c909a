/**
 * A run that was made twice and differed: makes it again in pairs, with a log, until two logs show
 * the first event that differs (docs/semantics.md, D15).
 */
import { locks } from '../algorithms/index.js';
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { Difference } from '../difference.js';
import type { Finding } from '../finding.js';
import { EventLog } from '../sim/event-log.js';
import { differenceWords, firstDifference } from '../story/difference.js';

/** Pairs made at most: what differed once need not differ again. */
const PAIRS_MAX = 4;

/** How to make the run that differed, and another one. */
export interface Makings {
  again(log: EventLog): Promise<unknown>;
  /** Another run, so that what one run leaves to the next shows as it did. */
  between(): Promise<unknown>;
  stopped(): boolean;
}

/** The first difference between two makings of a run; `undefined` if it did not differ any more. */
export async function findDifference(makings: Makings): Promise<Difference | undefined> {
  for (let pair = 0; pair < PAIRS_MAX && !makings.stopped(); pair++) {
    const [first, second] = [new EventLog(), new EventLog()];
    await makings.again(first);
    await makings.between();
    await makings.again(second);
    const difference = firstDifference(first.entries, second.entries);
    if (difference !== undefined) return difference;
    await makings.between();
  }
  return undefined;
}

/** The two makings that were compared. */
export interface Differed {
  /** The run, by name: `run 20`. */
  readonly run: string;
  readonly digests: readonly [string, string];
}

/** What is said of a run that was made twice and differed. */
export function differedFinding(
  algorithm: LockAlgorithm,
  { run, digests }: Differed,
  difference: Difference | undefined,
): Finding {
  const gave = difference === undefined ? ` (digest ${digests[0]}, then ${digests[1]})` : '';
  const what = `${run}, made twice, was not the same${gave}`;
  return differenceFinding(algorithm, what, difference);
}

/** Of a lock of the user it is about the lock's code; of a built-in one it is a bug of ours. */
export function differenceFinding(
  algorithm: LockAlgorithm,
  what: string,
  difference: Difference | undefined,
): Finding {
  const where =
    difference === undefined
      ? 'its further makings did not differ, so the first event that does is not known'
      : differenceWords(difference);
  return {
    kind: 'not-deterministic',
    message: `${what}: ${where}`,
    ...(difference === undefined ? {} : { difference }),
    ...(locks.includes(algorithm) ? { isOurs: true } : {}),
  };
}

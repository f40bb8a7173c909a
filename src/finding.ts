/**
 * Findings: what the harness noticed about the code under test itself, apart from any property. A
 * finding makes the verdict unknown, because the run no longer says what the lock would do.
 */

import type { Difference } from './difference.js';

export const FINDING_KINDS = [
  'not-deterministic',
  'does-not-yield',
  'busy-wait',
  'threw',
  'unhandled-rejection',
  'listener-threw',
  'shared-memory',
  'host-clock',
  'left-over-timers',
  'real-asynchronous-work',
  'never-settles',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** One sentence that names what was done. */
  readonly message: string;
  /** World time, where known. */
  readonly atUs?: number;
  /** The client whose code it was. */
  readonly host?: string;
  /** File and line of the code under test, where a stack was taken. */
  readonly place?: string;
  /** Of a run that differed when it was made again: the first event or record that did (D15). */
  readonly difference?: Difference;
  /** The code went by the host's time: what it did late in the world, or never, proves nothing. */
  readonly isOfTime?: true;
  /** It is about Holdfast itself and not about the lock's code: exit 70. */
  readonly isOurs?: true;
}

/** Of the runs that did not repeat, the one that says most: where they differ first. */
export function clearestDifference(findings: readonly Finding[]): Finding | undefined {
  const different = findings.filter(({ kind }) => kind === 'not-deterministic');
  return different.find(({ difference }) => difference !== undefined) ?? different[0];
}

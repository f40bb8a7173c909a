/**
 * Findings: what the harness noticed about the code under test itself, apart from any property. A
 * finding makes the verdict unknown, because the run no longer says what the lock would do.
 */

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
}

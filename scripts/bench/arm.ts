/**
 * What a benchmark arm is, and how its repetitions are summed up. Arms of one comparison run in
 * turn, A B A B …, so that a machine that speeds up or slows down does so for both; what is
 * reported is the median and the spread, and ratios within one run.
 */

/** One figure of a report. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** What it should be, in words and as a bound on the median. */
  readonly target?: { readonly text: string; readonly atLeast?: number; readonly atMost?: number };
  /** What was measured: workload, sizes. */
  readonly workload: string;
}

/** Repetitions of every comparison. */
export const REPETITIONS = 5;

export function summarize(
  name: string,
  unit: string,
  values: readonly number[],
  workload: string,
  target?: Figure['target'],
): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return {
    name,
    unit,
    median,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    workload,
    ...(target === undefined ? {} : { target }),
  };
}

/** Whether the median meets the target; `undefined` without one. */
export function isMet({ median, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return median >= (target.atLeast ?? -Infinity) && median <= (target.atMost ?? Infinity);
}

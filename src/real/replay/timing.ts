/** How far a real run was from the times of its story: what proxies, processes and disks cost. */
import type { Timing } from '../../timeline/conformance/document.js';

/**
 * How late the steps of a story were, from the lateness of each in microseconds, in any order. Of
 * an even number of steps the median is the lower of both in the middle. Undefined without steps.
 */
export function timingOf(lagsUs: readonly number[]): Timing | undefined {
  if (lagsUs.length === 0) return undefined;
  const sorted = lagsUs.map(Math.round).sort((a, b) => a - b);
  /** The least that so many of a hundred do not exceed. */
  const percentile = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1]!;
  return {
    steps: sorted.length,
    medianUs: percentile(50),
    p95Us: percentile(95),
    maxUs: sorted.at(-1)!,
  };
}

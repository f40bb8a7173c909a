/** How far a real run was from the times of its story: what proxies, processes and disks cost. */
import type { Spread } from '../../timeline/conformance/document.js';

/**
 * The spread of how late the steps of a story were, in microseconds, in any order; of an even
 * number of steps the median is the lower of both in the middle. Undefined without steps.
 */
export function spreadOf(lagsUs: readonly number[]): Spread | undefined {
  if (lagsUs.length === 0) return undefined;
  const sorted = lagsUs.map(Math.round).sort((a, b) => a - b);
  /** The least that so large a share of them do not exceed. */
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
  return {
    steps: sorted.length,
    medianUs: quantile(0.5),
    p95Us: quantile(0.95),
    maxUs: sorted.at(-1)!,
  };
}

/** Binary search, the one piece of cleverness that several checkers need. */

/** How many items at the start of the list satisfy a condition that none after them satisfies. */
export function countLeading<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

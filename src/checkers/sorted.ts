/** Search and order: the two pieces of cleverness that several checkers need. */

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

/**
 * Sorts a handful of items in place, equal ones in the order they had; answers the list.
 * `Array.prototype.sort` takes longer to begin than this takes to end.
 */
export function sortFew<T>(items: T[], compare: (a: T, b: T) => number): T[] {
  for (let at = 1; at < items.length; at++) {
    const item = items[at]!;
    let to = at;
    while (to > 0 && compare(items[to - 1]!, item) > 0) {
      items[to] = items[to - 1]!;
      to--;
    }
    items[to] = item;
  }
  return items;
}

/** Spans of one lane that overlap lie above each other: none of them hides another one. */
import { possible } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';

/** The floor of each span, sorted by their beginnings, and how many there are: at least 1. */
export function floorsOf(spans: readonly ModelSpan[]): {
  readonly floors: readonly number[];
  readonly count: number;
} {
  const freeUs: number[] = [];
  const floors = spans.map((span) => {
    const { fromUs, untilUs } = possible(span);
    let floor = freeUs.findIndex((atUs) => atUs <= fromUs);
    if (floor < 0) floor = freeUs.length;
    freeUs[floor] = untilUs;
    return floor;
  });
  return { floors, count: Math.max(1, freeUs.length) };
}

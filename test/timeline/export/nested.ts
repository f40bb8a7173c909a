/** What it means that slices nest, said once more than by who deals them out. */
import { expect } from 'vitest';
import type { ChromeEvent } from '../../../src/timeline/export/chrome.js';
import type { Stretch } from '../../../src/timeline/export/nesting.js';
import { grouped } from '../grouped.js';

const apart = (a: Stretch, b: Stretch) => a.untilUs <= b.fromUs || b.untilUs <= a.fromUs;
const inside = (a: Stretch, b: Stretch) => b.fromUs <= a.fromUs && a.untilUs <= b.untilUs;

/** Any two lie one inside the other, or apart. */
export function expectNested(stretches: readonly Stretch[]): void {
  const crossing = stretches.flatMap((a, at) =>
    stretches
      .slice(at + 1)
      .filter((b) => !apart(a, b) && !inside(a, b) && !inside(b, a))
      .map((b) => [a, b]),
  );
  expect(crossing).toEqual([]);
}

/** The slices of each thread. */
export function slicesOf(events: readonly ChromeEvent[]): Stretch[][] {
  const slices = events.filter(({ ph }) => ph === 'X');
  return grouped(slices, ({ tid }) => tid).map((own) =>
    own.map(({ ts, dur }) => ({ fromUs: ts, untilUs: ts + dur! })),
  );
}

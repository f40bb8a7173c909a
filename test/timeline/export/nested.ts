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

/** The slices of each thread; their ends to the nanosecond. */
export function slicesOf(events: readonly ChromeEvent[]): Stretch[][] {
  const slices = events.filter(({ ph }) => ph === 'X');
  return grouped(slices, ({ tid }) => tid).map((own) =>
    own.map(({ ts, dur }) => ({ fromUs: ts, untilUs: Math.round((ts + dur!) * 1_000) / 1_000 })),
  );
}

/**
 * What is drawn in each thread, and how deep, as Perfetto does it: in order of time, at one instant
 * slices first, the longest of them before others; above what has not ended, and what has no length
 * above its like (src/trace_processor/sorter/trace_sorter.h, `MaybeCloseStack` in
 * src/trace_processor/importers/common/slice_tracker.cc).
 */
export function stacksOf(events: readonly ChromeEvent[]): Drawn[][] {
  const drawn = events.filter(({ ph }) => ph === 'X' || ph === 'i');
  return grouped(drawn, ({ tid }) => tid).map((own) => {
    const inOrder = own.map(inNs).sort((a, b) => a.ns - b.ns || b.lasts - a.lasts);
    const open: (typeof inOrder)[number][] = [];
    return inOrder.map((one) => {
      const isOver = ({ ns, lasts }: { ns: number; lasts: number }) =>
        ns + lasts < one.ns || (ns + lasts === one.ns && lasts + Math.max(0, one.lasts) > 0);
      while (open.length > 0 && isOver(open.at(-1)!)) open.pop();
      open.push({ ...one, lasts: Math.max(0, one.lasts) });
      return { event: one.event, depth: open.length - 1 };
    });
  });
}

export interface Drawn {
  readonly event: ChromeEvent;
  readonly depth: number;
}

/** An instant comes behind a slice without length, and is one. */
function inNs(event: ChromeEvent) {
  const { ph, ts, dur } = event;
  return {
    event,
    ns: Math.round(ts * 1_000),
    lasts: ph === 'X' ? Math.round(dur! * 1_000) : -1,
  };
}

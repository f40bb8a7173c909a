/** The axis: order is kept, what zooms in zooms out again, and no view leaves its run. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  instantAt,
  instantAtX,
  lengthAt,
  panned,
  stepWarp,
  timeWarp,
  type View,
  viewOf,
  wholeLength,
  wholeView,
  xAt,
  zoomed,
} from '../../../src/timeline/picture/axis.js';
import { modelOf } from '../models.js';

const WIDTH = 1_000;
const model = modelOf('pause inside the write');
const warps = [timeWarp(model), stepWarp(model)] as const;
const instants = fc.integer({ min: 0, max: model.endUs });
const anyWarp = fc.constantFrom(...warps);

property.prop([anyWarp, instants, instants])('later instants lie further right', (warp, a, b) => {
  const view = wholeView(warp, WIDTH);
  if (a < b) expect(xAt(view, a)).toBeLessThan(xAt(view, b));
});

property.prop([anyWarp, instants])(
  'an instant is found again by its length and its pixel',
  (warp, at) => {
    expect(instantAt(warp, lengthAt(warp, at))).toBeCloseTo(at, 3);
    const view = wholeView(warp, WIDTH);
    expect(instantAtX(view, xAt(view, at))).toBeCloseTo(at, 1);
  },
);

const views = fc
  .tuple(
    anyWarp,
    fc.double({ min: 0, max: 0.6, noNaN: true }),
    fc.double({ min: 0.2, max: 0.4, noNaN: true }),
  )
  .map(([warp, from, size]): View => {
    const whole = wholeLength(warp);
    return viewOf(warp, WIDTH, from * whole, (from + size) * whole);
  });

property.prop([views, fc.integer({ min: 0, max: WIDTH })])(
  'zooming in and out again shows the same',
  (view, x) => {
    const back = zoomed(zoomed(view, x, 1.5), x, 1 / 1.5);
    const unit = wholeLength(view.warp) / 1e6;
    expect(Math.abs(back.from - view.from)).toBeLessThan(unit);
    expect(Math.abs(back.until - view.until)).toBeLessThan(unit);
  },
);

property.prop([views, fc.integer({ min: 0, max: WIDTH })])(
  'the instant under the pointer stays there',
  (view, x) => {
    const before = instantAtX(view, x);
    expect(xAt(zoomed(view, x, 1.2), before)).toBeCloseTo(x, 3);
  },
);

property.prop([views, fc.integer({ min: -50_000, max: 50_000 })])(
  'no view leaves its run',
  (view, by) => {
    const moved = panned(view, by);
    expect(moved.until).toBeGreaterThan(0);
    expect(moved.from).toBeLessThan(wholeLength(view.warp));
    expect(moved.until - moved.from).toBeCloseTo(view.until - view.from, 6);
  },
);

describe('the step scale', () => {
  const warp = stepWarp(model);

  test('gives every event room and cuts long gaps', () => {
    for (let index = 1; index < warp.lengths.length; index++) {
      const step = warp.lengths[index]! - warp.lengths[index - 1]!;
      expect(step).toBeGreaterThanOrEqual(14);
      expect(step).toBeLessThanOrEqual(64);
    }
  });

  test('says where it cut', () => {
    const longest = warp.breaks.reduce((a, b) =>
      b.untilUs - b.fromUs > a.untilUs - a.fromUs ? b : a,
    );
    const gaps = Array.from(warp.stopsUs.slice(1), (at, index) => at - warp.stopsUs[index]!);
    expect(longest.untilUs - longest.fromUs).toBe(Math.max(...gaps));
  });
});

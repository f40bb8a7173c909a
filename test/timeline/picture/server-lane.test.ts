/** The lane of a server: what is left of a lease by its own clock, and leases at once. */
import { describe, expect, test } from 'vitest';
import type { LineMark } from '../../../src/timeline/picture/marks.js';
import { type Story, story } from '../../checkers/history-builder.js';
import { queued } from '../../checkers/nested-records.js';
import { drawnOf, modelOfStory } from './drawn.js';

const TTL_MS = 100;
const held = () => story('A').ttl(TTL_MS).acquire('A', 0, { appliedMs: 10 });

/** What the wedge says: instants in ms, and the share of the term that is left at each. */
function wedgesOf(told: Story, server = 'r1') {
  const drawn = drawnOf(modelOfStory(told.end(200)), 0, 200);
  const [zero, one] = [drawn.x(0), drawn.x(1)];
  const wedges = drawn.lines(server).filter(({ fill }) => fill !== undefined);
  return wedges.map(({ points }: LineMark) => {
    const top = points[0]![1];
    const inner = points.slice(1, -1).map(([x, y]) => {
      return [Math.round((x - zero) / (one - zero)), (y - top) / 14] as const;
    });
    return inner.map(([atMs, share]) => [atMs, Math.round(share * 100)]);
  });
}

describe('the wedge under a lease', () => {
  test('falls from full to empty over its term', () => {
    expect(wedgesOf(held().leaseEnd('A', 110, 'expired'))).toEqual([
      [
        [10, 100],
        [110, 0],
      ],
    ]);
  });

  test('ends with what was left where its lease ends before its time', () => {
    expect(wedgesOf(held().release('A', 60, { appliedMs: 60 }))).toEqual([
      [
        [10, 100],
        [60, 50],
      ],
    ]);
  });

  test('is full again from each extension on', () => {
    const told = held().renew('A', 50, { appliedMs: 60 }).leaseEnd('A', 160, 'expired');
    expect(wedgesOf(told).toSorted((a, b) => a[0]![0]! - b[0]![0]!)).toEqual([
      [
        [10, 100],
        [60, 50],
      ],
      [
        [60, 100],
        [160, 0],
      ],
    ]);
  });

  test('falls off a cliff where the clock of the server steps forward', () => {
    const told = held().clock('r1', 'wall', 30, 100).leaseEnd('A', 40, 'expired');
    expect(wedgesOf(told)).toEqual([
      [
        [10, 100],
        [30, 80],
        [30, 10],
        [40, 0],
      ],
    ]);
  });

  test('is never more than full, however far the clock steps back', () => {
    const told = held().clock('r1', 'wall', 30, 0).leaseEnd('A', 140, 'expired');
    expect(wedgesOf(told)).toEqual([
      [
        [10, 100],
        [30, 80],
        [30, 100],
        [40, 100],
        [140, 0],
      ],
    ]);
  });

  test('falls steeper where the clock of the server is fast', () => {
    const told = held().clock('r1', 'wall', 10, 10, 1_000_000).leaseEnd('A', 60, 'expired');
    expect(wedgesOf(told)).toEqual([
      [
        [10, 100],
        [60, 0],
      ],
    ]);
  });

  test('of a server with sessions follows the clock that nobody sets', () => {
    const told = () => story('A').servers('e1').ttl(TTL_MS).acquire('A', 0, { appliedMs: 10 });
    const stepped = told().clock('e1', 'wall', 30, 100).leaseEnd('A', 110, 'expired');
    const plain = [
      [
        [10, 100],
        [110, 0],
      ],
    ];
    expect(wedgesOf(stepped, 'e1')).toEqual(plain);
    const fast = told().clock('e1', 'mono', 10, 10, 1_000_000).leaseEnd('A', 60, 'expired');
    expect(wedgesOf(fast, 'e1')).toEqual([
      [
        [10, 100],
        [60, 0],
      ],
    ]);
  });
});

describe('leases at once', () => {
  const both = story('A', 'B').acquire('A', 0, { key: 'a' }).acquire('B', 5, { key: 'b' });

  test('lie above each other', () => {
    const drawn = drawnOf(modelOfStory(both.end(50)), 0, 50);
    const bars = drawn.bars('r1').toSorted((a, b) => a.y - b.y);
    expect(bars.map(({ fill }) => fill)).toEqual(['c1', 'c2']);
    expect(bars[0]!.y + bars[0]!.height).toBeLessThan(bars[1]!.y);
    const wedges = drawn.lines('r1').filter(({ fill }) => fill !== undefined);
    const floors = wedges.map(({ points }) => Math.min(...points.map(([, y]) => y)));
    expect(Math.max(...floors)).toBeGreaterThan(bars[1]!.y + bars[1]!.height);
    expect(Math.min(...floors)).toBeLessThan(bars[1]!.y);
  });

  test('one after the other share the whole lane', () => {
    const told = story('A', 'B').acquire('A', 0).release('A', 10).acquire('B', 20).end(50);
    const bars = drawnOf(modelOfStory(told), 0, 50).bars('r1');
    expect(new Set(bars.map(({ y }) => y)).size).toBe(1);
  });

  test('that are places in a queue are hollow until it is their turn', () => {
    const told = story('A', 'B')
      .acquire('A', 0, { appliedMs: 1, endMs: 2 })
      .add(queued('A1', 1, 'enqueued'))
      .acquire('B', 5, { appliedMs: 6, endMs: 22 })
      .add(queued('B1', 6, 'enqueued'))
      .leaseEnd('A', 20, 'deleted')
      .add(queued('A1', 20, 'left'))
      .end(50);
    const model = modelOfStory(told);
    const drawn = drawnOf(model, 0, 50);
    const hollow = drawn.bars('r1').filter(({ fill }) => fill === 'bg');
    expect(hollow).toHaveLength(1);
    expect(hollow[0]).toMatchObject({ x: drawn.x(6), stroke: 'c2' });
    expect(hollow[0]!.x + hollow[0]!.width).toBeCloseTo(drawn.x(20));
    expect(drawn.texts).toContain('B waits');
  });
});

/** Lanes have what they are there for: one look at each kind of mark. */
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/fault.js';
import { write } from '../../checkers/access-records.js';
import { REDLOCK } from '../../checkers/canonical-stories.js';
import { story } from '../../checkers/history-builder.js';
import { drawnOf, modelOfStory } from './drawn.js';

describe('the lane of the resource', () => {
  const told = story('A', 'B')
    .fenced()
    .acquire('A', 0, { fencingToken: 33 })
    .leaseEnd('A', 5, 'expired')
    .acquire('B', 6, { fencingToken: 34 })
    .add(write(2, 'B', 10, { fencingToken: 34 }))
    .add(write(1, 'A', 12, { fencingToken: 33, accepted: false }));
  const drawn = drawnOf(modelOfStory(told.end(20)), 0, 20);
  const { y, height } = drawn.lane('store');

  test('has a diamond for each access, hollow where it was refused, at the height of its token', () => {
    const diamonds = drawn.marks.flatMap((mark) =>
      mark.type === 'icon' && mark.icon === 'diamond' ? [mark] : [],
    );
    expect(diamonds).toMatchObject([
      { x: drawn.x(10), y: y + 8, hollow: false, fill: 'c2' },
      { x: drawn.x(12), y: y + height - 8, hollow: true, fill: 'c1' },
    ]);
    expect(drawn.texts).toEqual(expect.arrayContaining(['B writes 34', 'A refused 33']));
  });

  test('has the ratchet of the highest token, from the access that raised it', () => {
    const [ratchet] = drawn.lines('store').filter(({ stroke }) => stroke === 'muted');
    expect(ratchet?.points).toEqual([
      [drawn.x(10), y + 8],
      [1_000, y + 8],
    ]);
  });
});

describe('the lane of the majority', () => {
  const told = story('A', 'B')
    .servers(...REDLOCK)
    .acquire('A', 0, { on: ['r1', 'r2', 'r3'], appliedMs: 5 });
  const drawn = drawnOf(modelOfStory(told.end(20)), 0, 15);
  const { y, height } = drawn.lane('majority');
  const level = (count: number) => y + height - 2 - (count / 5) * (height - 4);

  test('has a ribbon as high as the servers that a client has', () => {
    const [ribbon] = drawn.lines('majority').filter(({ fill }) => fill === 'c1');
    expect(ribbon?.points[0]).toEqual([drawn.x(5), level(0)]);
    expect(ribbon?.points.slice(-2)).toEqual([
      [1_000, level(3)],
      [1_000, level(0)],
    ]);
  });

  test('has a line at what it takes to hold', () => {
    const [line] = drawn.lines('majority').filter(({ stroke }) => stroke === 'ink');
    expect(line?.points).toEqual([
      [0, level(3)],
      [1_000, level(3)],
    ]);
  });
});

test('the end of a wait on several servers has a cell for each, full where it granted', () => {
  const told = story('A')
    .servers(...REDLOCK)
    .acquire('A', 0, { on: ['r1', 'r2', 'r4'], appliedMs: 5, endMs: 8 });
  const cells = drawnOf(modelOfStory(told.end(20)), 0, 20)
    .bars('A')
    .filter(({ width }) => width === 5);
  expect(cells.map(({ fill }) => fill)).toEqual(['c1', 'c1', 'bg', 'c1', 'bg']);
});

test('a clock that is set ticks at its own seconds, and a zigzag says by how much', () => {
  const told = story('A').acquire('A', 0).clock('r1', 'wall', 2_500, 7_500).end(5_000);
  const drawn = drawnOf(modelOfStory(told), 0, 5_000);
  const ticks = drawn.lines('r1').filter(({ stroke }) => stroke === 'muted');
  const seconds = ticks.map(({ points }) => Math.round(points[0]![0] / drawn.x(1_000)));
  expect(seconds).toEqual([1, 2, 3, 3, 4, 5].filter((_, at) => at < ticks.length));
  expect(ticks.length).toBeGreaterThanOrEqual(4);
  expect(drawn.texts).toContain('clock +5 s');
});

describe('a partition', () => {
  const cut = (direction: 'both' | 'to-server' | 'to-client'): Fault => ({
    id: 'f1',
    class: 'partition',
    at: { atUs: 5_000 },
    client: 'A',
    server: 'r2',
    direction,
    durationUs: 10_000,
  });
  const drawnUnder = (fault: Fault) => {
    const edge = { type: 'fault', fault: 'f1', class: 'partition' } as const;
    const told = story('A', 'B')
      .servers('r1', 'r2')
      .acquire('A', 0)
      .add({ ...edge, atUs: 5_000, edge: 'start' })
      .add({ ...edge, atUs: 15_000, edge: 'end' })
      .end(20);
    return drawnOf(modelOfStory(told, [fault]), 0, 20);
  };
  const drawn = drawnUnder(cut('both'));
  const isOfIt = ({ ref }: { ref?: unknown }) => JSON.stringify(ref) === '{"fault":0}';

  test('is a wall in the lanes of both sides, and covers no other lane', () => {
    for (const name of ['A', 'r2']) {
      const [wall, ...more] = drawn.bars(name).filter(isOfIt);
      expect(wall).toMatchObject({ x: drawn.x(5), width: drawn.x(15) - drawn.x(5) });
      expect(more.every(({ fill }) => fill === 'panel')).toBe(true);
      const { y, height } = drawn.lane(name);
      expect(wall!.y).toBeGreaterThanOrEqual(y);
      expect(wall!.y + wall!.height).toBeLessThanOrEqual(y + height);
    }
    for (const name of ['B', 'r1']) expect(drawn.bars(name).filter(isOfIt)).toEqual([]);
  });

  test('has a thin line from side to side at its beginning and its end', () => {
    const [a, r2] = [drawn.lane('A'), drawn.lane('r2')];
    const links = drawn.marks.flatMap((mark) =>
      mark.type === 'line' && mark.strokeWidth === 1 && isOfIt(mark) ? [mark.points] : [],
    );
    expect(links).toEqual(
      [5, 15].map((atMs) => [
        [drawn.x(atMs), a.y + a.height],
        [drawn.x(atMs), r2.y],
      ]),
    );
  });

  test('says whom it separates, and which way if it is only one', () => {
    expect(drawn.texts).toContain('partition A ∥ r2, 10 ms');
    expect(drawnUnder(cut('to-server')).texts).toContain('partition A → r2, 10 ms');
    expect(drawnUnder(cut('to-client')).texts).toContain('partition r2 → A, 10 ms');
  });
});

test('what lasts hardly any time is two pixels wide', () => {
  const told = story('A').acquire('A', 0).enter('A', 2).exit('A', 2.001).end(10_000);
  const [section] = drawnOf(modelOfStory(told), 0, 10_000)
    .bars('A')
    .filter(({ fill }) => fill === 'ink');
  expect(section?.width).toBe(2);
});

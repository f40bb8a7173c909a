/** Uncertain ends: told apart by their marks, and never taken for what is sure. */
import { describe, expect, test } from 'vitest';
import type { TraceModel } from '../../../src/timeline/model.js';
import { stepWarp, timeWarp, viewOf, wholeView, xAt } from '../../../src/timeline/picture/axis.js';
import { lanesOf } from '../../../src/timeline/picture/lanes.js';
import type { Mark } from '../../../src/timeline/picture/marks.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { boundedModelOf } from '../bounded.js';
import { modelOf } from '../models.js';

const STORY = 'pause inside the write';
const SLACK = { before: 300, after: 500 };
const measure = (text: string, size: number) => text.length * size * 0.55;

/** Around the beginning of the first hold: a pixel is 5 µs. */
function drawn(model: TraceModel) {
  const [held] = model.spansOf('held');
  const from = held!.fromUs - 1_000;
  const view = viewOf(timeWarp(model), 1_000, from, from + 5_000);
  const lanes = lanesOf(model, 'large');
  const { marks } = pictureOf(new Scene(model), { view, lanes, measure, rest });
  const truth = marks.filter((mark) => isIn(mark, lanes[0]!.y, lanes[0]!.height, held!.by));
  return { truth, x: (atUs: number) => xAt(view, atUs), fromUs: held!.fromUs, marks };
}

function isIn(mark: Mark, y: number, height: number, row: number): boolean {
  if (mark.ref === undefined || !('row' in mark.ref) || mark.ref.row !== row) return false;
  const at = mark.type === 'line' ? mark.points[0]![1] : mark.y;
  return at >= y && at < y + height;
}

describe('of a run within bounds', () => {
  const { truth, x, fromUs } = drawn(boundedModelOf(STORY, SLACK));
  const [earliest, latest] = [x(fromUs - SLACK.before), x(fromUs + SLACK.after)];

  test('a hold is full only from its latest beginning on', () => {
    const full = truth.filter((mark) => mark.type === 'rect' && mark.opacity === undefined);
    expect(full).toHaveLength(1);
    expect(full[0]).toMatchObject({ x: latest });
  });

  test('a faint bar and a whisker reach to the earliest', () => {
    const faint = truth.find((mark) => mark.type === 'rect' && mark.opacity !== undefined);
    expect(faint).toMatchObject({ x: earliest, width: latest - earliest });
    const lines = truth.flatMap((mark) => (mark.type === 'line' ? [mark.points] : []));
    expect(lines.map((points) => points.map(([at]) => at))).toEqual([
      [latest, earliest],
      [earliest, earliest],
    ]);
  });

  test('an unfounded belief lasted so long at least', () => {
    const wordsOf = (model: TraceModel) => {
      const view = wholeView(stepWarp(model), 4_000);
      const lanes = lanesOf(model, 'large');
      const { marks } = pictureOf(new Scene(model), { view, lanes, measure, rest });
      const texts = marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : []));
      return texts.filter((text) => text.startsWith('unfounded'));
    };
    // Less what its lease may have lasted longer, and what its belief may have ended earlier.
    expect(wordsOf(modelOf(STORY))).toEqual(['unfounded 2.5 ms']);
    expect(wordsOf(boundedModelOf(STORY, SLACK))).toEqual(['unfounded ≥ 1.7 ms']);
  });
});

test('of an exact run everything is full, and nothing has whiskers', () => {
  const { truth, x, fromUs } = drawn(modelOf(STORY));
  const shapes = truth.filter(({ type }) => type !== 'text');
  expect(shapes).toHaveLength(1);
  expect(shapes[0]).toMatchObject({ type: 'rect', x: x(fromUs) });
  expect(shapes[0]?.opacity).toBeUndefined();
});

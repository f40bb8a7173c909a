/** Pictures, as marks: what has to be seen is there, and nothing is where it cannot be. */
import { describe, expect, test } from 'vitest';
import { span } from '../../../src/story/words.js';
import { svgOf } from '../../../src/timeline/export/svg.js';
import { TraceModel } from '../../../src/timeline/model.js';
import {
  stepWarp,
  timeWarp,
  type View,
  viewOf,
  wholeView,
} from '../../../src/timeline/picture/axis.js';
import { heightOf, lanesOf } from '../../../src/timeline/picture/lanes.js';
import type { Mark } from '../../../src/timeline/picture/marks.js';
import { PALETTES } from '../../../src/timeline/picture/paints.js';
import { needsRest, type Picture, pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { traceFile } from '../../../src/timeline/write.js';
import { story } from '../../checkers/history-builder.js';
import { STORIES } from '../../story/stories.js';
import { traceOf } from '../../story/telling.js';
import { modelOf } from '../models.js';

const measure = (text: string, size: number) => text.length * size * 0.55;

function drawn(model: TraceModel, view: View = wholeView(stepWarp(model), 1_000)): Picture {
  return pictureOf(new Scene(model), { view, lanes: lanesOf(model, 'large'), measure, rest });
}

const rowsIn = (marks: readonly Mark[]) =>
  new Set(marks.flatMap(({ ref }) => (ref !== undefined && 'row' in ref ? [ref.row] : [])));

describe.each(STORIES.map(({ name }) => name))('%s', (name) => {
  const model = modelOf(name);

  test('is drawn on both scales, with numbers that are numbers', () => {
    for (const warp of [timeWarp(model), stepWarp(model)]) {
      const { marks, height } = drawn(model, wholeView(warp, 1_000));
      expect(marks.length).toBeGreaterThan(5);
      const text = JSON.stringify(marks);
      expect(text).not.toContain('null');
      expect(height).toBe(heightOf(lanesOf(model, 'large')));
    }
  });

  test('shows every section and every belief as a mark that can be chosen', () => {
    const rows = rowsIn(drawn(model).marks);
    for (const kind of ['section', 'belief', 'held'] as const) {
      for (const { by } of model.spansOf(kind)) expect(rows).toContain(by);
    }
  });

  test('has a flag for its violation, and none before the answer to a question', () => {
    const isFlag = ({ ref }: Mark) => ref !== undefined && 'violation' in ref;
    expect(drawn(model).marks.some(isFlag)).toBe(true);
    const view = wholeView(stepWarp(model), 1_000);
    const options = { view, lanes: lanesOf(model, 'large'), measure, withoutVerdicts: true, rest };
    expect(pictureOf(new Scene(model), options).marks.some(isFlag)).toBe(false);
  });
});

test('two holders are two bars above each other in the lane of the truth', () => {
  const told = story('A', 'B').acquire('A', 0).acquire('B', 5).end(20);
  const trace = { ...traceOf(told), digest: 'd' };
  const model = new TraceModel(traceFile(trace, [], '0.1.0'));
  const lanes = lanesOf(model, 'large');
  const [truth] = lanes;
  const held = new Set(model.spansOf('held').map(({ by }) => by));
  const bars = drawn(model).marks.flatMap((mark) =>
    mark.type === 'rect' && mark.ref !== undefined && 'row' in mark.ref && held.has(mark.ref.row)
      ? [mark]
      : [],
  );
  const inTruth = bars.filter(({ y }) => y >= truth!.y && y < truth!.y + truth!.height);
  expect(new Set(inTruth.map(({ y }) => y)).size).toBe(2);
});

test('unfounded belief is told by its texture, a pause by another one', () => {
  const textures = drawn(modelOf('pause inside the write')).marks.flatMap((mark) =>
    mark.type === 'rect' && mark.texture !== undefined ? [mark.texture] : [],
  );
  expect(new Set(textures)).toEqual(new Set(['unfounded', 'paused']));
});

describe('what is not in every run', () => {
  const plain = story('A', 'B').acquire('A', 0).enter('A', 2).exit('A', 4).release('A', 5).end(20);
  const calm = new TraceModel(traceFile({ ...traceOf(plain), digest: 'd' }, [], '0.1.0'));

  test('is not needed by a run that has none of it: its picture is the same', () => {
    expect(needsRest(calm)).toBe(false);
    const options = { view: wholeView(stepWarp(calm), 1_000), lanes: lanesOf(calm, 'large') };
    const bare = pictureOf(new Scene(calm), { ...options, measure, rest: undefined });
    expect(bare.marks.length).toBeGreaterThan(5);
    expect(bare).toEqual(drawn(calm));
  });

  test.each(STORIES.map(({ name }) => name))('is needed by: %s', (name) => {
    expect(needsRest(modelOf(name))).toBe(true);
  });
});

describe('flags of violations', () => {
  const broken = modelOf('pause inside the write');
  const [first] = broken.file.violations;
  const many = (count: number) => {
    const violations = Array.from({ length: count }, (_, at) => ({
      ...first!,
      property: `property-${at}`,
    }));
    return new TraceModel({ ...broken.file, violations });
  };
  const flags = (model: TraceModel) =>
    drawn(model).marks.flatMap((mark) =>
      mark.type === 'text' && mark.text.startsWith('property-') ? [mark] : [],
    );

  test('of the same instant stand above each other, and none is left out', () => {
    const [one, two] = flags(many(2));
    expect(new Set([one?.text, two?.text]).size).toBe(2);
    expect(Math.abs(one!.y - two!.y)).toBeGreaterThanOrEqual(18);
    const lowest = Math.max(one!.y, two!.y);
    expect(lowest).toBeLessThan(lanesOf(many(2), 'large')[0]!.y);
  });

  test('of which there are too many for the rows are still lines', () => {
    const model = many(6);
    expect(flags(model)).toHaveLength(3);
    const lines = drawn(model).marks.filter(
      ({ type, ref }) => type === 'line' && ref !== undefined && 'violation' in ref,
    );
    expect(new Set(lines.map(({ ref }) => JSON.stringify(ref))).size).toBe(6);
  });
});

test('the numbers of a chain stand beside each other, also those of one instant', () => {
  const model = modelOf('pause inside the write');
  const rows = Array.from({ length: model.rows }, (_, row) => row);
  const { marks } = pictureOf(new Scene(model), {
    view: wholeView(stepWarp(model), 600),
    lanes: lanesOf(model, 'compact'),
    measure,
    rest,
    explained: { violation: 0, rows },
  });
  const circles = marks.flatMap((mark) =>
    mark.type === 'icon' && mark.icon === 'circle' ? [mark] : [],
  );
  expect(circles.length).toBe(rows.length);
  for (const [at, one] of circles.entries()) {
    for (const other of circles.slice(at + 1)) {
      const apart = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));
      expect(apart).toBeGreaterThanOrEqual(one.size);
    }
  }
});

test('where time was cut it says how much, behind all that stands in the lanes', () => {
  const model = modelOf('pause inside the write');
  const view = wholeView(stepWarp(model), 4_000);
  const { marks } = drawn(model, view);
  const texts = marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : []));
  for (const { fromUs, untilUs } of view.warp.breaks)
    expect(texts).toContain(span(untilUs - fromUs));
  const strokes = marks.flatMap((mark, at) =>
    mark.type === 'line' && mark.ref === undefined && mark.dash !== undefined ? [at] : [],
  );
  const bars = marks.flatMap(({ ref }, at) => (ref !== undefined && 'row' in ref ? [at] : []));
  expect(strokes.length).toBeGreaterThan(0);
  expect(Math.max(...strokes)).toBeLessThan(Math.min(...bars));
});

test('a view of a part has nothing far outside of it', () => {
  const model = modelOf('pause inside the write');
  const warp = stepWarp(model);
  const { marks } = drawn(model, viewOf(warp, 1_000, 100, 200));
  const bars = marks.filter((mark) => mark.type === 'rect');
  for (const { x, width } of bars) {
    expect(x).toBeGreaterThanOrEqual(-4);
    expect(x + width).toBeLessThanOrEqual(1_005);
  }
});

test('the SVG has an element for each mark', () => {
  const model = modelOf('late write');
  const picture = drawn(model);
  const svg = svgOf(picture, lanesOf(model, 'large'), PALETTES.light, model.file.meta.title);
  const texts = picture.marks.filter(({ type }) => type === 'text').length;
  const heads = lanesOf(model, 'large').length;
  expect(svg.match(/<text /g)).toHaveLength(texts + heads);
  const icons = picture.marks.filter(({ type }) => type === 'icon').length;
  expect(svg.match(/transform="translate/g)).toHaveLength(icons);
});

/** What is explained keeps its strength, and words can always be read. */
import { describe, expect, test } from 'vitest';
import { chainOf, type Violation } from '../../../src/timeline/derive/chain.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { stepWarp, wholeView } from '../../../src/timeline/picture/axis.js';
import { lanesOf } from '../../../src/timeline/picture/lanes.js';
import type { Mark } from '../../../src/timeline/picture/marks.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { modelOf } from '../models.js';
import { measure } from './drawn.js';

/** Pictures of a story: as it is, and with its violation explained. */
function both(story: string, rowsOf?: (violation: Violation) => number[]) {
  const { file } = modelOf(story);
  const [first] = file.violations;
  const violation = rowsOf === undefined ? first! : { ...first!, witness: rowsOf(first!) };
  const model = new TraceModel({ ...file, violations: [violation] });
  const options = {
    view: wholeView(stepWarp(model), 2_000),
    lanes: lanesOf(model, 'large'),
    measure,
    rest,
  };
  const rows = rowsOf?.(first!) ?? chainOf(model, violation);
  const scene = new Scene(model);
  const { marks } = pictureOf(scene, { ...options, explained: { violation: 0, rows } });
  return { model, rows, plain: pictureOf(scene, options).marks, marks, lanes: options.lanes };
}

const isFaint = ({ opacity = 1 }: Mark) => opacity < 0.5;
const isOf =
  (row: number) =>
  ({ ref }: Mark) =>
    ref !== undefined && 'row' in ref && ref.row === row;

describe.each(['pause inside the write', 'server clock step'])('of: %s', (story) => {
  const { model, rows, plain, marks } = both(story);
  const bars = marks.filter(({ type }) => type === 'rect');

  test('the truth of both holders and their beliefs stay, the unfounded one too', () => {
    const spans = [...model.spansOf('held'), ...model.spansOf('belief')];
    expect(spans).toHaveLength(4);
    for (const { by } of spans) expect(bars.filter(isOf(by)).filter(isFaint)).toEqual([]);
    const hatched = bars.filter((mark) => mark.type === 'rect' && mark.texture === 'unfounded');
    expect(hatched.length).toBeGreaterThan(0);
    expect(hatched.filter(isFaint)).toEqual([]);
  });

  test('a lease whose end is a step of it stays', () => {
    const ends = rows.filter((row) => model.record(row).type === 'lease-end');
    expect(ends.length).toBeGreaterThan(0);
    for (const row of ends) {
      const [lease] = model.spansOf('lease').filter((one) => one.untilUs === model.atUs[row]);
      expect(bars.filter(isOf(lease!.by)).filter(isFaint)).toEqual([]);
    }
  });

  test('words are never fainter, and none in the paint of the ground is on a faint bar', () => {
    const texts = (all: readonly Mark[]) =>
      all.flatMap((mark) => (mark.type === 'text' ? [mark.opacity] : []));
    expect(texts(marks).every((opacity) => opacity === undefined)).toBe(true);
    expect(texts(marks).length).toBeGreaterThanOrEqual(texts(plain).length);
    const faint = new Set(bars.filter(isFaint).map(({ ref }) => JSON.stringify(ref)));
    const onFaint = marks.filter(({ type, ref }) => {
      return type === 'text' && ref !== undefined && faint.has(JSON.stringify(ref));
    });
    for (const mark of onFaint) expect(mark).not.toMatchObject({ fill: 'onFill' });
  });
});

test('what has no part in it steps back', () => {
  const { model, marks } = both('pause inside the write', ({ witness }) => witness.slice(0, 1));
  const host = model.host[model.file.violations[0]!.witness[0]!];
  const others = model.spansOf('held').filter((one) => one.host !== host);
  expect(others).toHaveLength(1);
  const bars = marks.filter(isOf(others[0]!.by)).filter(({ type }) => type === 'rect');
  expect(bars.length).toBeGreaterThan(0);
  expect(bars.every(isFaint)).toBe(true);
});

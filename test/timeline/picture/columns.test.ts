/** Columns: what weighs most is never averaged away. */
import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { stepWarp, timeWarp, viewOf, wholeView } from '../../../src/timeline/picture/axis.js';
import { drawColumns } from '../../../src/timeline/picture/columns.js';
import { Scene, Track } from '../../../src/timeline/picture/scene.js';
import { Sheet } from '../../../src/timeline/picture/sheet.js';
import { modelOf } from '../models.js';

const model = modelOf('pause inside the write');
const scene = new Scene(model);
const trackOf = (instants: readonly number[]) =>
  new Track(instants.toSorted((a, b) => a - b).map((atUs) => ({ fromUs: atUs, untilUs: atUs })));
const at = fc.integer({ min: 0, max: model.endUs });

property.prop([fc.array(at, { maxLength: 500 }), at])(
  'one violation among many is a column still',
  (others, violationUs) => {
    const view = viewOf(timeWarp(model), 300, 0, model.endUs);
    const sheet = new Sheet(scene, view, [], () => 0);
    drawColumns(sheet, 0, 10, [
      { track: trackOf(others), paint: 'c1' },
      { track: trackOf([violationUs]), paint: 'violation' },
    ]);
    const [mark] = sheet.marks;
    if (mark?.type !== 'columns') throw new Error('columns draw one mark');
    expect(mark.paints).toEqual(['c1', 'violation']);
    const columnsOf = (code: number) =>
      [...mark.columns].flatMap((one, x) => (one === code ? [x] : []));
    // What falls on the edge of two columns may be in both.
    const touches = (x: number, atUs: number) => x <= sheet.x(atUs) && sheet.x(atUs) <= x + 1;
    const violations = columnsOf(2);
    expect(violations).toContain(Math.min(Math.floor(sheet.x(violationUs)), 299));
    for (const x of violations) expect(touches(x, violationUs)).toBe(true);
    for (const x of columnsOf(1)) expect(others.some((atUs) => touches(x, atUs))).toBe(true);
    const drawn = new Set([...columnsOf(1), ...violations]);
    for (const atUs of others) expect(drawn).toContain(Math.min(Math.floor(sheet.x(atUs)), 299));
  },
);

property.prop([at])('a stretch outside of the view leaves no column', (fromUs) => {
  const warp = stepWarp(model);
  const view = wholeView(warp, 100);
  const sheet = new Sheet(scene, view, [], () => 0);
  drawColumns(sheet, 0, 10, [{ track: trackOf([model.endUs * 3 + fromUs]), paint: 'c1' }]);
  const [mark] = sheet.marks;
  expect(mark?.type === 'columns' && mark.columns.every((code) => code === 0)).toBe(true);
});

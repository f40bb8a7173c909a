/** Columns: what weighs most is never averaged away. */
import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { stepWarp, timeWarp, viewOf, wholeView } from '../../../src/timeline/picture/axis.js';
import { drawColumns } from '../../../src/timeline/picture/columns.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { Sheet } from '../../../src/timeline/picture/sheet.js';
import { modelOf } from '../models.js';

const model = modelOf('pause inside the write');
const scene = new Scene(model);
const at = fc.integer({ min: 0, max: model.endUs });

property.prop([fc.array(at, { maxLength: 500 }), at])(
  'one violation among many is a column still',
  (others, violationUs) => {
    const view = viewOf(timeWarp(model), 300, 0, model.endUs);
    const sheet = new Sheet(scene, view, [], () => 0);
    const item = (fromUs: number) => ({ fromUs, untilUs: fromUs });
    drawColumns(sheet, 0, 10, [
      { items: others.map(item), paint: 'c1' },
      { items: [item(violationUs)], paint: 'violation' },
    ]);
    const [mark] = sheet.marks;
    if (mark?.type !== 'columns') throw new Error('columns draw one mark');
    expect(mark.paints).toEqual(['c1', 'violation']);
    expect([...mark.columns].filter((code) => code === 2)).toHaveLength(1);
    const covered = new Set(others.map((atUs) => Math.floor(sheet.x(atUs))));
    const drawn = [...mark.columns].flatMap((code, x) => (code > 0 ? [x] : []));
    expect(new Set(drawn)).toEqual(covered.add(Math.floor(sheet.x(violationUs))));
  },
);

property.prop([at])('a stretch outside of the view leaves no column', (fromUs) => {
  const warp = stepWarp(model);
  const view = wholeView(warp, 100);
  const sheet = new Sheet(scene, view, [], () => 0);
  const item = { fromUs: model.endUs * 3 + fromUs, untilUs: model.endUs * 3 + fromUs };
  drawColumns(sheet, 0, 10, [{ items: [item], paint: 'c1' }]);
  const [mark] = sheet.marks;
  expect(mark?.type === 'columns' && mark.columns.every((code) => code === 0)).toBe(true);
});

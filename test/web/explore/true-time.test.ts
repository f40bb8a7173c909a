/** True time: all that happens fills the page, and what broke stands in its middle. */
import { expect, test } from 'vitest';
import { TraceModel } from '../../../src/timeline/model.js';
import { timeWarp, wholeView, xAt } from '../../../src/timeline/picture/axis.js';
import { ExploreState } from '../../../web/src/explore/explore-state.js';
import { story } from '../../checkers/history-builder.js';
import { modelOf } from '../../timeline/models.js';
import { drawnOf, modelOfStory } from '../../timeline/picture/drawn.js';

test('the whole run ends with its last event, however long it goes on', () => {
  const model = modelOfStory(story('A').acquire('A', 0).release('A', 99).end(30_000));
  const view = wholeView(timeWarp(model), 1_000);
  expect(xAt(view, 100_000)).toBeGreaterThan(970);
  expect(xAt(view, 100_000)).toBeLessThanOrEqual(1_000);
});

test('where the run ends there is a line that says so', () => {
  const drawn = drawnOf(modelOfStory(story('A').acquire('A', 0).end(500)), 0, 520);
  const ends = drawn.marks.filter(
    (mark) => mark.type === 'line' && mark.points.every(([x]) => x === drawn.x(500)),
  );
  expect(ends).toHaveLength(1);
  expect(drawn.texts).toContain('end');
});

test('on the way to true time the violation comes to the middle', () => {
  const { file } = modelOf('server clock step');
  const model = new TraceModel({ ...file, meta: { ...file.meta, endUs: 3 * file.meta.endUs } });
  const brokenUs = Math.max(...model.file.violations[0]!.witness.map((row) => model.atUs[row]!));
  const state = new ExploreState(model);
  state.showAll();
  state.setAxis('time');
  expect(xAt(state.view.value, brokenUs) / state.view.value.width).toBeCloseTo(0.5);
});

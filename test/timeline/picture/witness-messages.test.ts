/** A violation among too many messages for a line each: those that it is about are drawn. */
import { expect, test } from 'vitest';
import { causesOf } from '../../../src/timeline/derive/chain.js';
import { type ModelMessage, TraceModel } from '../../../src/timeline/model.js';
import { stepWarp, wholeView } from '../../../src/timeline/picture/axis.js';
import { lanesOf } from '../../../src/timeline/picture/lanes.js';
import { ALL_LAYERS } from '../../../src/timeline/picture/layers.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { MANY } from '../../../src/timeline/picture/sheet.js';
import { brokenRun } from '../../browser/runs.js';

const measure = (text: string) => text.length * 6;

/** A run that breaks, with each message many times, a little later: copies belong to no record. */
async function crowded(): Promise<TraceModel> {
  const { model } = await brokenRun();
  const copies = Array.from({ length: MANY }, (_, n): ModelMessage[] =>
    model.messages.map((one) => ({
      ...one,
      sentAtUs: one.sentAtUs + n * 0.001,
      endedAtUs: one.endedAtUs + n * 0.001,
    })),
  );
  const messages = copies
    .flat()
    .sort((a, b) => a.sentAtUs - b.sentAtUs)
    .map((one, index) => ({ ...one, index }));
  return Object.assign(new TraceModel(model.file), { messages });
}

function drawnIn(model: TraceModel, options: object = {}): ModelMessage[] {
  const { marks } = pictureOf(new Scene(model), {
    view: wholeView(stepWarp(model), 1_000),
    lanes: lanesOf(model, 'large'),
    measure,
    rest,
    ...options,
  });
  const indices = marks.flatMap(({ ref }) =>
    ref !== undefined && 'message' in ref ? [ref.message] : [],
  );
  return [...new Set(indices)].map((index) => model.messages[index]!);
}

test('they are those of its records and of what caused them, and no others', async () => {
  const model = await crowded();
  const rows = new Set(model.file.violations.flatMap((one) => [...causesOf(model, one)]));
  const isOf = (host: number, atUs: number) =>
    [...rows].some((row) => model.host[row] === host && model.atUs[row] === atUs);
  const drawn = drawnIn(model);
  expect(drawn.length).toBeGreaterThan(1);
  expect(drawn.length).toBeLessThan(MANY);
  for (const { from, to, sentAtUs, endedAtUs } of drawn) {
    expect(isOf(from, sentAtUs) || isOf(to, endedAtUs)).toBe(true);
  }
});

test('while one violation is explained they are its own', async () => {
  const model = await crowded();
  const all = drawnIn(model).length;
  const counts = model.file.violations.map(
    (_, violation) => drawnIn(model, { explained: { violation, rows: [] } }).length,
  );
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.min(...counts)).toBeLessThan(all);
});

test('none is drawn without messages, and none that would tell of a verdict', async () => {
  const model = await crowded();
  const layers = new Set([...ALL_LAYERS].filter((layer) => layer !== 'messages'));
  expect(drawnIn(model, { layers })).toEqual([]);
  expect(drawnIn(model, { withoutVerdicts: true })).toEqual([]);
});

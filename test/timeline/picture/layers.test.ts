/** Layers: what is left out leaves nothing behind, and what stays is drawn as before. */
import { describe, expect, test } from 'vitest';
import { stepWarp, wholeView } from '../../../src/timeline/picture/axis.js';
import { lanesOf } from '../../../src/timeline/picture/lanes.js';
import { ALL_LAYERS, LAYERS, type Layer } from '../../../src/timeline/picture/layers.js';
import type { Mark } from '../../../src/timeline/picture/marks.js';
import { type Picture, pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { brokenRun } from '../../browser/runs.js';
import { modelOf } from '../models.js';

const { model } = await brokenRun();
const fenced = modelOf('fencing token lower than an earlier one');
const measure = (text: string, size: number) => text.length * size * 0.55;

function drawn(layers: readonly Layer[], of = model): Picture {
  const chosen = new Set(layers);
  const view = wholeView(stepWarp(of), 4_000);
  const lanes = lanesOf(of, 'large', chosen);
  return pictureOf(new Scene(of), {
    view,
    lanes,
    measure,
    layers: chosen,
    withoutVerdicts: true,
    rest,
  });
}

/** The rows of spans of a kind that stand in a picture. */
function drawnOf(kind: 'belief' | 'section' | 'lease', { marks }: Picture): number[] {
  const opened = new Set(model.spansOf(kind).map(({ by }) => by));
  return marks.flatMap(({ ref }) =>
    ref !== undefined && 'row' in ref && opened.has(ref.row) ? [ref.row] : [],
  );
}

const isMessage = ({ ref }: Mark) => ref !== undefined && 'message' in ref;
const isPause = (mark: Mark) => mark.type === 'rect' && mark.texture === 'paused';

describe('without a layer', () => {
  const without = (layer: Layer) => drawn(LAYERS.filter((one) => one !== layer));

  test.each(['belief', 'section'] as const)('of %s there is no mark', (kind) => {
    const layer = kind === 'belief' ? 'belief' : 'sections';
    expect(drawnOf(kind, drawn(LAYERS))).not.toEqual([]);
    expect(drawnOf(kind, without(layer))).toEqual([]);
  });

  test('of messages and faults there is no mark', () => {
    expect(drawn(LAYERS).marks.some(isMessage)).toBe(true);
    expect(without('messages').marks.some(isMessage)).toBe(false);
    expect(drawn(LAYERS).marks.some(isPause)).toBe(true);
    expect(without('faults').marks.some(isPause)).toBe(false);
  });

  test('of fencing tokens their numbers are left out', () => {
    const words = (layers: readonly Layer[]) =>
      drawn(layers, fenced).marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : []));
    expect(words(['truth', 'fencing-tokens'])).toEqual(expect.arrayContaining(['A · 7', 'B · 3']));
    expect(words(['truth']).filter((text) => text.includes('·'))).toEqual([]);
  });

  test('the truth has no lane: one that is empty would say that nobody holds', () => {
    const kinds = (layers: readonly Layer[]) =>
      lanesOf(model, 'large', new Set(layers)).map(({ kind }) => kind);
    expect(kinds(LAYERS)).toContain('truth');
    expect(kinds(['belief'])).not.toContain('truth');
  });

  test('the picture is drawn without any of them', () => {
    for (const layer of LAYERS) {
      expect(drawn([layer]).marks.length).toBeLessThan(drawn(LAYERS).marks.length);
    }
    expect(ALL_LAYERS.size).toBe(LAYERS.length);
  });
});

/**
 * Too many things for marks of their own: one pass over them says for each column of pixels which
 * is the weightiest. A single violation among a million events is still a column: nothing that
 * weighs is averaged away.
 */
import type { Paint } from './marks.js';
import type { Sheet } from './sheet.js';

interface Layer {
  readonly items: readonly { readonly fromUs: number; readonly untilUs: number }[];
  readonly paint: Paint;
}

/** Draws layers over each other, the weightiest last. */
export function drawColumns(
  sheet: Sheet,
  y: number,
  height: number,
  layers: readonly Layer[],
): void {
  const width = Math.ceil(sheet.view.width);
  const columns = new Uint8Array(width);
  layers.forEach(({ items }, layer) => {
    for (const { fromUs, untilUs } of items) {
      const first = Math.max(0, Math.floor(sheet.x(fromUs)));
      const last = Math.min(width - 1, Math.floor(sheet.x(untilUs)));
      for (let x = first; x <= last; x++) columns[x] = layer + 1;
    }
  });
  sheet.add({ type: 'columns', y, height, columns, paints: layers.map(({ paint }) => paint) });
}

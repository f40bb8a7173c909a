/**
 * Too many things for marks of their own: each column of pixels is asked which is the weightiest
 * that touches it. A single violation among a million events is still a column: nothing that weighs
 * is averaged away. It costs what the page is wide, and not what the run holds.
 */
import type { Paint } from './marks.js';
import type { Sheet } from './sheet.js';

interface Layer {
  readonly track: { touches(fromUs: number, untilUs: number): boolean };
  readonly paint: Paint;
}

/** Draws layers over each other, the weightiest last. */
export function drawColumns(
  sheet: Sheet,
  y: number,
  height: number,
  layers: readonly Layer[],
): void {
  const edges = sheet.columnEdges;
  const columns = new Uint8Array(edges.length - 1);
  for (let x = 0; x < columns.length; x++) {
    for (let layer = layers.length; layer > 0; layer--) {
      if (!layers[layer - 1]!.track.touches(edges[x]!, edges[x + 1]!)) continue;
      columns[x] = layer;
      break;
    }
  }
  sheet.add({ type: 'columns', y, height, columns, paints: layers.map(({ paint }) => paint) });
}

/** Messages that are too many for a line each: how many leave, under the lanes. */
import type { Sheet } from './sheet.js';

const BIN = 2;

/** How many messages leave, as a ridge under the lanes; those that were lost in red. */
export function drawRidge(sheet: Sheet): void {
  const { messages, losses } = sheet.scene;
  const edges = sheet.columnEdges;
  const bins = Math.floor((edges.length - 1) / BIN);
  const all = new Uint32Array(bins);
  const lost = new Uint8Array(bins);
  let before = messages.begunBy(edges[0]!);
  for (let bin = 0; bin < bins; bin++) {
    const [fromUs, untilUs] = [edges[bin * BIN]!, edges[(bin + 1) * BIN]!];
    const begun = messages.begunBy(untilUs);
    all[bin] = begun - before;
    before = begun;
    if (losses.touches(fromUs, untilUs)) lost[bin] = 1;
  }
  let most = 1;
  for (const count of all) most = Math.max(most, count);
  const last = sheet.lanes.at(-1)!;
  const bottom = last.y + last.height + 4;
  const points: (readonly [number, number])[] = [[0, bottom]];
  all.forEach((count, bin) => {
    points.push([bin * BIN, bottom - (count / most) * 24]);
  });
  points.push([sheet.view.width, bottom]);
  sheet.add({ type: 'line', points, fill: 'neutral', opacity: 0.4 });
  const y = bottom - 26;
  const words = {
    text: 'messages; zoom in to see each',
    fill: 'muted',
    size: 10,
    halo: 'panel',
  } as const;
  sheet.add({ type: 'text', x: 4, y, anchor: 'start', ...words });
  lost.forEach((isLost, bin) => {
    if (isLost === 0) return;
    const x = bin * BIN;
    sheet.add({ type: 'rect', x, y: bottom - 4, width: BIN, height: 4, fill: 'violation' });
  });
}

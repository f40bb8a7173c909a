/**
 * Messages that did not come as they should: what was lost ends on the way with a cross, what came
 * late has a dotted tail from when it was due.
 */
import type { MessageItem } from './scene.js';
import type { Sheet } from './sheet.js';

/** How far on its way a lost message gets. */
const LOST_AT = 0.6;

type Point = readonly [x: number, y: number];

export function drawAstray(sheet: Sheet, message: MessageItem, start: Point, end: Point): void {
  if (message.fate === 'delivered') return drawLate(sheet, message, start, end);
  const ref = { message: message.index };
  const share = message.fate === 'lost' ? LOST_AT : 1;
  const stop = [
    start[0] + (end[0] - start[0]) * share,
    start[1] + (end[1] - start[1]) * share,
  ] as const;
  const stroke = message.fate === 'in-flight' ? 'neutral' : 'violation';
  sheet.add({ type: 'line', points: [start, stop], stroke, strokeWidth: 1.2, dash: [4, 3], ref });
  if (message.fate === 'in-flight') return;
  sheet.add({ type: 'icon', icon: 'cross', x: stop[0], y: stop[1], size: 9, fill: stroke, ref });
}

/** Solid until it was due, dotted from then to its arrival. */
function drawLate(sheet: Sheet, { dueUs, index }: MessageItem, start: Point, end: Point): void {
  const dueX = sheet.x(dueUs);
  const share = end[0] === start[0] ? 1 : Math.min(1, (dueX - start[0]) / (end[0] - start[0]));
  const due = [dueX, start[1] + (end[1] - start[1]) * share] as const;
  const ref = { message: index };
  sheet.add({ type: 'line', points: [start, due], stroke: 'neutral', strokeWidth: 1.2, ref });
  sheet.add({
    type: 'line',
    points: [due, end],
    stroke: 'neutral',
    strokeWidth: 2.5,
    dash: [2, 3],
    ref,
  });
}

/**
 * Messages: a line from where one left to where it arrived, its slope the latency. What was lost
 * ends on the way with a cross; what came late has a dotted tail from when it was due.
 */
import type { Lane } from './lanes.js';
import type { MessageItem } from './scene.js';
import { MANY, type Sheet } from './sheet.js';

/** Later than due by more than this, a message is late. */
const LATE_US = 1_000;
/** How far on its way a lost message gets. */
const LOST_AT = 0.6;

export function drawMessages(sheet: Sheet): void {
  const { scene, fromUs, untilUs } = sheet;
  if (scene.messages.countWithin(fromUs, untilUs) > MANY) sheet.rest?.drawRidge(sheet);
  else for (const message of scene.messages.within(fromUs, untilUs)) drawMessage(sheet, message);
}

export function drawMessage(sheet: Sheet, message: MessageItem): void {
  const from = sheet.laneOf(message.from);
  const to = sheet.laneOf(message.to);
  if (from === undefined || to === undefined) return;
  const down = to.y > from.y;
  const start = [sheet.x(message.sentAtUs), edgeOf(from, down)] as const;
  const end = [sheet.x(message.untilUs), edgeOf(to, !down)] as const;
  const ref = { message: message.index };
  const isReply = sheet.scene.model.hosts[message.to]?.kind === 'client';
  if (message.fate === 'delivered') {
    if (message.endedAtUs > message.dueUs + LATE_US) drawLate(sheet, message, start, end);
    else
      sheet.add({ type: 'line', points: [start, end], stroke: 'neutral', strokeWidth: 1.2, ref });
    const turn = down ? 180 : 0;
    const icon = isReply ? 'arrow-open' : 'arrow';
    sheet.add({ type: 'icon', icon, x: end[0], y: end[1], size: 7, fill: 'neutral', turn, ref });
    return;
  }
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
function drawLate(
  sheet: Sheet,
  { dueUs, index }: MessageItem,
  start: readonly [number, number],
  end: readonly [number, number],
): void {
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

/** Where a line touches a lane: at the edge that faces the other one. */
function edgeOf({ y, height }: Lane, below: boolean): number {
  return below ? y + height : y;
}

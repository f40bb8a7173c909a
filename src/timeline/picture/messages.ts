/** Messages: a line from where one left to where it arrived, its slope the latency. */
import type { ModelMessage } from '../model.js';
import type { Lane } from './lanes.js';
import type { MessageItem } from './scene.js';
import { MANY, type Sheet } from './sheet.js';

/** Later than due by more than this, a message is late. */
const LATE_US = 1_000;

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
  if (isAstray(message)) sheet.rest?.drawAstray(sheet, message, start, end);
  else sheet.add({ type: 'line', points: [start, end], stroke: 'neutral', strokeWidth: 1.2, ref });
  if (message.fate !== 'delivered') return;
  const isReply = sheet.scene.model.hosts[message.to]?.kind === 'client';
  const turn = down ? 180 : 0;
  const icon = isReply ? 'arrow-open' : 'arrow';
  sheet.add({ type: 'icon', icon, x: end[0], y: end[1], size: 7, fill: 'neutral', turn, ref });
}

/** Lost, late, or still under way at the end of the run. */
export function isAstray({ fate, endedAtUs, dueUs }: ModelMessage): boolean {
  return fate !== 'delivered' || endedAtUs > dueUs + LATE_US;
}

/** Where a line touches a lane: at the edge that faces the other one. */
function edgeOf({ y, height }: Lane, below: boolean): number {
  return below ? y + height : y;
}

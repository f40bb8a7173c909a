/**
 * The truth: who held the lock, by the servers' own word. A gap is nobody; two bars above each
 * other are two holders, where both are full. What is held by a client that has died or does not
 * know fades out: a leak.
 */
import { sure } from '../derive/bounds.js';
import { floorsOf } from './floors.js';
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

/** Room for the words over the bar of a leak, in a lane that has it. */
const WORDS = 12;

export function drawTruth(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs: since, untilUs: until } = sheet;
  const layers = scene.model.hosts.map(({ index }) => ({
    track: scene.spans('held', index),
    paint: sheet.paintOf(index),
  }));
  const many = layers.reduce((sum, { track }) => sum + track.countWithin(since, until), 0);
  if (many > sheet.many) {
    return sheet.rest?.drawColumns(sheet, lane.y + 3, lane.height - 6, layers);
  }
  const held = scene.model.hosts.flatMap(({ index }) =>
    scene.spans('held', index).within(sheet.fromUs, sheet.untilUs),
  );
  held.sort((a, b) => a.fromUs - b.fromUs);
  const { floors, count } = floorsOf(held);
  const unaware = [...scene.unaware.within(since, until)];
  const below = unaware.length > 0 && lane.height > 30 ? WORDS : 0;
  const height = Math.min(18, (lane.height - 6 - below) / count - 2);
  held.forEach((span, index) => {
    const y = lane.y + 3 + floors[index]! * (height + 2);
    const paint = sheet.paintOf(span.host);
    const ref = { row: span.by };
    sheet.span(span, y, height, { fill: paint, ref });
    const text = `${sheet.nameOf(span.host)}${sheet.tokenWords(span.grant)}`;
    const { fromUs, untilUs } = sure(span);
    sheet.label(fromUs, untilUs, y + height / 2 + 4, text, 'onFill', { ref });
  });
  let free = since;
  for (const { fromUs, untilUs, host } of unaware) {
    const y = lane.y + lane.height - 5;
    sheet.bar(fromUs, untilUs, y, 4, { stroke: sheet.paintOf(host), dash: [2, 2], fill: 'bg' });
    // Of two at once, one says it for both.
    if (fromUs < free) continue;
    free = untilUs;
    sheet.label(fromUs, untilUs, y - 2, 'held, its owner is gone or does not know', 'muted', {
      size: 10,
      halo: 'panel',
    });
  }
}

/**
 * The truth: who held the lock, by the servers' own word. A gap is nobody; two bars above each
 * other are two holders. What is held by a client that has died or does not know fades out: a leak.
 */
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

export function drawTruth(sheet: Sheet, lane: Lane): void {
  const { scene } = sheet;
  const held = scene.model.hosts.flatMap(({ index }) =>
    scene.spans('held', index).within(sheet.fromUs, sheet.untilUs),
  );
  held.sort((a, b) => a.fromUs - b.fromUs);
  const floors: number[] = [];
  const placed = held.map((span) => {
    let floor = floors.findIndex((untilUs) => untilUs <= span.fromUs);
    if (floor < 0) floor = floors.push(0) - 1;
    floors[floor] = span.untilUs;
    return { span, floor };
  });
  const count = Math.max(1, floors.length);
  const height = Math.min(18, (lane.height - 6) / count - 2);
  placed.forEach(({ span, floor }) => {
    const y = lane.y + 3 + floor * (height + 2);
    const paint = sheet.paintOf(span.host);
    const ref = { row: span.by };
    sheet.bar(span.fromUs, span.untilUs, y, height, { fill: paint, ref });
    const fencingToken = tokenOf(sheet, span.grant);
    const more = fencingToken === undefined ? '' : ` · ${fencingToken}`;
    const text = `${sheet.nameOf(span.host)}${more}`;
    sheet.label(span.fromUs, span.untilUs, y + height / 2 + 4, text, 'onFill', { ref });
  });
  for (const { fromUs, untilUs, host } of scene.unaware.within(sheet.fromUs, sheet.untilUs)) {
    const y = lane.y + lane.height - 5;
    sheet.bar(fromUs, untilUs, y, 4, { stroke: sheet.paintOf(host), dash: [2, 2], fill: 'bg' });
    sheet.label(fromUs, untilUs, y - 2, 'held, its owner is gone or does not know', 'muted', {
      size: 10,
      halo: 'panel',
    });
  }
}

/** Fencing token of a grant, if it has one. */
export function tokenOf(sheet: Sheet, grant: number): number | undefined {
  const { model } = sheet.scene;
  for (const span of model.spansOf('belief')) {
    if (span.grant !== grant) continue;
    const record = model.record(span.by);
    return record.type === 'ok' ? record.fencingToken : undefined;
  }
  return undefined;
}

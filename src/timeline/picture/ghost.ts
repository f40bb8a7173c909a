/**
 * The run before an edit, behind the run after it: outlines of who held and who believed, so that
 * one sees at a glance what moved.
 */
import type { Scene } from './scene.js';
import type { Sheet } from './sheet.js';

const OPACITY = 0.45;

export function drawGhost(sheet: Sheet, ghost: Scene): void {
  const truth = sheet.lanes.find(({ kind }) => kind === 'truth');
  for (const { index, id } of ghost.model.hosts) {
    const now = sheet.scene.model.hosts.find((host) => host.id === id);
    const lane = now && sheet.laneOf(now.index);
    const stroke = sheet.paintOf(now?.index ?? -1);
    const look = { stroke, dash: [8, 3], opacity: OPACITY };
    for (const { fromUs, untilUs } of ghost
      .spans('held', index)
      .within(sheet.fromUs, sheet.untilUs)) {
      if (truth !== undefined) sheet.bar(fromUs, untilUs, truth.y + 1, truth.height - 2, look);
    }
    if (lane === undefined || !sheet.shows('belief')) continue;
    const beliefs = ghost.spans('belief', index).within(sheet.fromUs, sheet.untilUs);
    for (const { fromUs, untilUs } of beliefs) {
      sheet.bar(fromUs, untilUs, lane.y + 2, lane.height - 4, look);
    }
  }
}

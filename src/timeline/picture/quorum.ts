/**
 * Locks of several servers: at the end of each wait one cell for each server says who granted;
 * above the servers a ribbon says how many of them each client has, with a line at the majority.
 * Two ribbons above the line at once are two holders.
 */
import type { ModelSpan } from '../model.js';
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

const CELL = 7;

/** Cells of one attempt, in the order of the servers: granted is filled, lost is crossed. */
export function drawCells(sheet: Sheet, wait: ModelSpan, y: number): void {
  const { scene, view } = sheet;
  const { model } = scene;
  const servers = model.hosts.filter(({ kind }) => kind === 'server');
  if (quorumOf(sheet) < 2 || wait.grant < 0) return;
  const { x: from, width } = sheet.extent(wait.fromUs, wait.untilUs);
  const whole = servers.length * CELL + 4;
  if (width < whole || sheet.x(wait.untilUs) > view.width) return;
  const granted = new Set(
    servers.flatMap(({ index }) => {
      const leases = scene.spans('lease', index).within(wait.fromUs, wait.untilUs);
      return leases.some(({ grant }) => grant === wait.grant) ? [index] : [];
    }),
  );
  const fill = sheet.paintOf(wait.host);
  const ref = { row: wait.by };
  servers.forEach(({ index }, place) => {
    const x = from + width - whole + place * CELL;
    const has = granted.has(index);
    const cell = { x, y, width: CELL - 2, height: CELL - 2, stroke: fill, ref } as const;
    sheet.add({ type: 'rect', ...cell, fill: has ? fill : 'bg' });
  });
  const bracket = [
    [from + width - whole, y + CELL],
    [from + width - 6, y + CELL],
  ] as const;
  if (granted.size < quorumOf(sheet)) return;
  sheet.add({ type: 'line', points: bracket, stroke: fill, strokeWidth: 1.5, ref });
}

export function quorumOf({ scene }: Sheet): number {
  return scene.model.file.locks[0]?.quorum ?? 1;
}

/** How many servers each client has, in steps; the line is what it takes to hold. */
export function drawRibbon(sheet: Sheet, { y, height }: Lane): void {
  const { scene, view } = sheet;
  const servers = scene.model.hosts.filter(({ kind }) => kind === 'server').length;
  const level = (count: number) => y + height - 2 - (count / servers) * (height - 4);
  for (const { index, kind } of scene.model.hosts) {
    if (kind !== 'client' && kind !== 'probe') continue;
    const points = stepsOf(sheet, index).map(([x, count]) => [x, level(count)] as const);
    if (points.length === 0) continue;
    const first = [points[0]![0], level(0)] as const;
    const last = [Math.min(points.at(-1)![0], view.width), level(0)] as const;
    const fill = sheet.paintOf(index);
    sheet.add({ type: 'line', points: [first, ...points, last], fill, opacity: 0.55 });
  }
  const line = level(quorumOf(sheet));
  const points = [
    [0, line],
    [view.width, line],
  ] as const;
  sheet.add({ type: 'line', points, stroke: 'ink', strokeWidth: 1, dash: [4, 3] });
}

/** Corners of the step line of one client: how many servers held a lease of its grants. */
function stepsOf(sheet: Sheet, client: number): (readonly [x: number, count: number])[] {
  const { scene, fromUs, untilUs } = sheet;
  const edges: { atUs: number; by: 1 | -1 }[] = [];
  for (const { index, kind } of scene.model.hosts) {
    if (kind !== 'server') continue;
    for (const lease of scene.spans('lease', index).within(fromUs, untilUs)) {
      if (scene.clientOf(lease.grant) !== client) continue;
      edges.push({ atUs: lease.fromUs, by: 1 }, { atUs: lease.untilUs, by: -1 });
    }
  }
  edges.sort((a, b) => a.atUs - b.atUs || b.by - a.by);
  const corners: (readonly [number, number])[] = [];
  let count = 0;
  for (const { atUs, by } of edges) {
    const x = sheet.x(atUs);
    corners.push([x, count]);
    count += by;
    corners.push([x, count]);
  }
  return corners;
}

/**
 * Locks of several servers: at the end of each wait one cell for each server says who granted;
 * above the servers a ribbon says how many of them each client has, with a line at the majority.
 * Two ribbons above the line at once are two holders, and are marked as what they are.
 */
import type { ModelSpan } from '../model.js';
import type { Lane } from './lanes.js';
import { Majority, type Steps } from './majority.js';
import type { Paint } from './marks.js';
import type { Scene } from './scene.js';
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

function quorumOf({ scene }: Sheet): number {
  return scene.model.file.locks[0]?.quorum ?? 1;
}

/** How many servers each client has, in steps; the line is what it takes to hold. */
export function drawRibbon(sheet: Sheet, { y, height }: Lane): void {
  const { scene, view, fromUs, untilUs } = sheet;
  const { holders, most, ofClient } = majorityOf(scene);
  const servers = scene.model.hosts.filter(({ kind }) => kind === 'server').length;
  const level = (count: number) => y + height - 2 - (count / servers) * (height - 4);
  let changes = 0;
  for (const steps of ofClient.values()) changes += steps.countWithin(fromUs, untilUs);
  if (changes > sheet.many) {
    const columns = [...most.maxima(sheet.columnEdges)].map((count, x) => [x, count] as const);
    drawArea(sheet, columns, level, 'neutral');
  } else {
    for (const [client, steps] of ofClient) {
      const changed = steps.within(fromUs, untilUs);
      const points = changed.map(([atUs, count]) => [sheet.x(atUs), count] as const);
      drawArea(sheet, points, level, sheet.paintOf(client));
    }
  }
  drawDouble(sheet, holders, y, height);
  const line = level(quorumOf(sheet));
  const points = [
    [0, line],
    [view.width, line],
  ] as const;
  sheet.add({ type: 'line', points, stroke: 'ink', strokeWidth: 1, dash: [4, 3] });
}

function majorityOf(scene: Scene): Majority {
  scene.majority ??= new Majority(scene.model, (grant) => scene.clientOf(grant));
  return scene.majority;
}

/** From each place on, as high as its count; equal neighbours are one step. */
function drawArea(
  sheet: Sheet,
  steps: readonly (readonly [x: number, count: number])[],
  level: (count: number) => number,
  fill: Paint,
): void {
  const points: (readonly [number, number])[] = [];
  let now = 0;
  for (const [x, count] of steps) {
    if (count === now) continue;
    points.push([x, level(now)], [x, level(count)]);
    now = count;
  }
  if (points.length === 0) return;
  points.push([sheet.view.width, level(now)], [sheet.view.width, level(0)]);
  sheet.add({ type: 'line', points, fill, opacity: 0.55 });
}

/** Where two clients have enough servers at once. */
function drawDouble(sheet: Sheet, holders: Steps, y: number, height: number): void {
  const most = holders.maxima(sheet.columnEdges);
  const columns = Uint8Array.from(most, (count) => (count > 1 ? 1 : 0));
  if (!columns.includes(1)) return;
  sheet.add({ type: 'columns', y: y + height - 5, height: 5, columns, paints: ['violation'] });
}

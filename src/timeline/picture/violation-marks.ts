/**
 * The moment at which a property breaks: a band from the first witness to the last, a flag on top,
 * and a bracket that joins the two sections that overlap.
 */
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

const FLAG_HEIGHT = 18;
const NUMBER_SIZE = 17;

/** `only`: the one that is explained; the others step back. */
export function drawViolations(sheet: Sheet, bottom: number, only: number | undefined): void {
  const { model } = sheet.scene;
  const { measure, view } = sheet;
  let free = Number.NEGATIVE_INFINITY;
  model.file.violations.forEach(({ property, class: found, witness }, index) => {
    if (only !== undefined && only !== index) return;
    const times = witness.map((row) => model.atUs[row]!).sort((a, b) => a - b);
    const fromUs = times[0];
    const untilUs = times.at(-1);
    if (fromUs === undefined || untilUs === undefined) return;
    const ref = { violation: index };
    const x = sheet.x(untilUs);
    if (x < -1 || sheet.x(fromUs) > view.width + 1) return;
    sheet.bar(fromUs, untilUs, FLAG_HEIGHT, bottom - FLAG_HEIGHT, {
      fill: 'violation',
      opacity: 0.08,
      ref,
    });
    for (const line of [x - 1.5, x + 1.5]) {
      const points = [
        [line, FLAG_HEIGHT],
        [line, bottom],
      ] as const;
      sheet.add({ type: 'line', points, stroke: 'violation', strokeWidth: 1.2, ref });
    }
    const text = found === undefined ? property : `${property}: ${found}`;
    const width = measure(text, 11, true) + 24;
    const left = Math.max(0, Math.min(x - 2, view.width - width));
    if (left < free) return;
    free = left + width + 4;
    const flag = { x: left, y: 1, width, height: FLAG_HEIGHT } as const;
    sheet.add({ type: 'rect', ...flag, fill: 'violationBg', stroke: 'violation', ref });
    sheet.add({ type: 'icon', icon: 'flag', x: left + 9, y: 10, size: 11, fill: 'violation', ref });
    sheet.add({
      type: 'text',
      x: left + 18,
      y: 14,
      text,
      fill: 'violationText',
      size: 11,
      bold: true,
      anchor: 'start',
      ref,
    });
  });
  drawBrackets(sheet, only);
}

/** Joins the lanes of who offended and who was hurt, where both were inside. */
function drawBrackets(sheet: Sheet, only: number | undefined): void {
  const { model } = sheet.scene;
  model.file.violations.forEach(({ witness, property }, index) => {
    if (property !== 'mutual-exclusion' && property !== 'read-write') return;
    if (only !== undefined && only !== index) return;
    const hosts = new Set(witness.map((row) => model.host[row]!));
    const lanes = [...hosts].flatMap((host) => sheet.laneOf(host) ?? []);
    const clients = lanes.filter(({ kind }) => kind === 'client').sort((a, b) => a.y - b.y);
    const [first, last] = [clients[0], clients.at(-1)];
    if (first === undefined || last === undefined || first === last) return;
    const untilUs = Math.max(...witness.map((row) => model.atUs[row]!));
    const x = sheet.x(untilUs) + 8;
    const points = [
      [x - 4, middleOf(first)],
      [x, middleOf(first)],
      [x, middleOf(last)],
      [x - 4, middleOf(last)],
    ] as const;
    sheet.add({
      type: 'line',
      points,
      stroke: 'violation',
      strokeWidth: 2.5,
      ref: { violation: index },
    });
  });
}

function middleOf({ y, height }: Lane): number {
  return y + height / 2;
}

/** Numbers on the rows that explain a violation. */
export function drawChain(sheet: Sheet, rows: readonly number[]): void {
  const { model } = sheet.scene;
  /** Where in each lane the next number has room: rows of one instant stand side by side. */
  const free = new Map<Lane, number>();
  rows.forEach((row, index) => {
    const lane = sheet.laneOf(model.host[row]!) ?? sheet.lanes[0];
    if (lane === undefined) return;
    const x = Math.max(sheet.x(model.atUs[row]!), free.get(lane) ?? Number.NEGATIVE_INFINITY);
    free.set(lane, x + NUMBER_SIZE - 2);
    const y = lane.y + 8;
    const ref = { row };
    sheet.add({ type: 'icon', icon: 'circle', x, y, size: NUMBER_SIZE, fill: 'ink', ref });
    sheet.add({
      type: 'text',
      x,
      y: y + 4,
      text: String(index + 1),
      fill: 'bg',
      size: 10,
      bold: true,
      anchor: 'middle',
      ref,
    });
  });
}

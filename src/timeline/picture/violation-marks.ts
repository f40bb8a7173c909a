/**
 * The moment at which a property breaks: a band from the first witness to the last, a flag on top,
 * and a bracket that joins the two sections that overlap.
 */
import type { TraceModel } from '../model.js';
import { FLAG_ROW, flagRows, type Lane } from './lanes.js';
import type { Sheet } from './sheet.js';
import { drawWitnessMessages } from './witness-messages.js';

const FLAG_HEIGHT = 18;
const NUMBER_SIZE = 17;
const LEADER = 6;

/** From the first witness to the last: it lies under the lanes, whose colours stay as they are. */
export function drawBands(sheet: Sheet, bottom: number, only: number | undefined): void {
  for (const { index, fromUs, untilUs } of brokenIn(sheet, only)) {
    sheet.bar(fromUs, untilUs, topOf(sheet), bottom - topOf(sheet), {
      fill: 'violation',
      opacity: 0.1,
      ref: { violation: index },
    });
  }
}

/** `only`: the one that is explained; the others step back. */
export function drawViolations(sheet: Sheet, bottom: number, only: number | undefined): void {
  drawWitnessMessages(sheet, only);
  const flags = placed(sheet, only);
  for (const { ref, x, y } of flags) {
    for (const line of [x - 1.5, x + 1.5]) {
      const points = [
        [line, y + FLAG_HEIGHT],
        [line, bottom],
      ] as const;
      sheet.add({ type: 'line', points, stroke: 'violation', strokeWidth: 1.2, ref });
    }
  }
  // Over the lines of others: what is written on a flag can be read.
  for (const flag of flags) if (flag.hasRoom) drawFlag(sheet, flag);
  drawBrackets(sheet, only);
}

interface Flag {
  readonly ref: { readonly violation: number };
  readonly words: string;
  /** Of the moment, of the flag's corner, and the flag's width. */
  readonly x: number;
  readonly left: number;
  readonly y: number;
  readonly width: number;
  readonly hasRoom: boolean;
}

/** Each in the row next to the lanes, or above flags that it would cover; the last gives way. */
function placed(sheet: Sheet, only: number | undefined): Flag[] {
  const rows = flagRows(sheet.scene.model);
  const free = new Array<number>(rows).fill(Number.NEGATIVE_INFINITY);
  return brokenIn(sheet, only).map(({ index, untilUs, words }) => {
    const x = sheet.x(untilUs);
    const width = sheet.measure(words, 11, true) + 24;
    const left = Math.max(0, Math.min(x - 2, sheet.view.width - width));
    const row = free.findLastIndex((until) => left >= until);
    if (row >= 0) free[row] = left + width + 4;
    const y = Math.max(row, 0) * FLAG_ROW + 1;
    return { ref: { violation: index }, words, x, left, y, width, hasRoom: row >= 0 };
  });
}

function drawFlag(sheet: Sheet, { ref, words, left, y, width }: Flag): void {
  const flag = { x: left, y, width, height: FLAG_HEIGHT } as const;
  sheet.add({ type: 'rect', ...flag, fill: 'violationBg', stroke: 'violation', ref });
  const icon = { icon: 'flag', x: left + 9, y: y + 9, size: 11 } as const;
  sheet.add({ type: 'icon', ...icon, fill: 'violation', ref });
  const look = { fill: 'violationText', size: 11, bold: true, anchor: 'start' } as const;
  sheet.add({ type: 'text', x: left + 18, y: y + 13, text: words, ...look, ref });
}

/** The violations that can be seen: from the first witness to the last. */
function brokenIn(sheet: Sheet, only: number | undefined) {
  const { model } = sheet.scene;
  return model.file.violations.flatMap(({ property, class: found, witness }, index) => {
    if ((only !== undefined && only !== index) || witness.length === 0) return [];
    const times = witness.map((row) => model.atUs[row]!);
    const [fromUs, untilUs] = [Math.min(...times), Math.max(...times)];
    if (sheet.x(untilUs) < -1 || sheet.x(fromUs) > sheet.view.width + 1) return [];
    return {
      index,
      fromUs,
      untilUs,
      words: found === undefined ? property : `${property}: ${found}`,
    };
  });
}

/** Where the lanes begin, and the lines and bands with them. */
function topOf({ lanes }: Sheet): number {
  return (lanes[0]?.y ?? FLAG_ROW) - LEADER;
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
    const lane = sheet.laneOf(hostOf(model, row)) ?? sheet.lanes[0];
    if (lane === undefined) return;
    const x = Math.max(sheet.x(model.atUs[row]!), free.get(lane) ?? Number.NEGATIVE_INFINITY);
    free.set(lane, x + NUMBER_SIZE + 1);
    // On the edge of the lane: the words in it can be read.
    const { y } = lane;
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

/** Whose lane a row is told in: a fault's is that of the host that it strikes. */
function hostOf(model: TraceModel, row: number): number {
  const host = model.host[row]!;
  if (host >= 0) return host;
  const record = model.record(row);
  if (record.type !== 'fault') return host;
  return model.file.faults.find(({ id }) => id === record.fault)?.hosts[0] ?? host;
}

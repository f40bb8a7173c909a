/**
 * A picture of a run: pure, from a scene and a view to marks. The order of the calls below is the
 * order in which things lie over each other.
 */
import type { AccessRecord } from '../../history.js';
import { span } from '../../story/words.js';
import type { TraceModel } from '../model.js';
import type { View } from './axis.js';
import { drawClient } from './client-lane.js';
import { heightOf, type Lane } from './lanes.js';
import type { Layers } from './layers.js';
import type { Mark, Measure } from './marks.js';
import { drawMessages, isAstray } from './messages.js';
import { drawResource } from './resource-lane.js';
import type { Rest } from './rest.js';
import { firstWhere, type Scene } from './scene.js';
import { drawServer } from './server-lane.js';
import { MANY, Sheet } from './sheet.js';
import { drawTruth } from './truth-lane.js';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

export interface PictureOptions {
  readonly view: View;
  readonly lanes: readonly Lane[];
  readonly measure: Measure;
  /** A violation that is explained, by its rows: they are numbered, and all else steps back. */
  readonly explained?: { readonly violation: number; readonly rows: readonly number[] } | undefined;
  /** Another run of nearly the same scenario, as outlines behind this one. */
  readonly ghost?: Scene | undefined;
  /** Verdicts are left out, as long as they would give something away. */
  readonly withoutVerdicts?: boolean | undefined;
  /** What of the run is drawn; default: all of it. */
  readonly layers?: Layers | undefined;
  /** How to draw what is not in every run (`needsRest`); without it that is left out. */
  readonly rest: Rest | undefined;
}

export function pictureOf(scene: Scene, options: PictureOptions): Picture {
  const { view, lanes, measure, explained, layers, rest, withoutVerdicts } = options;
  const chain = explained?.rows;
  const [ground, sheet, top] = Array.from(
    { length: 3 },
    () => new Sheet(scene, view, lanes, measure, layers, rest),
  ) as [Sheet, Sheet, Sheet];
  const height = heightOf(lanes);
  for (const { y, height: high } of lanes) {
    ground.add({ type: 'rect', x: 0, y, width: view.width, height: high, fill: 'panel' });
  }
  if (!withoutVerdicts) rest?.drawBands(ground, height, explained?.violation);
  drawBreaks(ground, height);
  drawEnd(ground, height);
  for (const lane of lanes) drawLane(sheet, lane);
  if (options.ghost !== undefined) rest?.drawGhost(sheet, options.ghost);
  if (sheet.shows('faults')) rest?.drawFaults(sheet);
  if (sheet.shows('messages')) drawMessages(sheet);
  const marks = explained === undefined ? undefined : rest?.faded(sheet, explained);
  if (!withoutVerdicts) rest?.drawViolations(top, height, explained?.violation);
  if (chain !== undefined) rest?.drawChain(top, chain);
  return {
    width: view.width,
    height,
    marks: [...ground.marks, ...(marks ?? sheet.marks), ...top.marks],
  };
}

/** Whether a run has anything that is not in every one. */
export function needsRest({ file, hosts, messages, rows, spans }: TraceModel): boolean {
  const { clocks, dict, faults, locks, meta, payload, violations } = file;
  const lists = [clocks, faults, violations, spans.get('paused') ?? [], spans.get('dead') ?? []];
  const hasQuorum = locks.some(({ quorum }) => quorum > 1);
  const isLarge = messages.length > MANY || rows > Math.min(MANY, 2_000 / hosts.length);
  const hasTokens = payload.some((one) => (one as AccessRecord).fencingToken !== undefined);
  if (hasTokens || messages.some(isAstray)) return true;
  const isRare = hasQuorum || isLarge || meta.truth === 'bounded' || dict.includes('enqueued');
  return isRare || lists.some(({ length }) => length > 0);
}

function drawLane(sheet: Sheet, lane: Lane): void {
  if (sheet.shows('faults')) {
    sheet.rest?.drawHostStates(sheet, lane);
    sheet.rest?.drawRuler(sheet, lane);
  }
  switch (lane.kind) {
    case 'truth':
      return drawTruth(sheet, lane);
    case 'client':
      return drawClient(sheet, lane);
    case 'majority':
      return sheet.rest?.drawRibbon(sheet, lane);
    case 'server':
      return drawServer(sheet, lane);
    case 'resource':
      return drawResource(sheet, lane);
  }
}

/**
 * Where the step scale cut a gap: two short strokes behind all lanes, and under them how much time
 * is not shown, where there is room.
 */
function drawBreaks(sheet: Sheet, bottom: number): void {
  const { breaks } = sheet.view.warp;
  const next = (atUs: number) =>
    firstWhere(breaks.length, (index) => breaks[index]!.untilUs >= atUs);
  let free = 0;
  for (let at = next(sheet.fromUs), one = breaks[at]; one !== undefined; one = breaks[at]) {
    const x = (sheet.x(one.fromUs) + sheet.x(one.untilUs)) / 2;
    if (x > sheet.view.width) return;
    at = Math.max(at + 1, next(sheet.instantAt(x + LEAST_BREAK_PX)));
    if (x < 0) continue;
    for (const stroke of [x - 2, x + 2]) {
      const points = [
        [stroke, sheet.lanes[0]?.y ?? 0],
        [stroke, bottom - 14],
      ] as const;
      const look = { stroke: 'neutral', strokeWidth: 1, dash: [3, 3], opacity: 0.5 } as const;
      sheet.add({ type: 'line', points, ...look });
    }
    const text = span(one.untilUs - one.fromUs);
    const width = sheet.measure(text, 10);
    const left = x - width / 2;
    if (left < free || left + width > sheet.view.width) continue;
    free = left + width + 6;
    const look = { fill: 'muted', size: 10, anchor: 'middle' } as const;
    sheet.add({ type: 'text', x, y: bottom - 4, text, ...look });
  }
}

/** Where the run ends: what lies behind was not looked at. */
function drawEnd(sheet: Sheet, bottom: number): void {
  const x = sheet.x(sheet.scene.model.endUs);
  if (x > sheet.view.width) return;
  const points = [
    [x, sheet.lanes[0]?.y ?? 0],
    [x, bottom],
  ] as const;
  sheet.add({ type: 'line', points, stroke: 'muted' });
  const look = { fill: 'muted', size: 10, anchor: 'end' } as const;
  sheet.add({ type: 'text', x: x - 3, y: bottom - 4, text: 'end', ...look });
}

/** Nearer to each other than this, breaks are one. */
const LEAST_BREAK_PX = 8;

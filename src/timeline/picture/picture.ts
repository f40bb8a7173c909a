/**
 * A picture of a run: pure, from a scene and a view to marks. The order of the calls below is the
 * order in which things lie over each other.
 */
import type { View } from './axis.js';
import { drawClient } from './client-lane.js';
import { drawFaults, drawHostStates } from './fault-bands.js';
import { drawGhost } from './ghost.js';
import { heightOf, type Lane } from './lanes.js';
import type { Mark, Measure } from './marks.js';
import { drawMessages } from './messages.js';
import { drawResource } from './resource-lane.js';
import type { Scene } from './scene.js';
import { drawServer } from './server-lane.js';
import { Sheet } from './sheet.js';
import { drawTruth } from './truth-lane.js';
import { drawChain, drawViolations } from './violation-marks.js';

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
  /** Messages are left out, to see the lanes alone. */
  readonly withoutMessages?: boolean | undefined;
}

export function pictureOf(scene: Scene, options: PictureOptions): Picture {
  const { view, lanes, measure, explained, withoutMessages, withoutVerdicts } = options;
  const chain = explained?.rows;
  const sheet = new Sheet(scene, view, lanes, measure);
  const height = heightOf(lanes);
  for (const lane of lanes) drawLane(sheet, lane);
  if (options.ghost !== undefined) drawGhost(sheet, options.ghost);
  drawBreaks(sheet, height);
  drawFaults(sheet);
  if (!withoutMessages) drawMessages(sheet);
  const marks = chain === undefined ? sheet.marks : sheet.marks.map((mark) => dimmed(mark, chain));
  const top = new Sheet(scene, view, lanes, measure);
  if (!withoutVerdicts) drawViolations(top, height, explained?.violation);
  if (chain !== undefined) drawChain(top, chain);
  return { width: view.width, height, marks: [...marks, ...top.marks] };
}

function drawLane(sheet: Sheet, lane: Lane): void {
  sheet.bar(sheet.fromUs, sheet.untilUs, lane.y, lane.height, { fill: 'panel' });
  drawHostStates(sheet, lane);
  switch (lane.kind) {
    case 'truth':
      return drawTruth(sheet, lane);
    case 'client':
      return drawClient(sheet, lane);
    case 'server':
      return drawServer(sheet, lane);
    case 'resource':
      return drawResource(sheet, lane);
  }
}

/** Where the step scale cut a gap: two short strokes across all lanes. */
function drawBreaks(sheet: Sheet, bottom: number): void {
  for (const { fromUs, untilUs } of sheet.view.warp.breaks) {
    const x = (sheet.x(fromUs) + sheet.x(untilUs)) / 2;
    if (x < 0 || x > sheet.view.width) continue;
    for (const at of [x - 2, x + 2]) {
      const points = [
        [at, 22],
        [at, bottom],
      ] as const;
      sheet.add({ type: 'line', points, stroke: 'grid', strokeWidth: 1, dash: [3, 3] });
    }
  }
}

const DIMMED = 0.25;

function dimmed(mark: Mark, chain: readonly number[]): Mark {
  const { ref } = mark;
  if (ref !== undefined && 'row' in ref && chain.includes(ref.row)) return mark;
  return { ...mark, opacity: (mark.opacity ?? 1) * DIMMED };
}

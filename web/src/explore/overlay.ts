/** What lies over the picture and moves without it: the cursor, and what is chosen. */
import { xAt } from '../../../src/timeline/picture/axis.js';
import type { Lane } from '../../../src/timeline/picture/lanes.js';
import type { Palette } from '../../../src/timeline/picture/paints.js';
import { type ExploreState, instantOfRef } from './explore-state.js';

export function drawOverlay(
  context: CanvasRenderingContext2D,
  state: ExploreState,
  lanes: readonly Lane[],
  height: number,
  colours: Palette,
): void {
  const scale = devicePixelRatio;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, state.width.value, height);
  const x = Math.round(xAt(state.view.value, state.cursorUs.value)) + 0.5;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1;
  context.setLineDash([5, 3]);
  context.beginPath();
  context.moveTo(x, (lanes[0]?.y ?? 24) - 6);
  context.lineTo(x, height);
  context.stroke();
  const chosen = state.selection.value;
  const atUs = chosen === undefined ? undefined : instantOfRef(state.model, chosen);
  if (chosen === undefined || atUs === undefined || !('row' in chosen)) return;
  context.setLineDash([]);
  context.lineWidth = 2;
  context.strokeStyle = colours.c1;
  // In the lane of its host; what is no host's is everybody's.
  const host = state.model.host[chosen.row];
  const lane = lanes.find((one) => one.host === host);
  const [top, high] = lane === undefined ? [20, height - 24] : [lane.y - 1, lane.height + 2];
  const at = xAt(state.view.value, atUs);
  context.strokeRect(at - 6, top, 12, high);
  // The number of a row that explains can be read through both.
  if (state.chain.value?.includes(chosen.row)) context.clearRect(at - 9, top - 8, 18, 18);
}

/** The whole run in a strip: where the view is, where somebody was inside, where it broke. */
import { useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { instantAtX, lengthAt, wholeView, xAt } from '../../../src/timeline/picture/axis.js';
import { palette } from '../parts/theme.js';
import { useLatest } from '../parts/use-latest.js';
import type { ExploreState } from './explore-state.js';

const HEIGHT = 34;

export function Minimap({ state }: { readonly state: ExploreState }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useLatest(state);
  const backdrop = useMemo(() => new Backdrop(), []);
  useSignalEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const width = latest.value.width.value;
    element.width = width * devicePixelRatio;
    element.height = HEIGHT * devicePixelRatio;
    const context = element.getContext('2d')!;
    context.drawImage(backdrop.of(latest.value, width), 0, 0);
    context.scale(devicePixelRatio, devicePixelRatio);
    drawPlace(context, latest.value, width);
  });
  return (
    <div class="minimap">
      <canvas
        ref={canvas}
        aria-hidden="true"
        style={{ height: `${HEIGHT}px` }}
        onPointerDown={(event) => {
          const rect = event.currentTarget.getBoundingClientRect();
          centre(state, event.clientX - rect.left);
        }}
      />
    </div>
  );
}

function centre(state: ExploreState, x: number): void {
  const whole = wholeView(state.warp(state.axis.value), state.width.value);
  const atUs = instantAtX(whole, x);
  state.moveTo(atUs);
  const { view } = state;
  state.pan(xAt(view.value, atUs) - view.value.width / 2);
}

/** What does not move with the view, drawn once for a width, a scale and a theme. */
class Backdrop {
  private readonly canvas = new OffscreenCanvas(1, 1);
  private key: readonly unknown[] = [];

  of(state: ExploreState, width: number): OffscreenCanvas {
    const key = [state.scene, width, state.axis.value, palette.value, devicePixelRatio];
    if (key.some((one, index) => one !== this.key[index])) {
      this.key = key;
      this.canvas.width = width * devicePixelRatio;
      this.canvas.height = HEIGHT * devicePixelRatio;
      const context = this.canvas.getContext('2d')!;
      context.scale(devicePixelRatio, devicePixelRatio);
      drawBackdrop(context, state, width);
    }
    return this.canvas;
  }
}

function drawBackdrop(
  context: OffscreenCanvasRenderingContext2D,
  state: ExploreState,
  width: number,
): void {
  const colours = palette.value;
  const { model, scene } = state;
  const whole = wholeView(state.warp(state.axis.value), width);
  const bar = (fromUs: number, untilUs: number, y: number, height: number, colour: string) => {
    const x = xAt(whole, fromUs);
    context.fillStyle = colour;
    context.fillRect(x, y, Math.max(xAt(whole, untilUs) - x, 1), height);
  };
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, HEIGHT);
  const edges = Array.from({ length: width + 1 }, (_, x) => instantAtX(whole, x));
  const strip = (kind: 'held' | 'section', host: number, y: number, colour: string) => {
    const track = scene.spans(kind, host);
    context.fillStyle = colour;
    for (let x = 0; x < width; x++) {
      if (track.touches(edges[x]!, edges[x + 1]!))
        context.fillRect(x, y, 1, kind === 'held' ? 6 : 5);
    }
  };
  for (const { index } of model.hosts) {
    const number = (scene.clientNumber(index) % 5) + 1;
    strip('held', index, 6, colours[`c${number}` as 'c1']);
    strip('section', index, 14, colours.ink);
  }
  for (const { fromUs, untilUs } of model.file.faults) bar(fromUs, untilUs, 22, 4, colours.neutral);
  for (const { witness } of model.file.violations) {
    const atUs = model.atUs[Math.max(...witness)];
    if (atUs !== undefined) bar(atUs, atUs, 0, HEIGHT, colours.violation);
  }
}

/** Where the view and the cursor are. */
function drawPlace(context: CanvasRenderingContext2D, state: ExploreState, width: number): void {
  const colours = palette.value;
  const whole = wholeView(state.warp(state.axis.value), width);
  const view = state.view.value;
  const from = ((view.from - whole.from) / (whole.until - whole.from)) * width;
  const until = ((view.until - whole.from) / (whole.until - whole.from)) * width;
  context.strokeStyle = colours.ink;
  context.lineWidth = 2;
  context.strokeRect(
    Math.max(from, 1),
    1,
    Math.min(until, width) - Math.max(from, 1) - 1,
    HEIGHT - 2,
  );
  const cursor = lengthAt(whole.warp, state.cursorUs.value);
  context.fillStyle = colours.ink;
  context.fillRect(((cursor - whole.from) / (whole.until - whole.from)) * width, 0, 1, HEIGHT);
}

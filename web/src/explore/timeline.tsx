/**
 * The timeline itself: a canvas with the picture, one above it with the cursor and the choice, the
 * heads of the lanes and the axis as text of the page. It takes the focus, and the keys with it.
 */
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { instant } from '../../../src/story/words.js';
import type { TraceFile } from '../../../src/timeline/format.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { instantAtX, xAt } from '../../../src/timeline/picture/axis.js';
import { densityFor, heightOf, lanesOf } from '../../../src/timeline/picture/lanes.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { createMeasure, Painter } from '../draw/canvas.js';
import { palette } from '../parts/theme.js';
import { useLatest } from '../parts/use-latest.js';
import { Axis } from './axis.js';
import { type ExploreState, instantOfRef } from './explore-state.js';
import { refAt } from './hit.js';
import { pressed } from './keys.js';
import './explore.css';
import { LaneHeads } from './lane-heads.js';
import { Voice } from './voice.js';

/** Height that the lanes may take before they become smaller. */
const ROOM_PX = 560;
/** A press that moves no further is a click. */
const CLICK_PX = 4;
const WHEEL_STEP = 1.002;

const measure = createMeasure(document.createElement('canvas').getContext('2d')!);

/** What a press took hold of; `x` is in pixels of the sheet. */
export interface Drag {
  move(x: number): void;
  end(): void;
}

interface Props {
  readonly state: ExploreState;
  /** The run before an edit, as a ghost behind this one. */
  readonly ghost?: TraceFile | undefined;
  /** Whether a press on a mark takes hold of something; else it moves the view. */
  readonly drag?: (ref: Ref | undefined, x: number) => Drag | undefined;
  /** What happens after this instant is not shown. */
  readonly hiddenFromUs?: number | undefined;
}

export function Timeline({ state, hiddenFromUs, ghost, drag: take }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const latest = useLatest(state);
  const lanes = useComputed(() => {
    const { model, density } = latest.value;
    return lanesOf(model, density.value ?? densityFor(model.hosts.length + 1, ROOM_PX));
  });
  const ghostScene = useMemo(() => ghost && new Scene(new TraceModel(ghost)), [ghost]);
  const more = useLatest({ ghost: ghostScene, isVeiled: hiddenFromUs !== undefined });
  const picture = useComputed(() => {
    const { scene, view, showsMessages } = latest.value;
    return pictureOf(scene, {
      view: view.value,
      lanes: lanes.value,
      measure,
      explained: explainedIn(latest.value),
      ghost: more.value.ghost,
      withoutMessages: !showsMessages.value,
      withoutVerdicts: more.value.isVeiled,
    });
  });
  useWidth(state, box);
  useSignalEffect(() => {
    const context = prepared(canvas.current, picture.value.width, picture.value.height);
    if (context === undefined) return;
    new Painter(context, palette.value).draw(picture.value, devicePixelRatio);
  });
  useSignalEffect(() => {
    const { width, height } = picture.value;
    const context = prepared(overlay.current, width, height);
    if (context !== undefined) drawOverlay(context, latest.value, height, palette.value);
  });
  const drag = useDrag(state, () => picture.value.marks, take);
  const height = heightOf(lanes.value);
  return (
    <div class="timeline">
      <Voice state={state} hiddenFromUs={hiddenFromUs} />
      <LaneHeads state={state} lanes={lanes.value} height={height} />
      <div class="sheet">
        <Axis state={state} />
        <div
          ref={box}
          class="canvases"
          style={{ height: `${height}px` }}
          tabIndex={0}
          role="application"
          aria-label={summaryOf(state)}
          aria-describedby="timeline-help"
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (pressed(state, event.key)) event.preventDefault();
          }}
          {...drag}
        >
          <canvas ref={canvas} aria-hidden="true" />
          <canvas ref={overlay} aria-hidden="true" />
          {hiddenFromUs !== undefined && (
            <div class="veil" style={{ left: `${xAt(state.view.value, hiddenFromUs) + 1}px` }}>
              your prediction first
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

/** The picture is as wide as the page leaves room for. */
function useWidth(state: ExploreState, box: RefObject<HTMLDivElement>): void {
  useEffect(() => {
    const observer = new ResizeObserver(() => state.resize(box.current?.clientWidth ?? 0));
    observer.observe(box.current!);
    state.resize(box.current!.clientWidth);
    return () => observer.disconnect();
  }, [state]);
}

function explainedIn(state: ExploreState) {
  const [violation, rows] = [state.explained.value, state.chain.value];
  return violation === undefined || rows === undefined ? undefined : { violation, rows };
}

/** One sentence about the run, for those who do not see the picture. */
function summaryOf({ model }: ExploreState): string {
  const count = (kind: string) => model.hosts.filter((host) => host.kind === kind).length;
  const { violations } = model.file;
  const broken =
    violations.length === 0
      ? 'no violation'
      : violations.map(({ property }) => `${property} is broken`).join(', ');
  return (
    `Timeline: ${count('client')} clients, ${count('server')} servers, ${model.rows} events, ` +
    `${broken}`
  );
}

/** A canvas of that size in the pixels of the screen. */
function prepared(
  canvas: HTMLCanvasElement | null,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  if (canvas === null) return undefined;
  const scale = devicePixelRatio;
  const [w, h] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  return canvas.getContext('2d') ?? undefined;
}

function drawOverlay(
  context: CanvasRenderingContext2D,
  state: ExploreState,
  height: number,
  colours: typeof palette.value,
): void {
  const scale = devicePixelRatio;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, state.width.value, height);
  const x = Math.round(xAt(state.view.value, state.cursorUs.value)) + 0.5;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1;
  context.setLineDash([5, 3]);
  context.beginPath();
  context.moveTo(x, 18);
  context.lineTo(x, height);
  context.stroke();
  const chosen = state.selection.value;
  const atUs = chosen === undefined ? undefined : instantOfRef(state.model, chosen);
  if (chosen === undefined || atUs === undefined || !('row' in chosen)) return;
  context.setLineDash([]);
  context.lineWidth = 2;
  context.strokeStyle = colours.c1;
  context.strokeRect(xAt(state.view.value, atUs) - 6, 20, 12, height - 24);
}

/** Dragging moves the view, a click chooses; Ctrl and the wheel zoom at the pointer. */
function useDrag(
  state: ExploreState,
  marks: () => Parameters<typeof refAt>[0],
  take: Props['drag'],
) {
  const from = useSignal<{ x: number; startX: number; held?: Drag | undefined } | undefined>(
    undefined,
  );
  return {
    onPointerDown(event: PointerEvent) {
      const rect = (event.currentTarget as Element).getBoundingClientRect();
      const x = event.clientX - rect.left;
      const held = take?.(refAt(marks(), x, event.clientY - rect.top), x);
      from.value = { x: event.clientX, startX: event.clientX, held };
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const drag = from.value;
      if (drag === undefined) return;
      if (drag.held !== undefined) {
        if (Math.abs(event.clientX - drag.startX) <= CLICK_PX) return;
        const rect = (event.currentTarget as Element).getBoundingClientRect();
        drag.held.move(event.clientX - rect.left);
        return;
      }
      state.pan(drag.x - event.clientX);
      from.value = { ...drag, x: event.clientX };
    },
    onPointerUp(event: PointerEvent) {
      const drag = from.value;
      from.value = undefined;
      drag?.held?.end();
      if (drag === undefined || Math.abs(event.clientX - drag.startX) > CLICK_PX) return;
      const rect = (event.currentTarget as Element).getBoundingClientRect();
      const x = event.clientX - rect.left;
      const ref = refAt(marks(), x, event.clientY - rect.top);
      if (ref === undefined) state.moveTo(Math.round(instantAtX(state.view.value, x)));
      state.choose(ref);
    },
    onWheel(event: WheelEvent) {
      const rect = (event.currentTarget as Element).getBoundingClientRect();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        state.pan(event.deltaX + (event.shiftKey ? event.deltaY : 0));
      } else if (event.ctrlKey) {
        state.zoom(WHEEL_STEP ** (-event.deltaY * 4), event.clientX - rect.left);
      } else return;
      event.preventDefault();
    },
  };
}

/** The instant under the cursor in words, for panels. */
export function cursorWords(state: ExploreState): string {
  return instant(Math.round(state.cursorUs.value));
}

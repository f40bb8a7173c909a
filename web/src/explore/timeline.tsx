/**
 * The timeline itself: a canvas with the picture, one above it with the cursor and the choice, the
 * heads of the lanes and the axis as text of the page. It takes the focus, and the keys with it.
 */
import { type ReadonlySignal, useComputed, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { xAt } from '../../../src/timeline/picture/axis.js';
import { densityFor, heightOf, lanesOf } from '../../../src/timeline/picture/lanes.js';
import { needsRest, pictureOf } from '../../../src/timeline/picture/picture.js';
import type { Scene } from '../../../src/timeline/picture/scene.js';
import { createMeasure, Painter } from '../draw/canvas.js';
import { palette } from '../parts/theme.js';
import { useLatest } from '../parts/use-latest.js';
import { Axis } from './axis.js';
import type { ExploreState } from './explore-state.js';
import { pressed } from './keys.js';
import './explore.css';
import { LaneHeads } from './lane-heads.js';
import { drawOverlay } from './overlay.js';
import { type Take, useDrag } from './pointer.js';
import { fetchRest, rest } from './rest.js';
import { Voice } from './voice.js';

/** Height that the lanes may take before they become smaller. */
const ROOM_PX = 560;

const measure = createMeasure(document.createElement('canvas').getContext('2d')!);

interface Props {
  readonly state: ExploreState;
  /** The run before an edit, as a ghost behind this one. */
  readonly ghost?: Scene | undefined;
  readonly drag?: Take;
  /** What happens after this instant is not shown. */
  readonly hiddenFromUs?: number | undefined;
}

export function Timeline({ state, hiddenFromUs, ghost, drag: take }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const latest = useLatest(state);
  const { lanes, picture } = usePicture(latest, ghost, hiddenFromUs !== undefined);
  useEffect(() => {
    const observer = new ResizeObserver(() => state.resize(box.current?.clientWidth ?? 0));
    observer.observe(box.current!);
    state.resize(box.current!.clientWidth);
    return () => observer.disconnect();
  }, [state]);
  useSignalEffect(() => {
    const context = prepared(canvas.current, picture.value.width, picture.value.height);
    if (context === undefined) return;
    new Painter(context, palette.value, devicePixelRatio).draw(picture.value);
  });
  useSignalEffect(() => {
    const { width, height } = picture.value;
    const context = prepared(overlay.current, width, height);
    if (context !== undefined)
      drawOverlay(context, latest.value, lanes.value, height, palette.value);
  });
  const drag = useDrag(state, () => picture.value.marks, take);
  useEffect(() => {
    if (ghost !== undefined || needsRest(state.model)) fetchRest();
  }, [state, ghost]);
  const height = heightOf(lanes.value);
  return (
    <div class="timeline">
      <Voice state={state} hiddenFromUs={hiddenFromUs} />
      <LaneHeads state={state} lanes={lanes.value} height={height} hiddenFromUs={hiddenFromUs} />
      <div class="sheet">
        <Axis state={state} hiddenFromUs={hiddenFromUs} />
        <div
          ref={box}
          class="canvases"
          style={{ height: `${height}px` }}
          tabIndex={0}
          role="application"
          aria-label={summaryOf(state, hiddenFromUs !== undefined)}
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

/** The picture of a state, computed anew when anything that it shows has changed. */
function usePicture(
  latest: ReadonlySignal<ExploreState>,
  ghost: Scene | undefined,
  isVeiled: boolean,
) {
  const lanes = useComputed(() => {
    const { model, density, layers } = latest.value;
    const high = density.value ?? densityFor(model.hosts.length + 1, ROOM_PX);
    return lanesOf(model, high, layers.value);
  });
  const more = useLatest({ ghost, isVeiled });
  const picture = useComputed(() => {
    const { scene, view, layers } = latest.value;
    return pictureOf(scene, {
      view: view.value,
      lanes: lanes.value,
      measure,
      explained: explainedIn(latest.value),
      ghost: more.value.ghost,
      layers: layers.value,
      rest: rest.value,
      withoutVerdicts: more.value.isVeiled,
    });
  });
  return { lanes, picture };
}

function explainedIn(state: ExploreState) {
  const [violation, rows] = [state.explained.value, state.chain.value];
  return violation === undefined || rows === undefined ? undefined : { violation, rows };
}

/** One sentence about the run, for those who do not see the picture. */
function summaryOf({ model }: ExploreState, isVeiled: boolean): string {
  const count = (kind: string) => {
    const many = model.hosts.filter((host) => host.kind === kind).length;
    return `${many} ${kind}${many === 1 ? '' : 's'}`;
  };
  const { violations } = model.file;
  const counts = `${count('client')}, ${count('server')}, ${model.rows} events`;
  if (isVeiled) return `Timeline: ${counts}, hidden from where your prediction is asked`;
  const broken =
    violations.length === 0
      ? 'no violation'
      : violations.map(({ property }) => `${property} is broken`).join(', ');
  return `Timeline: ${counts}, ${broken}`;
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

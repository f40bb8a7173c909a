/** The axis above the lanes: instants as text of the page, and the name of the scale. */
import { ticks as roundInstants } from 'd3-array';
import { instant } from '../../../src/story/words.js';
import { instantAt, xAt } from '../../../src/timeline/picture/axis.js';
import type { ExploreState } from './explore-state.js';

/** Room for one label. */
const LABEL_PX = 96;
/** So much of the last one must be on the page. */
const LAST_LABEL_PX = 60;

interface Props {
  readonly state: ExploreState;
  /** Instants after this one would tell when something happens. */
  readonly hiddenFromUs: number | undefined;
}

export function Axis({ state, hiddenFromUs = Infinity }: Props) {
  const ticks = ticksOf(state).filter(({ atUs }) => atUs <= hiddenFromUs);
  return (
    <div class="axis" aria-hidden="true">
      {ticks.map(({ x, atUs }, index) => (
        <span key={index} style={{ left: `${x}px` }}>
          {instant(atUs)}
        </span>
      ))}
    </div>
  );
}

function ticksOf(state: ExploreState): { x: number; atUs: number }[] {
  const view = state.view.value;
  const count = Math.max(2, Math.floor(view.width / LABEL_PX));
  if (state.axis.value === 'time') {
    return roundInstants(Math.max(view.from, 0), view.until, count)
      .filter(Number.isInteger)
      .map((atUs) => ({ x: xAt(view, atUs), atUs }));
  }
  const ticks: { x: number; atUs: number }[] = [];
  for (let index = 0; index <= count; index++) {
    const length = view.from + ((index + 0.1) / count) * (view.until - view.from);
    const atUs = nearestStop(view.warp.stopsUs, instantAt(view.warp, length));
    const x = xAt(view, atUs);
    const last = ticks.at(-1);
    if (
      x < 0 ||
      x > view.width - LAST_LABEL_PX ||
      (last !== undefined && x - last.x < LABEL_PX * 0.8)
    )
      continue;
    ticks.push({ x, atUs });
  }
  return ticks;
}

/** The instant, of those at which something happens, that comes next. */
function nearestStop(stopsUs: Float64Array, atUs: number): number {
  let low = 0;
  let high = stopsUs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stopsUs[middle]! < atUs) low = middle + 1;
    else high = middle;
  }
  return stopsUs[low]!;
}

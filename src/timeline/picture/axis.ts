/**
 * The horizontal axis. A warp maps world time to a length, monotone; a view shows part of that
 * length. True time is the plain warp; the step warp gives every event room and cuts long gaps, so
 * that milliseconds of messages and a lease of 30 s fit on one page.
 */
import type { TraceModel } from '../model.js';

export type AxisKind = 'time' | 'step';

/** Monotone, piecewise linear: between two stops time runs evenly. */
export interface Warp {
  readonly kind: AxisKind;
  /** Instants, rising, and the length at each of them. */
  readonly stopsUs: Float64Array;
  readonly lengths: Float64Array;
  /** Gaps that were cut: true time passes there that the picture does not show. */
  readonly breaks: readonly { readonly fromUs: number; readonly untilUs: number }[];
  /** Length at the last event: a run may go on for long after it, and nothing happens. */
  readonly lastEvent: number;
}

/** Least distance of two instants on the step scale, and what is left of a long gap. */
const STEP = 14;
const LONGEST_STEP = 64;
/** A millisecond that nothing interrupts is so long, before limits. */
const LENGTH_PER_MS = 10;

export function timeWarp(model: TraceModel): Warp {
  const endUs = Math.max(model.endUs, 1);
  return {
    kind: 'time',
    stopsUs: Float64Array.of(0, endUs),
    lengths: Float64Array.of(0, endUs),
    breaks: [],
    lastEvent: Math.max(model.atUs[model.rows - 1] ?? endUs, 1),
  };
}

/**
 * Every instant at which something happens that somebody would point at, in order. Messages are
 * drawn where they fall between them: who waits may send the same request for seconds.
 */
function instantsOf(model: TraceModel): Float64Array {
  const instants = new Float64Array(model.rows + 2);
  let count = 1;
  const add = (atUs: number) => {
    if (atUs > instants[count - 1]!) instants[count++] = atUs;
  };
  for (const atUs of model.atUs) add(atUs);
  add(model.endUs);
  return instants.slice(0, count);
}

export function stepWarp(model: TraceModel): Warp {
  const stopsUs = instantsOf(model);
  const lengths = new Float64Array(stopsUs.length);
  const breaks: { fromUs: number; untilUs: number }[] = [];
  for (let index = 1; index < stopsUs.length; index++) {
    const fromUs = stopsUs[index - 1]!;
    const untilUs = stopsUs[index]!;
    const wanted = ((untilUs - fromUs) / 1_000) * LENGTH_PER_MS;
    if (wanted > 2 * LONGEST_STEP) breaks.push({ fromUs, untilUs });
    lengths[index] = lengths[index - 1]! + Math.min(Math.max(wanted, STEP), LONGEST_STEP);
  }
  return { kind: 'step', stopsUs, lengths, breaks, lastEvent: lengths.at(-1)! };
}

/** Length at an instant. */
export function lengthAt({ stopsUs, lengths }: Warp, atUs: number): number {
  return interpolate(stopsUs, lengths, atUs);
}

/** Instant at a length. */
export function instantAt({ stopsUs, lengths }: Warp, length: number): number {
  return interpolate(lengths, stopsUs, length);
}

export function wholeLength({ lengths }: Warp): number {
  return lengths[lengths.length - 1]!;
}

function interpolate(from: Float64Array, to: Float64Array, value: number): number {
  const last = from.length - 1;
  if (last === 0 || value <= from[0]!) return to[0]! + Math.min(value - from[0]!, 0);
  if (value >= from[last]!) return to[last]! + (value - from[last]!);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle]! <= value) low = middle;
    else high = middle;
  }
  const width = from[high]! - from[low]!;
  return to[low]! + ((value - from[low]!) / width) * (to[high]! - to[low]!);
}

/** The part of a run that is on the screen, in lengths of its warp. */
export interface View {
  readonly warp: Warp;
  readonly from: number;
  readonly until: number;
  /** Of the drawing area, in pixels. */
  readonly width: number;
}

/** Pixel at an instant; outside the drawing area if the instant is outside the view. */
export function xAt({ warp, from, until, width }: View, atUs: number): number {
  return ((lengthAt(warp, atUs) - from) / (until - from)) * width;
}

export function instantAtX({ warp, from, until, width }: View, x: number): number {
  return instantAt(warp, from + (x / width) * (until - from));
}

/** The view with this part of the run, kept within it and no narrower than 10 units or µs. */
export function viewOf(warp: Warp, width: number, from: number, until: number): View {
  const whole = wholeLength(warp);
  const least = Math.min(10, whole);
  const most = whole * 1.04;
  const size = Math.min(Math.max(until - from, least), most);
  const margin = size * 0.02;
  const first = Math.min(Math.max(from, -margin), whole + margin - size);
  const start = size >= most ? -whole * 0.02 : first;
  return { warp, from: start, until: start + size, width };
}

/** All that happens in a run. */
export function wholeView(warp: Warp, width: number): View {
  return viewOf(warp, width, warp.lastEvent * -0.02, warp.lastEvent * 1.02);
}

/** Zooms so that the instant under `x` stays there. `factor` above 1 shows less of the run. */
export function zoomed(view: View, x: number, factor: number): View {
  const { warp, from, until, width } = view;
  const fixed = from + (x / width) * (until - from);
  const size = (until - from) / factor;
  return viewOf(warp, width, fixed - (x / width) * size, fixed + (1 - x / width) * size);
}

export function panned(view: View, byPixels: number): View {
  const { warp, from, until, width } = view;
  const by = (byPixels / width) * (until - from);
  return viewOf(warp, width, from + by, until + by);
}

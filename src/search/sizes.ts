/**
 * Sizes of faults and sections: log-uniform, with a fifth of the mass within 5 % of the TTL, which
 * is where leases break (docs/semantics.md, R16). Integer arithmetic only: a table stands for the
 * logarithm, so that every engine draws the same sizes (D11).
 */
import { PURPOSE } from '../random.js';
import { LATENCY_GRID_US } from '../sim/limits.js';
import type { Drawer } from './generate.js';

/** Steps for each doubling: 2^(i/8) in parts of 65,536. */
const EIGHTHS = [65_536, 71_468, 77_936, 84_990, 92_682, 101_070, 110_218, 120_194];
const STEPS_PER_OCTAVE = 8;
const NEAR_TTL_SHARE = 5;

/** An integer from `min` to `max`, its logarithm uniform. */
export function logUniform(draw: Drawer, purpose: number, min: number, max: number): number {
  let octaves = 0;
  for (let top = min; top < max; top *= 2) octaves++;
  const step = draw.pick(purpose, octaves * STEPS_PER_OCTAVE + 1);
  const low = scaleBy(min, step);
  const high = scaleBy(min, step + 1);
  return Math.min(max, low + draw.pick(purpose, Math.max(1, high - low)));
}

function scaleBy(min: number, step: number): number {
  let scaled = min * EIGHTHS[step & (STEPS_PER_OCTAVE - 1)]!;
  for (let octave = step >> 3; octave > 0; octave--) scaled *= 2;
  return Math.floor(scaled / 65_536);
}

/** Rounded to the grid of latencies, so that things fall on the same instant (R5). */
export function onGrid(us: number): number {
  return Math.max(LATENCY_GRID_US, Math.round(us / LATENCY_GRID_US) * LATENCY_GRID_US);
}

/** 1 ms to `maxTtls` times the TTL, in microseconds; one in five within 5 % of the TTL. */
export function sizeAroundTtl(draw: Drawer, ttlUs: number, maxTtls: number): number {
  if (draw.pick(PURPOSE['fault-size'], NEAR_TTL_SHARE) === 0) {
    const twentieth = Math.floor(ttlUs / 20);
    return onGrid(
      ttlUs - twentieth + draw.pick(PURPOSE['fault-size'], 2 * twentieth + 1, twentieth),
    );
  }
  return onGrid(logUniform(draw, PURPOSE['fault-size'], 1_000, maxTtls * ttlUs));
}

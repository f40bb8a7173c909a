/** The fencing tokens that a resource has seen: their range, and the highest one over time. */
import type { AccessRecord } from '../../history.js';
import type { TraceModel } from '../model.js';
import type { Lane } from './lanes.js';
import { firstWhere, type Scene } from './scene.js';
import type { Sheet } from './sheet.js';

class Ratchet {
  /** Least and greatest fencing token of any access, accepted or not; absent: there is none. */
  readonly range: readonly [least: number, most: number] | undefined;
  /** When the highest accepted fencing token rose, and to what. */
  readonly rises: readonly (readonly [atUs: number, fencingToken: number])[];

  constructor(model: TraceModel, accesses: readonly { readonly row: number }[]) {
    const rises: [number, number][] = [];
    let [least, most, highest] = [Infinity, -Infinity, -Infinity];
    for (const { row } of accesses) {
      const { accepted, atUs, fencingToken } = model.record(row) as AccessRecord;
      if (fencingToken === undefined) continue;
      least = Math.min(least, fencingToken);
      most = Math.max(most, fencingToken);
      if (!accepted || fencingToken <= highest) continue;
      highest = fencingToken;
      rises.push([atUs, highest]);
    }
    this.rises = rises;
    this.range = most < least ? undefined : [least, most];
  }
}

/** Counted once for each run, by resource. */
const known = new WeakMap<Scene, Map<number, Ratchet>>();

function ratchetOf(scene: Scene, host: number): Ratchet {
  const ratchets = known.get(scene) ?? new Map<number, Ratchet>();
  known.set(scene, ratchets);
  let ratchet = ratchets.get(host);
  if (ratchet === undefined) {
    ratchet = new Ratchet(scene.model, scene.accesses.get(host)?.items ?? []);
    ratchets.set(host, ratchet);
  }
  return ratchet;
}

/**
 * Draws the highest fencing token so far, as a step line that only rises.
 *
 * @returns where in the lane a fencing token stands; `undefined` for none.
 */
export function drawRatchet(sheet: Sheet, { host, y, height }: Lane) {
  const { range, rises } = ratchetOf(sheet.scene, host);
  const [least, most] = range ?? [0, 0];
  const heightOf = (fencingToken: number): number => {
    const share = most === least ? 0.5 : (fencingToken - least) / (most - least);
    return y + height - 8 - share * (height - 16);
  };
  const points: (readonly [number, number])[] = [];
  // What was before the view is one height at its edge.
  const first = firstWhere(rises.length, (index) => rises[index]![0] > sheet.fromUs);
  for (const [atUs, fencingToken] of rises.slice(Math.max(first - 1, 0))) {
    const [x, place] = [sheet.x(atUs), heightOf(fencingToken)];
    if (x > sheet.view.width) break;
    const last = points.at(-1);
    if (last !== undefined) points.push([x, last[1]]);
    points.push([Math.max(x, -1), place]);
  }
  const last = points.at(-1);
  if (last !== undefined) {
    points.push([sheet.view.width, last[1]]);
    sheet.add({ type: 'line', points, stroke: 'muted', strokeWidth: 1.5 });
  }
  return (fencingToken: number | undefined): number | undefined =>
    fencingToken === undefined ? undefined : heightOf(fencingToken);
}

/** `highest fencing token 34`: of those accepted up to an instant; `undefined` for none. */
export function highestToken(scene: Scene, host: number, atUs: number): string | undefined {
  if (!scene.accesses.has(host)) return undefined;
  const rise = ratchetOf(scene, host).rises.findLast(([riseUs]) => riseUs <= atUs);
  return rise === undefined ? undefined : `highest fencing token ${rise[1]}`;
}

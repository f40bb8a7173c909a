/** Which lanes a picture has, in what order, and how high they are. */
import type { TraceModel } from '../model.js';
import { ALL_LAYERS } from './layers.js';

export type LaneKind = 'truth' | 'client' | 'majority' | 'server' | 'resource';

export interface Lane {
  readonly kind: LaneKind;
  /** Host of the lane; −1 for the truth, −2 for the majority. */
  readonly host: number;
  readonly name: string;
  readonly y: number;
  readonly height: number;
}

/** Lane heights: chosen by how many there are, or by the viewer. */
export const DENSITIES = { compact: 28, normal: 56, large: 96 } as const;
export type Density = keyof typeof DENSITIES;

const GAP = 6;
/** Flags of violations stand above the lanes, in rows: those that overlap are all read. */
export const FLAG_ROW = 20;
const MOST_FLAG_ROWS = 3;
/** Under the lanes: how much time the step scale has cut. */
const BOTTOM = 16;

/** How many rows of flags there is room for. */
export function flagRows({ file }: TraceModel): number {
  return Math.min(Math.max(file.violations.length, 1), MOST_FLAG_ROWS);
}

/** The density at which all lanes fit, if one does. */
export function densityFor(lanes: number, height: number): Density {
  if (lanes * (DENSITIES.large + GAP) + FLAG_ROW <= height) return 'large';
  return lanes * (DENSITIES.normal + GAP) + FLAG_ROW <= height ? 'normal' : 'compact';
}

/**
 * Truth on top, then clients, servers and resources; the probe only if it did something. Without
 * its layer the truth has no lane: one that is empty would say that nobody holds.
 */
export function lanesOf(model: TraceModel, density: Density, layers = ALL_LAYERS): Lane[] {
  const lanes: Lane[] = [];
  let y = flagRows(model) * FLAG_ROW + GAP;
  const add = (kind: LaneKind, host: number, name: string, height: number) => {
    lanes.push({ kind, host, name, y, height });
    y += height + GAP;
  };
  const high = DENSITIES[density];
  const low = Math.round(Math.max(28, high * 0.7));
  const showsTruth = layers.has('truth');
  const keys = model.file.locks.map(({ key }) => key).join(', ');
  if (showsTruth) add('truth', -1, keys, Math.round(Math.max(28, high * 0.6)));
  for (const { index, id, kind } of model.hosts) {
    if (
      showsTruth &&
      kind === 'server' &&
      (model.file.locks[0]?.quorum ?? 1) > 1 &&
      !lanes.some(isMajority)
    ) {
      add('majority', -2, 'majority', 34);
    }
    if (kind === 'probe') {
      if (model.host.includes(index)) add('client', index, id, low);
    } else add(kind, index, id, kind === 'client' ? high : low);
  }
  return lanes;
}

function isMajority({ kind }: Lane): boolean {
  return kind === 'majority';
}

export function heightOf(lanes: readonly Lane[]): number {
  const last = lanes.at(-1);
  return last === undefined ? FLAG_ROW : last.y + last.height + BOTTOM;
}

/** Which lanes a picture has, in what order, and how high they are. */
import type { TraceModel } from '../model.js';

export type LaneKind = 'truth' | 'client' | 'server' | 'resource';

export interface Lane {
  readonly kind: LaneKind;
  /** Host of the lane; −1 for the truth. */
  readonly host: number;
  readonly name: string;
  readonly y: number;
  readonly height: number;
}

/** Lane heights: chosen by how many there are, or by the viewer. */
export const DENSITIES = { compact: 28, normal: 56, large: 96 } as const;
export type Density = keyof typeof DENSITIES;

const GAP = 6;
const TOP = 26;

/** The density at which all lanes fit, if one does. */
export function densityFor(lanes: number, height: number): Density {
  if (lanes * (DENSITIES.large + GAP) + TOP <= height) return 'large';
  return lanes * (DENSITIES.normal + GAP) + TOP <= height ? 'normal' : 'compact';
}

/** Truth on top, then clients, servers and resources; the probe only if it did something. */
export function lanesOf(model: TraceModel, density: Density): Lane[] {
  const lanes: Lane[] = [];
  let y = TOP;
  const add = (kind: LaneKind, host: number, name: string, height: number) => {
    lanes.push({ kind, host, name, y, height });
    y += height + GAP;
  };
  const high = DENSITIES[density];
  add('truth', -1, model.file.locks.map(({ key }) => key).join(', '), Math.max(28, high * 0.6));
  for (const { index, id, kind } of model.hosts) {
    if (kind === 'probe') {
      if (model.host.includes(index)) add('client', index, id, high);
    } else add(kind, index, id, kind === 'client' ? high : Math.max(28, high * 0.7));
  }
  return lanes;
}

export function heightOf(lanes: readonly Lane[]): number {
  const last = lanes.at(-1);
  return last === undefined ? TOP : last.y + last.height + GAP;
}

/**
 * What of a run can be drawn or left out, by the names under which lessons and addresses ask for
 * it. Waits and verdicts belong to none: they are always there.
 */
export const LAYERS = [
  'truth',
  'belief',
  'leases',
  'sections',
  'messages',
  'faults',
  'accesses',
  'fencing-tokens',
] as const;
export type Layer = (typeof LAYERS)[number];
export type Layers = ReadonlySet<Layer>;

export const ALL_LAYERS: Layers = new Set(LAYERS);

/**
 * Leases that are places in a queue: of those who wait as well as of who holds. As long as it is
 * not its turn, such a lease is hollow: the server keeps it, and nobody holds by it.
 */
import { sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import type { Paint } from './marks.js';
import type { Scene } from './scene.js';
import type { Sheet } from './sheet.js';

/** Hollows the part of a lease in which its owner waits; gives when that is over. */
export function drawPlace(
  sheet: Sheet,
  lease: ModelSpan,
  owner: number,
  { y, height, paint }: { readonly y: number; readonly height: number; readonly paint: Paint },
): number {
  const { scene } = sheet;
  const { fromUs, untilUs } = sure(lease);
  if (owner < 0 || !hasQueue(scene)) return fromUs;
  const held = scene
    .spans('held', owner)
    .within(lease.fromUs, lease.untilUs)
    .find(({ grant }) => grant === lease.grant);
  const turnUs = held === undefined ? untilUs : sure(held).fromUs;
  if (turnUs <= fromUs) return fromUs;
  const ref = { row: lease.by };
  sheet.bar(fromUs, turnUs, y, height, { fill: 'bg', stroke: paint, ref });
  if (height >= 10) {
    const text = `${sheet.nameOf(owner)} waits`;
    sheet.label(fromUs, turnUs, y + height / 2 + 4, text, 'ink', { ref });
  }
  return turnUs;
}

/** Looked for once for each run. */
const queues = new WeakMap<Scene, boolean>();

/** Whether leases of this run are places in a queue: its lock declares one (R20). */
function hasQueue(scene: Scene): boolean {
  const known = queues.get(scene) ?? scene.model.file.dict.includes('enqueued');
  queues.set(scene, known);
  return known;
}

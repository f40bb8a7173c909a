/**
 * Partitions: a wall in the lane of either side, at the edge that faces the other one, and a thin
 * line between them. The lanes that lie between take no part, and are not covered.
 */
import { span } from '../../story/words.js';
import type { TraceFile } from '../format.js';
import type { TraceModel } from '../model.js';
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

type Fault = TraceFile['faults'][number];

const HEIGHT = 6;
/** Of its words; those of walls at once stand above each other. */
const LINE = 12;

/** @param index Of the partition among the faults. */
export function drawWall(sheet: Sheet, index: number): void {
  const { model } = sheet.scene;
  const { faults } = model.file;
  const fault = faults[index]!;
  const lanes = fault.hosts.flatMap((host) => sheet.laneOf(host) ?? []);
  const [upper, lower] = lanes.sort((a, b) => a.y - b.y);
  if (upper === undefined || lower === undefined) return;
  const level = faults.slice(0, index).filter((other) => isAtOnce(other, fault)).length;
  const inset = (level * HEIGHT) % (Math.min(upper.height, lower.height) - HEIGHT);
  const [top, bottom] = [upper.y + upper.height - inset, lower.y + inset];
  const { fromUs, untilUs } = fault;
  const { x, width } = sheet.extent(fromUs, untilUs);
  const ref = { fault: index };
  for (const [y, edge] of [
    [top - HEIGHT, top],
    [bottom, bottom],
  ] as const) {
    sheet.bar(fromUs, untilUs, y, HEIGHT, { fill: 'neutral', opacity: 0.35, ref });
    const points = [
      [x, edge],
      [x + width, edge],
    ] as const;
    sheet.add({ type: 'line', points, stroke: 'ink', strokeWidth: 3, ref });
  }
  for (const end of [x, x + width]) {
    const points = [
      [end, top],
      [end, bottom],
    ] as const;
    sheet.add({ type: 'line', points, stroke: 'ink', strokeWidth: 1, dash: [2, 3], ref });
  }
  const words = placeOfWords(upper, level);
  const between = sidesOf(model, fault);
  const text = `partition ${between}, ${span(untilUs - fromUs)}`;
  const fits = sheet.measure(text, 11) <= width - 8;
  sheet.label(fromUs, untilUs, words, fits ? text : between, 'ink', { ref, halo: 'panel' });
}

function placeOfWords({ y, height }: Lane, level: number): number {
  return y + height - HEIGHT - 3 - ((level * LINE) % Math.max(height - LINE, LINE));
}

function isAtOnce(one: Fault, other: Fault): boolean {
  return one.class === other.class && one.fromUs <= other.untilUs && other.fromUs <= one.untilUs;
}

/** `A ∥ r1`; `A → r1` if only that way nothing passes. */
function sidesOf({ file, hosts }: TraceModel, { id, hosts: sides }: Fault): string {
  const [client, server] = sides.map((host) => hosts[host]!.id);
  const planned = file.meta.scenario.faults.find((one) => one.id === id);
  const direction = planned?.class === 'partition' ? planned.direction : 'both';
  if (direction === 'both') return `${client} ∥ ${server}`;
  return direction === 'to-server' ? `${client} → ${server}` : `${server} → ${client}`;
}

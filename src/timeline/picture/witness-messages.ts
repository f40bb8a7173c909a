/**
 * The messages that a violation is about, where there are too many in view for a line each: those
 * that left or arrived with a record that proves it, or with what caused one. All others are only
 * counted (ridge.ts).
 */
import { causesOf } from '../derive/chain.js';
import { drawMessage } from './messages.js';
import type { MessageItem, Scene } from './scene.js';
import { MANY, type Sheet } from './sheet.js';

/** @param only the one violation that is explained; else those of all are drawn. */
export function drawWitnessMessages(sheet: Sheet, only: number | undefined): void {
  const { scene, fromUs, untilUs } = sheet;
  if (scene.model.file.violations.length === 0) return;
  const isRidge = scene.messages.countWithin(fromUs, untilUs) > MANY;
  if (!isRidge || !sheet.shows('messages')) return;
  for (const { message, violations } of witnessesOf(scene)) {
    if (only !== undefined && !violations.has(only)) continue;
    if (message.untilUs >= fromUs && message.sentAtUs <= untilUs) drawMessage(sheet, message);
  }
}

export interface Witness {
  readonly message: MessageItem;
  readonly violations: ReadonlySet<number>;
}

/** Looked for once for each run: a picture is drawn for every move. */
const known = new WeakMap<Scene, readonly Witness[]>();

export function witnessesOf(scene: Scene): readonly Witness[] {
  const before = known.get(scene);
  if (before !== undefined) return before;
  const moments = momentsOf(scene);
  const found: Witness[] = [];
  for (const message of scene.messages.items) {
    const left = moments.get(message.sentAtUs)?.get(message.from);
    const arrived = moments.get(message.endedAtUs)?.get(message.to);
    if (left === undefined && arrived === undefined) continue;
    found.push({ message, violations: new Set([...(left ?? []), ...(arrived ?? [])]) });
  }
  known.set(scene, found);
  return found;
}

/** Of which violations a record of a host at an instant is a part. */
function momentsOf({ model }: Scene): Map<number, Map<number, number[]>> {
  const moments = new Map<number, Map<number, number[]>>();
  model.file.violations.forEach((violation, index) => {
    for (const row of causesOf(model, violation)) {
      const [atUs, host] = [model.atUs[row]!, model.host[row]!];
      const hosts = moments.get(atUs) ?? new Map<number, number[]>();
      moments.set(atUs, hosts.set(host, [...(hosts.get(host) ?? []), index]));
    }
  });
  return moments;
}

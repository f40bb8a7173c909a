/**
 * The protected resource: a diamond for each access, and the ratchet of the highest fencing token
 * it has seen. What is refused lies below the line, hollow; what is accepted below it is the
 * damage.
 */
import type { AccessRecord } from '../../history.js';
import { drawColumns } from './columns.js';
import type { Lane } from './lanes.js';
import { MANY, type Sheet } from './sheet.js';

export function drawResource(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  const track = scene.accesses.get(host);
  if (track === undefined) return;
  if (track.countWithin(fromUs, untilUs) > MANY) {
    return drawColumns(sheet, y + height / 2 - 4, 8, [{ track, paint: 'neutral' }]);
  }
  const all = track.items.map(({ row }) => scene.model.record(row) as AccessRecord);
  const fencingTokens = all.flatMap(({ fencingToken }) => fencingToken ?? []);
  const least = fencingTokens.reduce((a, b) => Math.min(a, b), Infinity);
  const most = fencingTokens.reduce((a, b) => Math.max(a, b), -Infinity);
  const heightOf = (fencingToken: number | undefined): number => {
    if (fencingToken === undefined || fencingTokens.length === 0) return y + height / 2;
    const share = most === least ? 0.5 : (fencingToken - least) / (most - least);
    return y + height - 8 - share * (height - 16);
  };
  if (fencingTokens.length > 0) drawRatchet(sheet, all, heightOf);
  let free = Number.NEGATIVE_INFINITY;
  for (const { row, fromUs: atUs } of track.within(fromUs, untilUs)) {
    const record = scene.model.record(row) as AccessRecord;
    const [x, place] = [sheet.x(atUs), heightOf(record.fencingToken)];
    drawAccess(sheet, record, row, x, place);
    if (record.access === 'write') free = drawWords(sheet, record, row, x, place, free);
  }
}

function drawAccess(sheet: Sheet, record: AccessRecord, row: number, x: number, y: number): void {
  const { accepted, access, client } = record;
  const host = sheet.scene.model.hosts.findIndex(({ id }) => id === client);
  const ref = { row };
  const size = access === 'write' ? 12 : 8;
  const fill = sheet.paintOf(host);
  sheet.add({ type: 'icon', icon: 'diamond', x, y, size, fill, hollow: !accepted, ref });
  if (!accepted) sheet.add({ type: 'icon', icon: 'cross', x, y, size: 6, fill: 'violation', ref });
}

/** Who writes, beside its mark, where there is room; gives where the next words may begin. */
function drawWords(
  sheet: Sheet,
  { accepted, client, fencingToken }: AccessRecord,
  row: number,
  x: number,
  y: number,
  free: number,
): number {
  const more = fencingToken === undefined ? '' : ` ${fencingToken}`;
  const text = `${client} ${accepted ? 'writes' : 'refused'}${more}`;
  const width = sheet.measure(text, 10);
  const start = x + 9 + width > sheet.view.width ? x - 9 - width : x + 9;
  if (start < free) return free;
  sheet.add({
    type: 'text',
    x: start,
    y: y + 4,
    text,
    fill: 'ink',
    size: 10,
    anchor: 'start',
    halo: 'panel',
    ref: { row },
  });
  return start + width + 12;
}

/** A step line that only rises. */
function drawRatchet(
  sheet: Sheet,
  accesses: readonly AccessRecord[],
  heightOf: (fencingToken: number) => number,
): void {
  const points: (readonly [number, number])[] = [];
  let highest = -Infinity;
  for (const { atUs, accepted, fencingToken } of accesses) {
    if (!accepted || fencingToken === undefined || fencingToken <= highest) continue;
    if (points.length > 0) points.push([sheet.x(atUs), points.at(-1)![1]]);
    highest = fencingToken;
    points.push([sheet.x(atUs), heightOf(highest)]);
  }
  const last = points.at(-1);
  if (last === undefined) return;
  points.push([sheet.view.width, last[1]]);
  sheet.add({ type: 'line', points, stroke: 'muted', strokeWidth: 1.5 });
}

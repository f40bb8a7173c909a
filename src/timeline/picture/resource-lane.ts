/**
 * The protected resource: a diamond for each access, and the ratchet of the highest fencing token
 * it has seen. What is refused lies below the line, hollow; what is accepted below it is damage.
 */
import type { AccessRecord } from '../../history.js';
import type { Lane } from './lanes.js';
import type { Sheet } from './sheet.js';

export function drawResource(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  const track = scene.accesses.get(host);
  if (track === undefined) return;
  if (track.countWithin(fromUs, untilUs) > sheet.many) {
    if (!sheet.shows('accesses')) return;
    return sheet.rest?.drawColumns(sheet, y + height / 2 - 4, 8, [{ track, paint: 'neutral' }]);
  }
  const withTokens = sheet.shows('fencing-tokens');
  const levelOf = withTokens ? sheet.rest?.drawRatchet(sheet, lane) : undefined;
  if (!sheet.shows('accesses')) return;
  let free = Number.NEGATIVE_INFINITY;
  for (const { row, fromUs: atUs } of track.within(fromUs, untilUs)) {
    const record = scene.model.record(row) as AccessRecord;
    const [x, place] = [sheet.x(atUs), levelOf?.(record.fencingToken) ?? y + height / 2];
    drawAccess(sheet, record, row, x, place);
    if (record.access !== 'write') continue;
    // Beside the line of the ratchet, which would strike the words through.
    const onLine = withTokens && record.accepted && record.fencingToken !== undefined;
    const beside = place - y < 16 ? place + 15 : place - 5;
    free = drawWords(sheet, record, row, x, onLine ? beside : place + 4, free);
  }
}

function drawAccess(sheet: Sheet, record: AccessRecord, row: number, x: number, y: number): void {
  const { accepted, access, client } = record;
  const host = sheet.scene.model.hosts.findIndex(({ id }) => id === client);
  const ref = { row };
  const size = access === 'write' ? 12 : 8;
  const fill = sheet.paintOf(host);
  sheet.rest?.drawWhiskers(sheet, row, y, fill);
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
  const withToken = fencingToken !== undefined && sheet.shows('fencing-tokens');
  const more = withToken ? ` ${fencingToken}` : '';
  const text = `${client} ${accepted ? 'writes' : 'refused'}${more}`;
  const width = sheet.measure(text, 10);
  const [from, until] = sheet.scene.model.boundsOf(row)?.map((atUs) => sheet.x(atUs)) ?? [x, x];
  const after = Math.max(x + 9, until! + 5);
  const before = Math.min(x - 9, from! - 5) - width;
  const start = after + width > sheet.view.width ? before : after;
  if (start < free) return free;
  sheet.add({
    type: 'text',
    x: start,
    y,
    text,
    fill: 'ink',
    size: 10,
    anchor: 'start',
    halo: 'panel',
    ref: { row },
  });
  return start + width + 12;
}

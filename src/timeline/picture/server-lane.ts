/**
 * A server: whose leases it holds, each in its holder's colour, and under it the lease draining.
 * Its wedge is full when the lease is granted or extended, and empty when its term is over by the
 * server's own clock. Leases at once lie above each other.
 */
import type { LeaseRecord } from '../../history.js';
import { sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import type { Drain, Term } from './drain.js';
import { floorsOf } from './floors.js';
import type { Lane } from './lanes.js';
import type { Scene } from './scene.js';
import type { Sheet } from './sheet.js';

/** Lower bars have no room for words. */
const LEAST_WORDS = 10;

export function drawServer(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  if (!sheet.shows('leases')) return;
  const track = scene.spans('lease', host);
  if (track.countWithin(fromUs, untilUs) > sheet.many) {
    return sheet.rest?.drawColumns(sheet, y + 3, height - 6, [{ track, paint: 'neutral' }]);
  }
  const leases = track.within(fromUs, untilUs);
  const { floors, count } = floorsOf(leases);
  const room = (height - 6) / count;
  leases.forEach((lease, index) => {
    drawLease(sheet, lease, y + 3 + floors[index]! * room, room);
  });
}

function drawLease(sheet: Sheet, lease: ModelSpan, y: number, room: number): void {
  const { model } = sheet.scene;
  const wedge = Math.min(14, room * 0.4);
  const height = Math.min(16, room - wedge - 2);
  const { owner, host } = model.record(lease.by) as LeaseRecord;
  const name = owner?.host ?? host;
  const client = model.hosts.findIndex(({ id }) => id === name);
  const paint = client < 0 ? 'neutral' : sheet.paintOf(client);
  const ref = { row: lease.by };
  sheet.span(lease, y, height, { fill: paint, ref });
  const known = sure(lease);
  const place = { y, height, paint };
  const turnUs = sheet.rest?.drawPlace(sheet, lease, client, place) ?? known.fromUs;
  if (height >= LEAST_WORDS) {
    sheet.label(turnUs, known.untilUs, y + height / 2 + 4, name, 'onFill', { ref });
  }
  for (const term of termsOf(sheet.scene, lease)) {
    const { fromUs, untilUs, termUs } = term;
    const plain: Drain = [
      [fromUs, termUs],
      [Math.min(fromUs + termUs, untilUs), Math.max(0, termUs - untilUs + fromUs)],
    ];
    const drain = sheet.rest?.drainOf(model, term) ?? plain;
    const x = (atUs: number) => sheet.x(atUs);
    const top = y + height + 1;
    const points: [number, number][] = [[x(fromUs), top]];
    for (const [atUs, leftUs] of drain) points.push([x(atUs), top + wedge * (leftUs / termUs)]);
    points.push([x(drain.at(-1)![0]), top]);
    sheet.add({
      type: 'line',
      points,
      fill: paint,
      opacity: 0.45,
      ref,
    });
  }
}

/** The lease and its extensions, each until the next: those that have an end. */
export function termsOf({ model, leases }: Scene, lease: ModelSpan): Term[] {
  const first = model.record(lease.by) as LeaseRecord;
  const [{ host, incarnation }, terms] = [first.owner ?? first, [] as Term[]];
  let untilUs = lease.untilUs;
  const rows = leases.get(lease.host)?.within(lease.fromUs, lease.untilUs) ?? [];
  for (const { row, fromUs } of rows.reverse()) {
    if (row < lease.by) break;
    const record = model.record(row) as LeaseRecord;
    const owner = record.owner ?? record;
    const isOurs = owner.host === host && owner.incarnation === incarnation;
    const extends_ = record.extends && record.key === first.key && isOurs;
    if (row > lease.by && !(extends_ && fromUs < lease.untilUs)) continue;
    const { termUs } = record;
    if (typeof termUs === 'number' && termUs > 0) {
      terms.push({ host: lease.host, fromUs, untilUs, termUs });
    }
    untilUs = fromUs;
  }
  return terms;
}

/**
 * A server: whose lease it holds, in its holder's colour, and under it the lease draining. Its
 * wedge is full when the lease is granted or extended and empty when its term is over.
 */
import type { LeaseRecord } from '../../history.js';
import { sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import { drawColumns } from './columns.js';
import type { Lane } from './lanes.js';
import type { Paint } from './marks.js';
import type { Sheet } from './sheet.js';

export function drawServer(sheet: Sheet, lane: Lane): void {
  const { scene, fromUs, untilUs } = sheet;
  const { host, y, height } = lane;
  if (!sheet.shows('leases')) return;
  const track = scene.spans('lease', host);
  if (track.countWithin(fromUs, untilUs) > sheet.many) {
    return drawColumns(sheet, y + 3, height - 6, [{ track, paint: 'neutral' }]);
  }
  const wedge = Math.min(14, height * 0.35);
  const bar = Math.min(16, height - wedge - 8);
  for (const lease of track.within(fromUs, untilUs)) drawLease(sheet, lease, y + 3, bar, wedge);
}

function drawLease(sheet: Sheet, lease: ModelSpan, y: number, bar: number, wedge: number): void {
  const record = sheet.scene.model.record(lease.by) as LeaseRecord;
  const owner = ownerOf(sheet, record);
  const paint = owner < 0 ? 'neutral' : sheet.paintOf(owner);
  const ref = { row: lease.by };
  sheet.span(lease, y, bar, { fill: paint, ref });
  const place = y + bar / 2 + 4;
  const known = sure(lease);
  sheet.label(known.fromUs, known.untilUs, place, record.owner?.host ?? record.host, 'onFill', {
    ref,
  });
  const terms = termsOf(sheet, lease);
  terms.forEach(({ fromUs, termUs }, index) => {
    if (typeof termUs !== 'number' || termUs === 0) return;
    const untilUs = Math.min(terms[index + 1]?.fromUs ?? lease.untilUs, lease.untilUs);
    drawWedge(sheet, { fromUs, untilUs, termUs, paint }, y + bar, wedge);
  });
}

/** One term of a lease: as asked for, until it was extended or ended. */
interface Term {
  readonly fromUs: number;
  readonly termUs: LeaseRecord['termUs'];
}

/** The lease and its extensions: from when the server counts each. */
function termsOf(sheet: Sheet, lease: ModelSpan): Term[] {
  const { model, leases } = sheet.scene;
  const first = model.record(lease.by) as LeaseRecord;
  const terms: Term[] = [{ fromUs: lease.fromUs, termUs: first.termUs }];
  for (const { row, fromUs } of leases.get(lease.host)?.within(lease.fromUs, lease.untilUs) ?? []) {
    if (row <= lease.by || fromUs >= lease.untilUs) continue;
    const record = model.record(row) as LeaseRecord;
    if (record.extends && record.key === first.key) terms.push({ fromUs, termUs: record.termUs });
  }
  return terms;
}

/** The time left of a term: full at its beginning, empty where it would have ended. */
function drawWedge(
  sheet: Sheet,
  term: {
    readonly fromUs: number;
    readonly untilUs: number;
    readonly termUs: number;
    readonly paint: Paint;
  },
  y: number,
  height: number,
): void {
  const { fromUs, termUs, paint } = term;
  const untilUs = Math.min(fromUs + termUs, term.untilUs);
  const left = height * (1 - (untilUs - fromUs) / termUs);
  sheet.add({
    type: 'line',
    points: [
      [sheet.x(fromUs), y + 1],
      [sheet.x(fromUs), y + 1 + height],
      [sheet.x(untilUs), y + 1 + left],
      [sheet.x(untilUs), y + 1],
    ],
    fill: paint,
    opacity: 0.45,
  });
}

/** The client whose lease it is. */
function ownerOf({ scene }: Sheet, { owner, host }: LeaseRecord): number {
  const id = owner?.host ?? host;
  return scene.model.hosts.findIndex((one) => one.id === id);
}

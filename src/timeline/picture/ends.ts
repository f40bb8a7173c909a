/**
 * Bars of which an end is known within bounds only: full where the thing lasted for sure, faint
 * where it may have, with a whisker to the earliest or latest instant. Not by its colour alone.
 */
import { possible, sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import type { RectMark } from './marks.js';
import type { Sheet } from './sheet.js';

type Look = Partial<Omit<RectMark, 'type' | 'x' | 'y' | 'width' | 'height'>>;

const FAINT = 0.3;

/** A bar over a span, whose `fill` or `stroke` its uncertain ends take. */
export function drawSpan(
  sheet: Sheet,
  span: ModelSpan,
  y: number,
  height: number,
  look: Look,
): void {
  const known = sure(span);
  if (known.untilUs > known.fromUs || span.bounds === undefined) {
    sheet.bar(known.fromUs, known.untilUs, y, height, look);
  }
  if (span.bounds === undefined) return;
  const most = possible(span);
  drawEnd(sheet, known.fromUs, most.fromUs, y, height, look);
  drawEnd(sheet, known.untilUs, most.untilUs, y, height, look);
}

/** From where it is sure to where it is possible no longer. */
function drawEnd(
  sheet: Sheet,
  sureUs: number,
  mostUs: number,
  y: number,
  height: number,
  { fill, ref, stroke = fill }: Look,
): void {
  if (sureUs === mostUs || stroke === undefined) return;
  const [from, until] = sureUs < mostUs ? [sureUs, mostUs] : [mostUs, sureUs];
  sheet.bar(from, until, y, height, { fill: stroke, opacity: FAINT, ref });
  const [x, end] = [sheet.x(sureUs), sheet.x(mostUs)];
  const middle = y + height / 2;
  const line = { type: 'line', stroke, strokeWidth: 1.5, ref } as const;
  sheet.add({
    ...line,
    points: [
      [x, middle],
      [end, middle],
    ],
  });
  sheet.add({
    ...line,
    points: [
      [end, y],
      [end, y + height],
    ],
  });
}

/**
 * Bars of which an end is known within bounds only: full where the thing lasted for sure, faint
 * where it may have, with a whisker to the earliest or latest instant. Not by its colour alone.
 */
import { possible, sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import type { Mark, Paint, RectMark, Ref } from './marks.js';
import type { Sheet } from './sheet.js';

type Look = Partial<Omit<RectMark, 'type' | 'x' | 'y' | 'width' | 'height'>>;

interface Place {
  readonly y: number;
  readonly height: number;
}

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
  drawEnd(sheet, known.fromUs, most.fromUs, { y, height }, look);
  drawEnd(sheet, known.untilUs, most.untilUs, { y, height }, look);
}

function drawEnd(sheet: Sheet, sureUs: number, mostUs: number, place: Place, look: Look): void {
  const { fill, ref, stroke = fill } = look;
  const [x, end] = [sheet.x(sureUs), sheet.x(mostUs)].map((at) => sheet.within(at));
  if (x === end || stroke === undefined) return;
  for (const mark of endMarks(x!, end!, place, { stroke, ref })) sheet.add(mark);
}

/** Of an end that is sure at one place and possible up to another. */
export function endMarks(
  sureX: number,
  mostX: number,
  { y, height }: Place,
  { stroke, ref }: { readonly stroke: Paint; readonly ref?: Ref | undefined },
): Mark[] {
  const x = Math.min(sureX, mostX);
  const width = Math.max(Math.abs(mostX - sureX), 1);
  const middle = y + height / 2;
  const line = { type: 'line', stroke, strokeWidth: 1.5, ref } as const;
  return [
    { type: 'rect', x, y, width, height, fill: stroke, opacity: FAINT, ref },
    {
      ...line,
      points: [
        [sureX, middle],
        [mostX, middle],
      ],
    },
    {
      ...line,
      points: [
        [mostX, y],
        [mostX, y + height],
      ],
    },
  ];
}

/**
 * Bars of which an end is known within bounds only: full where the thing lasted for sure, faint
 * where it may have, with a whisker to the earliest or latest instant. Not by its colour alone.
 */
import { possible, sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import type { Mark, Paint, Ref } from './marks.js';
import type { Look, Sheet } from './sheet.js';

interface Place {
  readonly y: number;
  readonly height: number;
}

const FAINT = 0.3;

/** The uncertain ends of a span: around the bar of the part that is sure. */
export function drawEnds(sheet: Sheet, span: ModelSpan, place: Place, look: Look): void {
  const [known, most] = [sure(span), possible(span)];
  drawEnd(sheet, known.fromUs, most.fromUs, place, look);
  drawEnd(sheet, known.untilUs, most.untilUs, place, look);
}

/** From the earliest to the latest instant at which a row may have happened, around its mark. */
export function drawWhiskers(sheet: Sheet, row: number, y: number, stroke: Paint): void {
  const { model } = sheet.scene;
  const x = sheet.x(model.atUs[row]!);
  const place = { y: y - 4, height: 8 };
  for (const atUs of model.boundsOf(row) ?? []) {
    for (const mark of endMarks(x, sheet.x(atUs), place, { stroke, ref: { row } })) sheet.add(mark);
  }
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

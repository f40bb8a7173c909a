/** Pictures of hand-made stories, for tests that look at single marks. */
import type { Fault } from '../../../src/fault.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { timeWarp, type View, viewOf, xAt } from '../../../src/timeline/picture/axis.js';
import { type Lane, lanesOf } from '../../../src/timeline/picture/lanes.js';
import type { LineMark, Mark, RectMark } from '../../../src/timeline/picture/marks.js';
import { pictureOf } from '../../../src/timeline/picture/picture.js';
import * as rest from '../../../src/timeline/picture/rest.js';
import { Scene } from '../../../src/timeline/picture/scene.js';
import { traceFile } from '../../../src/timeline/write.js';
import type { Story } from '../../checkers/history-builder.js';
import { traceOf } from '../../story/telling.js';

export const measure = (text: string, size: number) => text.length * size * 0.55;

/** The trace of a story, with these faults beneath it. */
export function modelOfStory(told: Story, faults: readonly Fault[] = []): TraceModel {
  return new TraceModel(traceFile({ ...traceOf(told, { faults }), digest: 'd' }, [], '0.1.0'));
}

export interface Drawn {
  readonly marks: readonly Mark[];
  readonly lanes: readonly Lane[];
  readonly view: View;
  x(atMs: number): number;
  lane(name: string): Lane;
  /** Bars of a lane, without its ground. */
  bars(name: string): RectMark[];
  lines(name: string): LineMark[];
  readonly texts: readonly string[];
}

/** A picture in true time, of some milliseconds. */
export function drawnOf(model: TraceModel, fromMs: number, untilMs: number): Drawn {
  const view = viewOf(timeWarp(model), 1_000, fromMs * 1_000, untilMs * 1_000);
  const lanes = lanesOf(model, 'large');
  const { marks } = pictureOf(new Scene(model), { view, lanes, measure, rest });
  const lane = (name: string) => lanes.find((one) => one.name === name)!;
  const isIn = (y: number, name: string) => {
    const { y: top, height } = lane(name);
    return y >= top && y <= top + height;
  };
  return {
    marks,
    lanes,
    view,
    x: (atMs) => xAt(view, atMs * 1_000),
    lane,
    bars: (name) =>
      marks.filter(
        (mark): mark is RectMark =>
          mark.type === 'rect' && mark.ref !== undefined && isIn(mark.y, name),
      ),
    lines: (name) =>
      marks.filter(
        (mark): mark is LineMark =>
          mark.type === 'line' && mark.points.every(([, y]) => isIn(y, name)),
      ),
    texts: marks.flatMap((mark) => (mark.type === 'text' ? [mark.text] : [])),
  };
}

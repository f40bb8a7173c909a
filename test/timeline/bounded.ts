/** Runs that are known within bounds only, for tests: a story whose spans have given slack. */
import type { TraceFile } from '../../src/timeline/format.js';
import { TraceModel } from '../../src/timeline/model.js';
import { fileOf } from './models.js';

/** By how much everything may have happened earlier or later, µs. */
export interface Slack {
  readonly before: number;
  readonly after: number;
}

export function boundedFileOf(story: string, { before, after }: Slack): TraceFile {
  const file = fileOf(story);
  const same = (count: number, us: number) => new Array<number>(count).fill(us);
  return {
    ...file,
    meta: { ...file.meta, source: 'real', truth: 'bounded' },
    ev: {
      ...file.ev,
      before: same(file.ev.dt.length, before),
      after: same(file.ev.dt.length, after),
    },
    spans: file.spans.map((span) => ({
      ...span,
      fromBeforeUs: same(span.by.length, before),
      fromAfterUs: same(span.by.length, after),
      untilBeforeUs: same(span.by.length, before),
      untilAfterUs: same(span.by.length, after),
    })),
  };
}

export function boundedModelOf(story: string, slack: Slack): TraceModel {
  return new TraceModel(boundedFileOf(story, slack));
}

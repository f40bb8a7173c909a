/** Runs for tests of what is drawn: the canonical stories, as traces. */
import type { TraceFile } from '../../src/timeline/format.js';
import { TraceModel } from '../../src/timeline/model.js';
import { traceFile } from '../../src/timeline/write.js';
import { judged } from '../cli/reports.js';

/** The trace of a story by its name, with the verdict that it is told for. */
export function fileOf(story: string): TraceFile {
  const { trace, verdict } = judged(story);
  return traceFile(trace, [verdict], '0.1.0');
}

export function modelOf(story: string): TraceModel {
  return new TraceModel(JSON.parse(JSON.stringify(fileOf(story))) as TraceFile);
}

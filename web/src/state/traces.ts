/** Where the page gets a trace from. */
import type { TraceFile } from '../../../src/timeline/format.js';

export interface OpenedTrace {
  readonly file: TraceFile;
  /** Digest that the run must have, if its replay code says one. */
  readonly expected?: string;
}

/**
 * The run of a replay code, made in the page; without one the trace that came with the page: inside
 * it (a report) or beside it (`holdfast view`).
 *
 * @throws {Error} with a sentence for the reader if there is none, or it cannot be read.
 */
export async function openTrace(run: string | undefined): Promise<OpenedTrace> {
  if (run !== undefined) {
    const { simulator } = await import('../simulator/index.js');
    const { decodeReplay } = await import('../../../src/host/browser-replay.js');
    const { digest, ...plan } = await decodeReplay(run);
    return { file: (await simulator.play(plan)).trace, expected: digest };
  }
  const { readTrace } = await import('../../../src/timeline/read.js');
  const inlined = document.getElementById('trace')?.textContent;
  if (inlined) return { file: readTrace(inlined, 'the trace in this page') };
  const answer = await fetch('./trace.json').catch(() => undefined);
  if (answer?.ok !== true) {
    throw new Error(
      'There is no trace here. Open one with `npx holdfast view file.json`, or choose a lesson.',
    );
  }
  return { file: readTrace(await answer.text(), 'trace.json') };
}

/** Whether a trace came with the page. */
export async function hasTrace(): Promise<boolean> {
  if (document.getElementById('trace') !== null) return true;
  const answer = await fetch('./trace.json', { method: 'HEAD' }).catch(() => undefined);
  return answer?.ok === true;
}

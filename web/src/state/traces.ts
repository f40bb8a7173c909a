/** Where the page gets a trace from. */
import type { TraceFile } from '../../../src/timeline/format.js';

/**
 * The run of a replay code, made in the page; without one the trace that came with the page: inside
 * it (a report) or beside it (`holdfast view`).
 *
 * @throws {Error} with a sentence for the reader if there is none, or it cannot be read.
 */
export async function openTrace(run: string | undefined): Promise<TraceFile> {
  if (run !== undefined) {
    const { simulator } = await import('../simulator/index.js');
    const { decodeReplay } = await import('../../../src/host/browser-replay.js');
    return (await simulator.play(await decodeReplay(run))).trace;
  }
  const inlined = document.getElementById('trace')?.textContent;
  if (inlined) return JSON.parse(inlined) as TraceFile;
  const answer = await fetch('./trace.json').catch(() => undefined);
  if (answer?.ok !== true) {
    throw new Error(
      'There is no trace here. Open one with `npx holdfast view file.json`, or choose a lesson.',
    );
  }
  return (await answer.json()) as TraceFile;
}

/** Whether a trace came with the page. */
export async function hasTrace(): Promise<boolean> {
  if (document.getElementById('trace') !== null) return true;
  const answer = await fetch('./trace.json', { method: 'HEAD' }).catch(() => undefined);
  return answer?.ok === true;
}

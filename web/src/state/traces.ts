/** Where the page gets a trace from. */
import { signal } from '@preact/signals';
import type { TraceFile } from '../../../src/timeline/format.js';
import { simulator } from '../simulator/index.js';

/** A trace that the reader opened from a file; it takes the place of the one beside the page. */
export const openedTrace = signal<TraceFile | undefined>(undefined);

/** What stands beside or inside the page, by its name there. */
const BESIDE = 'trace.json';

export interface OpenedTrace {
  readonly file: TraceFile;
  /** Digest that the run must have, if its replay code says one. */
  readonly expected?: string;
}

/**
 * The run of a replay code, made in the page; without one the trace that was opened, or the one
 * that came with the page: inside it or beside it (`holdfast view`).
 *
 * @throws {Error} with a sentence for the reader if there is none, or it cannot be read.
 */
export async function openTrace(run: string | undefined): Promise<OpenedTrace> {
  if (run !== undefined) {
    const { decodeReplay } = await import('../../../src/host/browser-replay.js');
    const { digest, ...plan } = await decodeReplay(run);
    return { file: (await simulator.play(plan)).trace, expected: digest };
  }
  if (openedTrace.value !== undefined) return { file: openedTrace.value };
  return {
    file: await traceBeside(
      BESIDE,
      'There is no trace here: open a file, or start the page with `npx holdfast view file.json`.',
    ),
  };
}

/** Whether a name is that of a trace beside the page (`holdfast view --compare`). */
export const isBeside = (name: string): boolean => /^[a-z0-9-]+\.json$/.test(name);

/**
 * The trace of that name beside the page.
 *
 * @throws {Error} with a sentence for the reader if there is none, or it cannot be read.
 */
export async function traceBeside(
  name: string,
  without = `There is no ${name} beside this page.`,
): Promise<TraceFile> {
  const text = await textBeside(name);
  if (text === undefined) throw new Error(without);
  const { readTrace } = await import('../../../src/timeline/read.js');
  return readTrace(text, name);
}

/** A document that is served beside the page; `undefined` if there is none. */
export async function textBeside(name: string): Promise<string | undefined> {
  const answer = await fetch(`./${name}`).catch(() => undefined);
  return answer?.ok === true ? answer.text() : undefined;
}

/** Browsers hold no longer texts, in bytes. */
const LARGEST = 500_000_000;

/**
 * The trace in a file, gunzipped if need be.
 *
 * @throws {Error} with a sentence that names the file.
 */
export async function readFile(file: File): Promise<TraceFile> {
  const text = await textOf(file);
  const { readTrace } = await import('../../../src/timeline/read.js');
  return readTrace(text, file.name);
}

/**
 * The text in a file, gunzipped if need be.
 *
 * @throws {Error} with a sentence that names the file.
 */
export async function textOf(file: File): Promise<string> {
  if (file.size > LARGEST) {
    const mb = LARGEST / 1_000_000;
    throw new Error(`${file.name} is too large to be read: a trace has at most ${mb} MB of text`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isZipped ? unzipped(file) : new TextDecoder().decode(bytes);
}

async function unzipped(file: File): Promise<string> {
  try {
    return await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text();
  } catch {
    throw new Error(
      `${file.name} is compressed by gzip, and damaged or cut short; copy or write it again, whole`,
    );
  }
}

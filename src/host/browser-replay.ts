/**
 * Replay codes in a browser, whose compression is asynchronous. What it writes Node reads, and the
 * other way round.
 */
import {
  asCodeError,
  fromCode,
  packPlan,
  type ReplayPlan,
  toCode,
  unpackPlan,
} from '../search/replay-code.js';

/** The code of a run. */
export async function encodeReplay(plan: ReplayPlan): Promise<string> {
  return toCode(await through(new CompressionStream('deflate-raw'), packPlan(plan)));
}

/**
 * The run in a code.
 *
 * @throws {ReplayCodeError} saying what is wrong with the code, and what to do.
 */
export async function decodeReplay(code: string): Promise<ReplayPlan> {
  const deflated = fromCode(code);
  try {
    return unpackPlan(await through(new DecompressionStream('deflate-raw'), deflated));
  } catch (error) {
    throw asCodeError(error, code);
  }
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What goes wrong in between, whoever reads is told.
  const written = Promise.all([writer.write(bytes as Uint8Array<ArrayBuffer>), writer.close()]);
  written.catch(() => {});
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}

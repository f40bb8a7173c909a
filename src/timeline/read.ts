/**
 * Reads a trace file, and believes nothing of it: whoever draws or counts what it says may rely on
 * shape, order and references. Fields and kinds that it does not know are let through, so that a
 * later Holdfast can add some (docs/trace-format.md).
 */
import type { TraceFile } from './format.js';
import { wrongReference } from './reading/references.js';
import { isObject, shown, whole } from './reading/shape.js';
import { traceShape } from './reading/trace-shape.js';

const FORMAT = 'holdfast-trace';
const VERSION = 1;

/** What is wrong with a trace file, and where, in one sentence that names the file. */
export class TraceProblem extends Error {
  override readonly name = 'TraceProblem';
}

/**
 * The trace in a text, whose every index leads somewhere.
 *
 * @param name The name of the file, for the sentence.
 * @throws {TraceProblem}
 */
export function readTrace(content: string, name: string): TraceFile {
  const json = parsed(content, name);
  const problem = wrongFormat(json) ?? traceShape(json)?.slice('.'.length);
  if (problem !== undefined) throw new TraceProblem(`${name}: ${problem}`);
  const file = json as TraceFile;
  const wrong = wrongReference(file);
  if (wrong !== undefined) throw new TraceProblem(`${name}: ${wrong}`);
  return file;
}

function parsed(content: string, name: string): unknown {
  try {
    // Some editors begin a file with a mark of its byte order.
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TraceProblem(
      content.trim() === ''
        ? `${name} is empty; write the trace again`
        : isCutShort(content)
          ? `${name} ends in the middle, after ${content.length} characters; ` +
            'copy or write it again, whole'
          : `${name} is no JSON: ${reason}`,
    );
  }
}

/** Whether all is well nested, and something is open at the end. */
function isCutShort(content: string): boolean {
  const open: string[] = [];
  let quoted = false;
  for (let index = 0; index < content.length; index++) {
    const char = content[index]!;
    if (quoted) {
      if (char === '\\') index++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') open.push('}');
    else if (char === '[') open.push(']');
    else if ((char === '}' || char === ']') && open.pop() !== char) return false;
  }
  return quoted || open.length > 0;
}

function wrongFormat(json: unknown): string | undefined {
  const { format, v, meta } = isObject(json) ? json : {};
  if (format !== FORMAT) {
    const found = format === undefined ? 'it has no format' : `its format is ${shown(format)}`;
    return `this is no trace of Holdfast: ${found}, not "${FORMAT}"`;
  }
  if (v === VERSION) return undefined;
  if (!Number.isSafeInteger(v)) return `v${whole()(v)}`;
  const maker = isObject(meta) && typeof meta['engine'] === 'string' ? ` ${meta['engine']}` : '';
  return (
    `v is ${shown(v)}, and this Holdfast reads version ${VERSION} of the format; ` +
    `use Holdfast${maker}, which wrote it, or replay the run with this one and write it again`
  );
}

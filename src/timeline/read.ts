/**
 * Reads a trace file, and believes nothing of it: whoever draws or counts what it says may rely on
 * shape, order and references. Fields and kinds that it does not know are let through, so that a
 * later Holdfast can add some (docs/trace-format.md).
 */
import type { TraceFile } from './format.js';
import { DocumentProblem, parsedJson } from './reading/json.js';
import { wrongReference } from './reading/references.js';
import { isObject, shown, whole } from './reading/shape.js';
import { traceShape } from './reading/trace-shape.js';

const FORMAT = 'holdfast-trace';
const VERSION = 1;

/**
 * The trace in a text, whose every index leads somewhere.
 *
 * @param name The name of the file, for the sentence.
 * @throws {DocumentProblem}
 */
export function readTrace(content: string, name: string): TraceFile {
  const json = parsedJson(content, name, 'trace');
  const problem = wrongFormat(json) ?? traceShape(json)?.slice('.'.length);
  if (problem !== undefined) throw new DocumentProblem(`${name}: ${problem}`);
  const file = json as TraceFile;
  const wrong = wrongReference(file);
  if (wrong !== undefined) throw new DocumentProblem(`${name}: ${wrong}`);
  return file;
}

function wrongFormat(json: unknown): string | undefined {
  const { format, v, meta } = isObject(json) ? json : {};
  if (format !== FORMAT) {
    const found = format === undefined ? 'missing' : shown(format);
    return `this is no trace of Holdfast: its format is ${found}, not "${FORMAT}"`;
  }
  if (v === VERSION) return undefined;
  if (!Number.isSafeInteger(v)) return `v${whole()(v)}`;
  const maker = isObject(meta) && typeof meta['engine'] === 'string' ? ` ${meta['engine']}` : '';
  return (
    `v is ${shown(v)}, and this Holdfast reads version ${VERSION} of the format; ` +
    `use Holdfast${maker}, which wrote it, or replay the run with this one and write it again`
  );
}

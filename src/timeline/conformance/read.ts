/** Reads a conformance document, and believes nothing of it (docs/conformance-format.md). */
import { serviceOf } from '../../service.js';
import { DocumentProblem, parsedJson } from '../reading/json.js';
import {
  fields,
  from0,
  isObject,
  listOf,
  must,
  number,
  oneOf,
  recordOf,
  shown,
  text,
  whole,
} from '../reading/shape.js';
import { type ConformanceDocument, FORMAT, type StoryReport } from './document.js';

const VERSION = 1;

const server = must(
  'the name of a server, such as r1',
  (value) => serviceOf(String(value)) !== undefined,
);

const storyShape = fields({
  'id?': text,
  lock: text,
  'lockFile?': text,
  code: text,
  property: text,
  'class?': text,
  faults: listOf(text),
  ttlMs: from0,
  servers: listOf(server),
  outcome: oneOf('confirmed', 'not-reproduced', 'cannot-be-played'),
  'why?': text,
  'atUs?': number,
  attempts: whole(1),
  steps: whole(0),
  'timing?': fields({ steps: whole(1), medianUs: number, p95Us: number, maxUs: number }),
  tookMs: from0,
  environment: recordOf(text),
  differences: listOf(text),
});

const documentShape = fields({
  'stories?': listOf(storyShape),
  'services?': listOf(
    fields({
      service: text,
      server: text,
      unit: text,
      commands: whole(0),
      sequences: whole(0),
      divergences: listOf(() => undefined),
      named: listOf(fields({ name: text, reason: text, sequences: whole(0) })),
    }),
  ),
});

/**
 * The document in a text.
 *
 * @param name The name of the file, for the sentence.
 * @throws {DocumentProblem} with a sentence that names file and place.
 */
export function readConformance(content: string, name: string): ConformanceDocument {
  const json = parsedJson(content, name, 'document');
  const problem = wrongFormat(json) ?? documentShape(json)?.slice('.'.length) ?? wrongStory(json);
  if (problem !== undefined) throw new DocumentProblem(`${name}: ${problem}`);
  return json as ConformanceDocument;
}

function wrongFormat(json: unknown): string | undefined {
  const { format, v, stories, services } = isObject(json) ? json : {};
  if (format !== FORMAT) {
    const found = `its format is ${format === undefined ? 'missing' : shown(format)}`;
    const remedy = 'write one with `npx holdfast real replay <code> --json`';
    return `this is no conformance document: ${found}, not "${FORMAT}"; ${remedy}`;
  }
  if (v !== VERSION) {
    const found = v === undefined ? 'missing' : shown(v);
    return `v is ${found}, and this Holdfast reads version ${VERSION} of the format`;
  }
  if (stories !== undefined || services !== undefined) return undefined;
  return 'it holds neither stories nor services: there is nothing to show';
}

/** What is not confirmed says why. */
function wrongStory(json: unknown): string | undefined {
  const { stories = [] } = json as { readonly stories?: readonly StoryReport[] };
  const at = stories.findIndex(({ outcome, why }) => outcome !== 'confirmed' && why === undefined);
  if (at < 0) return undefined;
  return `stories[${at}].why is missing: its outcome is ${stories[at]!.outcome}`;
}

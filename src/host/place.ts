/**
 * Finds the place in the code under test on a stack: the innermost frame that belongs neither to
 * Holdfast's machinery nor to Node. Built-in locks count as code under test, built-in workloads do
 * not: nobody looks for the fault there.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]+):(\d+):\d+\)?$/;
const LOCKS = path.join(packageRoot, 'algorithms') + path.sep;
/** Of a stack that is to tell a place. */
export const FRAMES = 30;

/** `file:line` of the code under test in an error's stack. */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  for (const line of error.stack.split('\n').slice(1)) {
    const frame = FRAME.exec(line.trim());
    if (frame === null) continue;
    const [, location, lineNumber] = frame as unknown as [string, string, string];
    const file = location.startsWith('file:') ? fileURLToPath(location.split('?')[0]!) : location;
    if (isUnderTest(file)) return `${path.basename(file)}:${lineNumber}`;
  }
  return undefined;
}

/** The place that is running now, or that an error came from. */
export function locate(thrown?: unknown): string | undefined {
  return thrown === undefined ? placeNow() : placeOf(thrown);
}

/** Of most stacks so many hold the code under test. */
const NEAR_FRAMES = 12;
/** Places by the position in the code that runs. */
const known = new Map<string, string | undefined>();

/**
 * The text of a stack takes longer than the event it is asked for, so it is made once for each
 * position. It cannot do without: what a transpiler has moved, the text alone tells.
 */
function placeNow(): string | undefined {
  const sites = callSites();
  const site = sites.find((one) => isFileUnderTest(one.getFileName() ?? ''));
  if (site === undefined) return sites.length < NEAR_FRAMES ? undefined : placeOf(withStack());
  const position = `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  let place = known.get(position);
  if (place === undefined && !known.has(position)) {
    place = placeOf(withStack());
    known.set(position, place);
  }
  return place;
}

/** The innermost frames, without their text. */
function callSites(): readonly NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = NEAR_FRAMES;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = new Error().stack as unknown as readonly NodeJS.CallSite[];
  Error.stackTraceLimit = stackTraceLimit;
  (Error as { prepareStackTrace: unknown }).prepareStackTrace = prepareStackTrace;
  return sites;
}

const filesUnderTest = new Map<string, boolean>();

function isFileUnderTest(name: string): boolean {
  let answer = filesUnderTest.get(name);
  if (answer === undefined) {
    const file = name.startsWith('file:') ? fileURLToPath(name.split('?')[0]!) : name;
    answer = path.isAbsolute(file) && isUnderTest(file);
    filesUnderTest.set(name, answer);
  }
  return answer;
}

function withStack(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const error = new Error();
  Error.stackTraceLimit = limit;
  return error;
}

/** A call of the environment, and the place in the code under test that makes it. */
export interface PlacedCall {
  /** As in the code: `sleep`, `redis.call`, `section.write`. */
  readonly name: string | undefined;
  readonly place: string | undefined;
}

/** The call of the environment that is being made. */
export function placedCall(error = withStack()): PlacedCall {
  return { name: callIn(error), place: placeOf(error) };
}

const SIMULATED = /^at (?:new )?Sim([A-Z]\w*?)(?:Connection|Client|Session|Environment)?\.(\w+)/;

/** The outermost of the functions of what the kernel hands out. */
function callIn({ stack = '' }: Error): string | undefined {
  const calls = stack.split('\n').map((line) => SIMULATED.exec(line.trim()));
  const first = calls.findIndex((call) => call !== null);
  if (first < 0) return undefined;
  const beyond = calls.findIndex((call, index) => index > first && call === null);
  const [, of, method] = calls.at(beyond < 0 ? -1 : beyond - 1) as RegExpExecArray;
  return of === 'Environment' ? method : `${of!.toLowerCase()}.${method}`;
}

function isUnderTest(file: string): boolean {
  if (file.includes(`${path.sep}node_modules${path.sep}tsx${path.sep}`)) return false;
  if (!file.startsWith(packageRoot + path.sep)) return true;
  return file.startsWith(LOCKS);
}

/**
 * `holdfast view`: the viewer in a browser, with a trace, a replay code, the last finding, or what
 * came of stories on real servers.
 */
import { readFileSync } from 'node:fs';
import { isReplayCode } from '../../host/code-text.js';
import { UsageError } from '../../host/engine-api.js';
import { plural } from '../../story/words.js';
import { isConformance } from '../../timeline/conformance/document.js';
import { readConformance } from '../../timeline/conformance/read.js';
import { readTrace } from '../../timeline/read.js';
import { wholeNumber } from '../arguments.js';
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { interruptible } from '../interrupt.js';
import { lastCounterexample } from '../last-counterexample.js';
import { openInBrowser } from '../open-browser.js';
import { readDocumentText, readTraceFile } from '../trace-input.js';
import { traceText } from '../trace-output.js';
import { assertViewer } from '../viewer-files.js';
import { serveViewer } from '../viewer-server.js';

export interface ViewOptions {
  readonly port?: string;
  readonly lock?: string;
  readonly matrix?: string;
  readonly open?: boolean;
  readonly compare?: string;
}

const PORT_MAX = 65_535;

export async function view(
  session: Session,
  what: string | undefined,
  options: ViewOptions,
): Promise<number> {
  assertViewer();
  const port = options.port === undefined ? 0 : wholeNumber('--port', options.port, 0, PORT_MAX);
  const documents = new Map<string, string>();
  const opened = await open(session, what, options.lock);
  if (opened !== undefined) documents.set(`/${opened.kind}.json`, opened.text);
  if (options.matrix !== undefined)
    documents.set('/matrix.json', readText('--matrix', options.matrix));
  // What was asked for comes first: the last counterexample only where nothing was.
  const isMatrix = what === undefined && options.matrix !== undefined;
  if (options.compare !== undefined) {
    if (opened === undefined) {
      throw new UsageError('--compare: with what? holdfast view --compare one.json other.json');
    }
    if (opened.kind !== 'trace') {
      throw new UsageError(`--compare: ${what} is no trace; only two traces are laid side by side`);
    }
    documents.set('/other.json', JSON.stringify(readTraceFile(options.compare)));
  }
  const page = isMatrix ? '#/matrix' : pageOf(opened, options.compare);
  const serving = await serveViewer(documents, port);
  const { terminal } = session;
  await interruptible(session, (stop) => {
    terminal.line(`${serving.address}${page}`);
    terminal.note(`${opened?.title ?? 'the viewer, without a trace'}; Ctrl-C ends it`);
    if (options.open === true) {
      openInBrowser(`${serving.address}${page}`, (sentence) => terminal.note(sentence));
    }
    return aborted(stop);
  });
  await serving.close();
  return EXIT.valid;
}

function pageOf(opened: Opened | undefined, other: string | undefined): string {
  if (other !== undefined) return '#/cmp?a=other.json&b=trace.json';
  if (opened?.kind === 'conformance') return '#/conformance';
  return opened === undefined ? '' : '#/x';
}

interface Opened {
  readonly kind: 'trace' | 'conformance';
  readonly text: string;
  readonly title: string;
}

/** The trace that is asked for; without a word the last counterexample, if there is one. */
async function open(
  session: Session,
  what: string | undefined,
  lockFile: string | undefined,
): Promise<Opened | undefined> {
  if (what !== undefined && isReplayCode(what)) return replayed(session, what, lockFile);
  if (what !== undefined) return readOpened(what);
  const last = lastCounterexample(session.env);
  return last === undefined ? undefined : replayed(session, last.code, last.lockFile);
}

function readOpened(file: string): Opened {
  const text = readDocumentText(file);
  if (isConformance(text)) {
    const { stories = [] } = readConformance(text, file);
    const count = plural(stories.length, 'story', 'stories');
    const title = stories.length > 0 ? `${count} on real servers` : 'servers beside their models';
    return { kind: 'conformance', text, title };
  }
  const trace = readTrace(text, file);
  return { kind: 'trace', text: JSON.stringify(trace), title: trace.meta.title };
}

async function replayed(
  session: Session,
  code: string,
  lockFile: string | undefined,
): Promise<Opened> {
  const request = { code, trace: true, ...(lockFile !== undefined && { lockFile }) };
  const { trace, configuration } = await withEngine(session, (engine) => engine.replay(request));
  if (trace === undefined) throw new Error('the engine gave no trace of a replay');
  const title = `a run of ${configuration.algorithm}`;
  return { kind: 'trace', text: traceText(trace, code), title };
}

function readText(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`${option}: ${file} cannot be read (${code})`);
  }
}

function aborted(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
}

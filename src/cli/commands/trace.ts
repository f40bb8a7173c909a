/** `holdfast trace`: says whether files are traces, and turns a trace into other formats. */
import { UsageError } from '../../host/engine-api.js';
import { printable } from '../../printable.js';
import { list, plural } from '../../story/words.js';
import { chromeTrace } from '../../timeline/export/chrome.js';
import { historyLines } from '../../timeline/export/history-lines.js';
import { svgOfRun } from '../../timeline/export/picture.js';
import type { TraceFile } from '../../timeline/format.js';
import { TraceModel } from '../../timeline/model.js';
import { DocumentProblem } from '../../timeline/reading/json.js';
import { quoted } from '../arguments.js';
import type { Session } from '../context.js';
import { EXIT } from '../exit-code.js';
import { mustAllBeWritable, writeOutput } from '../output-file.js';
import { readTraceFile } from '../trace-input.js';

type Judged =
  | { readonly file: string; readonly problem: string }
  | {
      readonly file: string;
      readonly title: string;
      readonly hosts: number;
      readonly rows: number;
      readonly messages: number;
      readonly violations: number;
      readonly digest: string;
    };

/** Looks at all files, and ends with the worst that it found. */
export function validate(
  session: Session,
  files: readonly string[],
  { json = false }: { readonly json?: boolean },
): number {
  const { terminal } = session;
  let worst: number = EXIT.valid;
  const all = files.map((file): Judged => {
    try {
      const judged = { file, ...countsOf(readTraceFile(file)) };
      if (!json) terminal.line(lineOf(judged));
      return judged;
    } catch (error) {
      const isProblem = error instanceof DocumentProblem;
      if (!isProblem && !(error instanceof UsageError)) throw error;
      worst = Math.max(worst, isProblem ? EXIT.unknown : EXIT.usage);
      terminal.note(`holdfast: ${error.message}`);
      return { file, problem: error.message };
    }
  });
  if (json) terminal.line(JSON.stringify(all, undefined, 2));
  return worst;
}

function countsOf({ meta, hosts, ev, msg, violations }: TraceFile) {
  return {
    title: meta.title,
    hosts: hosts.length,
    rows: ev.dt.length,
    messages: msg.dt.length,
    violations: violations.length,
    digest: meta.digest,
  };
}

function lineOf({ file, title, digest, ...of }: { file: string } & ReturnType<typeof countsOf>) {
  const counts = [
    plural(of.hosts, 'host'),
    plural(of.rows, 'row'),
    plural(of.messages, 'message'),
    plural(of.violations, 'violation'),
  ];
  return printable(`${file}: ${title} · ${counts.join(' · ')} · digest ${digest}`);
}

const FORMATS: Readonly<Record<string, (model: TraceModel) => string>> = {
  chrome: (model) => `${JSON.stringify(chromeTrace(model))}\n`,
  history: historyLines,
  svg: svgOfRun,
};

/** Writes the trace in another format, to a file or to the standard output. */
export function exportTrace(
  session: Session,
  file: string,
  { to, out }: { readonly to: string; readonly out?: string },
): number {
  const write = Object.hasOwn(FORMATS, to) ? FORMATS[to] : undefined;
  if (write === undefined) {
    throw new UsageError(`--to takes ${list(Object.keys(FORMATS), 'or')}; it got ${quoted(to)}`);
  }
  mustAllBeWritable({ out }, ['out'], [file]);
  const text = write(new TraceModel(readTraceFile(file)));
  if (out === undefined) session.stdout.write(text);
  else {
    writeOutput('--out', out, text);
    session.terminal.note(`the trace is in ${out}`);
  }
  return EXIT.valid;
}

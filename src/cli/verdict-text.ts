/**
 * Verdicts in lines: one for each property, and of a violation its smallest run, its story, why it
 * happened and how to see it again.
 */
import type { HostId } from '../fault.js';
import type { Counterexample, PropertyReport, StoryRow } from '../report.js';
import { shortMeaning } from '../story/glossary/index.js';
import { count, instant, list, plural } from '../story/words.js';
import { replayArgument } from './replay-file.js';
import type { Paint, Style } from './terminal.js';
import { flow, indented, padEnd } from './text.js';
import { clause, hostsOf, timeline } from './timeline.js';

/** How a report is to be printed. */
export interface Look {
  readonly columns: number;
  readonly paint: Paint;
  /** What to add to a replay command: the lock file the code is about. */
  readonly lockFile?: string | undefined;
}

const NAME_WIDTH = 16;

/** The mark of a verdict, and how it is painted. */
export function glyphOf(report: PropertyReport): { glyph: string; style: Style } {
  switch (report.verdict) {
    case 'valid':
      return { glyph: '✓', style: 'green' };
    case 'invalid':
      return report.expected === true
        ? { glyph: '!', style: 'yellow' }
        : { glyph: '✗', style: 'red' };
    case 'unknown':
      return { glyph: '?', style: 'magenta' };
    case 'not-applicable':
      return { glyph: '–', style: 'dim' };
  }
}

/** One line about one property, wrapped. A violation that is not judged is marked like a claim. */
export function verdictLines(
  report: PropertyReport,
  { columns, paint }: Look,
  judged = true,
): string[] {
  const { glyph, style } = glyphOf(judged ? report : { ...report, expected: true });
  const head = `${glyph} ${padEnd(report.property, NAME_WIDTH)}  `;
  const lines = indented(summaryOf(report), columns, head, '    ');
  const painted = paint(style, `${glyph} ${report.property}`);
  lines[0] = lines[0]!.replace(`${glyph} ${report.property}`, painted);
  return lines.map((line) => line.trimEnd());
}

function summaryOf(report: PropertyReport): string {
  const { verdict, expected, reason, violations, unknown, class: violationClass } = report;
  if (verdict === 'not-applicable') {
    return `not applicable${reason === undefined ? '' : `: ${reason}`}`;
  }
  if (verdict !== 'invalid') return reason ?? '';
  const doubt = unknown ? `; unknown in ${plural(unknown.runs, 'run')}: ${unknown.reason}` : '';
  const runs = violations === undefined ? '' : ` (in ${plural(violations, 'run')})${doubt}`;
  if (expected !== true) return shortMeaning(report) + runs;
  const what = violationClass ?? shortMeaning(report);
  const claim = reason === undefined ? '' : `: ${reason}`;
  return `${what}, as claimed (expected)${claim}${runs}`;
}

/** The same of several. A reason that keeps more than one from being judged is told once. */
export function allVerdictLines(reports: readonly PropertyReport[], look: Look): string[] {
  const toldOf = new Map<string, PropertyReport['property']>();
  return reports.flatMap((report) => {
    const { verdict, reason, property } = report;
    const first = reason === undefined || verdict !== 'unknown' ? undefined : toldOf.get(reason);
    if (reason !== undefined) toldOf.set(reason, first ?? property);
    if (first === undefined) return verdictLines(report, look);
    return verdictLines({ ...report, reason: `for the same reason as ${first}` }, look);
  });
}

/** The properties that say nothing but yes, together. */
export function quietLines(reports: readonly PropertyReport[], { columns, paint }: Look): string[] {
  const names = reports.map(({ property }) => `✓ ${property}`);
  return flow(names, '   ', columns, '').map((line) => paint('green', line));
}

/** The smallest run of a violation, whole: size, timeline, why, replay. */
export function counterexampleLines(found: Counterexample, servers: readonly HostId[], look: Look) {
  const { columns, paint } = look;
  return [
    ...sizeLines(found, columns),
    '',
    // Every server of the lock has a column, also one that took no part.
    ...timeline(found.story, columns, paint, { ...hostsOf(found.story), servers }),
    '',
    ...indented(found.why, columns, '  why: ', '       '),
    replayLine(found, look),
  ];
}

/** The same in a paragraph: for a report on many locks. */
export function compactLines(found: Counterexample, look: Look): string[] {
  const { columns } = look;
  const rows = found.story.map(compactRow);
  return [
    ...sizeLines(found, columns),
    ...flow(rows, ' · ', columns, '    '),
    replayLine(found, look),
  ];
}

function compactRow(row: StoryRow): string {
  const broken = row.mark === 'violation' ? ' ✗' : '';
  return `${instant(row.atUs)} ${clause(row)}${broken}`;
}

export function sizeLines(found: Counterexample, columns: number): string[] {
  const { clients, faults, foundWith, necessary } = found;
  const size = `${plural(clients, 'client')}, ${plural(faults, 'fault')}`;
  const was =
    foundWith.clients === clients && foundWith.faults === faults
      ? `as found in run ${count(foundWith.run)}`
      : `was ${plural(foundWith.clients, 'client')}, ${plural(foundWith.faults, 'fault')} ` +
        `in run ${count(foundWith.run)}`;
  const need = necessary.length === 0 ? 'nothing but the order of events' : list(necessary);
  return [
    ...indented(`smallest run: ${size} (${was})`, columns, '  ', '    '),
    ...indented(`necessary: ${need}`, columns, '  ', '    '),
  ];
}

/** Never wrapped: it is there to be copied. */
export function replayLine({ replay }: Pick<Counterexample, 'replay'>, look: Look): string {
  const lock = look.lockFile === undefined ? '' : ` --lock ${look.lockFile}`;
  return `  replay: npx holdfast replay ${replayArgument(replay)}${lock}`;
}

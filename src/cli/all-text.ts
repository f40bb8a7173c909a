/** The report on all locks: a block for each, compact where all is well, and a table at the end. */
import type { AllReport, LockReport, PropertyReport } from '../report.js';
import { count, plural } from '../story/words.js';
import { alsoLines, flawLines, foundWords } from './class-text.js';
import { answer, findingLines, statistics, untoldFindings, violationsOf } from './lock-text.js';
import { flow, indented, padEnd, padStart, widthOf } from './text.js';
import { allVerdictLines, compactLines, glyphOf, type Look, verdictLines } from './verdict-text.js';

/** One lock: a line for each property that broke or could not be judged, the others together. */
export function blockLines(report: LockReport, look: Look): string[] {
  const { columns, paint } = look;
  const { algorithm, flawed, properties } = report;
  const title = `${algorithm}${flawed ? ' (flawed on purpose)' : ''}`;
  const doubtful = properties.filter(({ verdict }) => verdict === 'unknown');
  const rest = properties
    .filter(({ verdict }) => verdict === 'valid' || verdict === 'not-applicable')
    .map((one) => `${glyphOf(one).glyph} ${one.property}`);
  return [
    paint('bold', title),
    ...flow(statistics(report).slice(0, 3), ' · ', columns, '  ').map((one) => paint('dim', one)),
    ...violationsOf(report).flatMap((property) => violationLines(property, report, look)),
    ...shifted(allVerdictLines(doubtful, narrowed(look))),
    ...(report.lost.length === 0 ? shifted(flawLines(report, narrowed(look))) : []),
    ...report.lost.flatMap((sentence) => indented(sentence, columns, '  ✗ lost: ', '    ')),
    ...shifted(findingLines(untoldFindings(report), narrowed(look))),
    ...flow(rest, '   ', columns, '  '),
  ];
}

/** Of a flawed lock the flaw must be found; its other violations are told and not judged. */
function violationLines(property: PropertyReport, report: LockReport, look: Look): string[] {
  const { counterexample } = property;
  const inner = narrowed(look);
  const lines = [
    ...verdictLines(property, inner, !report.flawed),
    ...alsoLines(property, report, inner),
  ];
  if (counterexample === undefined) return shifted(lines);
  return shifted([...lines, ...compactLines(counterexample, inner)]);
}

const SHIFT = '  ';

function shifted(lines: readonly string[]): string[] {
  return lines.map((line) => SHIFT + line);
}

function narrowed(look: Look): Look {
  return { ...look, columns: look.columns - SHIFT.length };
}

/** `--quiet`: a line for each lock. */
export function answerLine(report: LockReport, { paint }: Look): string {
  const { glyph, style } = glyphOf({ property: 'coverage', verdict: report.verdict });
  return paint(style, `${glyph} ${answer(report)}`);
}

/** A row for each lock, the sums, the digest of all, and whether that is all there is. */
export function summaryLines(
  { locks, digest, verdict }: AllReport,
  look: Look,
  stopped = false,
): string[] {
  const { columns, paint } = look;
  const nameWidth = Math.max(4, ...locks.map(({ algorithm }) => widthOf(algorithm)));
  const head = `  ${padEnd('lock', nameWidth)}   runs  unknown  `;
  const rows = locks.map((report) => {
    const { glyph, style } = glyphOf({ property: 'coverage', verdict: report.verdict });
    const numbers = `${padStart(count(report.runs), 7)}${padStart(count(report.unknownRuns), 9)}  `;
    const found = foundWords(report.properties, report.lost);
    const line = `${glyph} ${padEnd(report.algorithm, nameWidth)}${numbers}${found}`;
    return paint(style, line.length > columns ? `${line.slice(0, columns - 1)}…` : line);
  });
  const unknown = locks.reduce((sum, { unknownRuns }) => sum + unknownRuns, 0);
  const runs = locks.reduce((sum, report) => sum + report.runs, 0);
  const { glyph } = glyphOf({ property: 'coverage', verdict });
  const sums = [
    `${glyph} ${plural(locks.length, 'lock')}`,
    plural(runs, 'run'),
    plural(unknown, 'unknown run'),
    `digest ${digest}`,
    ...(stopped ? ['stopped before the end'] : []),
  ];
  return [paint('dim', `${head}found`), ...rows, '', ...flow(sums, ' · ', columns, '')];
}

/**
 * What broke in a few words: by name, beside the worst class, under each fault class alone, and
 * whether the flaw of a lock that is flawed on purpose was among it.
 */
import type { ClassFound, LockReport, PropertyReport } from '../report.js';
import { count, list, plural } from '../story/words.js';
import { indented, padEnd, padStart, widthOf } from './text.js';
import { glyphOf, type Look } from './verdict-text.js';

/** What broke, by name: a bare name is unexpected, one in brackets is claimed. */
export function foundWords(
  properties: readonly PropertyReport[],
  lost: readonly string[] = [],
): string {
  const words = properties
    .filter(({ verdict }) => verdict === 'invalid')
    .map(({ property, class: violationClass, expected }) => {
      const what = violationClass ?? property;
      return expected === true ? `(${what})` : what;
    });
  if (lost.length > 0) words.push('lost');
  return words.length === 0 ? 'nothing' : [...new Set(words)].join(' ');
}

/** The classes of a property that were found, and that no report on it is about; told once. */
export function alsoLines(
  report: PropertyReport,
  { properties }: Pick<LockReport, 'properties'>,
  { columns }: Look,
): string[] {
  const same = properties.filter(({ property }) => property === report.property);
  if (report !== (same.find(({ expected }) => expected !== true) ?? same[0])) return [];
  const others = (report.classes ?? []).filter((found) =>
    same.every((one) => one.class !== found.class),
  );
  if (others.length === 0) return [];
  return indented(`also found: ${others.map(classWords).join('; ')}`, columns, '  ', '    ');
}

function classWords(found: ClassFound): string {
  const claimed = found.expected === true ? ', as claimed' : '';
  return `${found.class} ${runWords(found)}${claimed}`;
}

function runWords({ runs, firstRun }: Pick<ClassFound, 'runs' | 'firstRun'>): string {
  if (firstRun === undefined) return `in ${plural(runs, 'run')}`;
  if (runs === 1) return `in run ${count(firstRun)}`;
  return `in ${plural(runs, 'run')}, first in run ${count(firstRun)}`;
}

/** Whether the flaw of a flawed lock was found; nothing of another lock. */
export function flawLines({ flaw, runs }: LockReport, { columns }: Look): string[] {
  if (flaw === undefined) return [];
  const what = flaw.class === undefined ? flaw.property : `${flaw.property} (${flaw.class})`;
  const found =
    flaw.runs > 0
      ? `found ${runWords(flaw)}`
      : `not found in ${plural(runs, 'run')}; it shows within ${count(flaw.withinRuns)} under ` +
        list(flaw.faults);
  return indented(`known flaw: ${what}, ${found}`, columns, '', '  ');
}

/** The table of `--per-class`; nothing if the classes were not tried alone. */
export function classLines({ perClass }: LockReport, { columns, paint }: Look): string[] {
  if (perClass === undefined) return [];
  const nameWidth = Math.max(...perClass.map(({ faultClass }) => widthOf(faultClass)));
  const rows = perClass.map(({ faultClass, verdict, runs, properties }) => {
    const { glyph, style } = glyphOf({ property: 'coverage', verdict });
    const numbers = padStart(count(runs), 9);
    const line = `${glyph} ${padEnd(faultClass, nameWidth)}${numbers}  ${foundWords(properties)}`;
    return paint(style, widthOf(line) > columns ? `${line.slice(0, columns - 1)}…` : line);
  });
  const title = `  ${padEnd('alone', nameWidth)}${padStart('runs', 9)}  found`;
  return ['', paint('dim', title), ...rows];
}

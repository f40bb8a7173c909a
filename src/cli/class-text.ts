/** What broke in a few words, and `--per-class`: a row for each fault class alone. */
import type { LockReport, PropertyReport } from '../report.js';
import { count } from '../story/words.js';
import { padEnd, padStart, widthOf } from './text.js';
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

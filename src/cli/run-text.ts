/** One run as text: its timeline, what the lock printed, and its verdicts. */
import type { SingleRunReport } from '../host/engine-api.js';
import { count, instant } from '../story/words.js';
import { differs } from './exit-code.js';
import { findingLines } from './lock-text.js';
import { indented } from './text.js';
import { hostsOf, timeline } from './timeline.js';
import { allVerdictLines, glyphOf, type Look, quietLines } from './verdict-text.js';

/** What `run` and `replay` print after the configuration. */
export function runLines(report: SingleRunReport, look: Look): string[] {
  const { columns, paint } = look;
  const { story, configuration } = report;
  const hosts = { ...hostsOf(story), servers: configuration.servers };
  return [
    '',
    ...(story.length === 0 ? ['  nothing happened'] : timeline(story, columns, paint, hosts)),
    ...consoleLines(report, look),
    '',
    ...whyLines(report, columns),
    ...verdictsOf(report, look),
    '',
    ...closing(report, look),
  ];
}

/** Why the worst verdict is what it is. */
function whyLines({ why }: SingleRunReport, columns: number): string[] {
  if (why === undefined || why === '') return [];
  return [...indented(why, columns, '  why: ', '       '), ''];
}

/** The verdicts alone. */
export function verdictsOf(report: SingleRunReport, look: Look): string[] {
  const loud = report.properties.filter(({ verdict }) => verdict !== 'valid');
  const quiet = report.properties.filter(({ verdict }) => verdict === 'valid');
  return [
    ...allVerdictLines(loud, look),
    ...findingLines(report.findings, look),
    ...quietLines(quiet, look),
  ];
}

/** What the lock code wrote to its console, with the time and client. */
function consoleLines(report: SingleRunReport, { columns }: Look): string[] {
  if (report.console.length === 0) return [];
  const lines = report.console.flatMap(({ atUs, host, text }) =>
    indented(text, columns, `  ${instant(atUs)} ${host}: `, '    '),
  );
  return ['', '  printed by the lock:', ...lines];
}

function closing(report: SingleRunReport, { columns, paint }: Look): string[] {
  const { glyph, style } = glyphOf({ property: 'coverage', verdict: report.verdict });
  const same =
    report.recordedDigest === undefined
      ? []
      : differs(report)
        ? [`differs from the recorded run, whose digest is ${report.recordedDigest}`]
        : ['the same run as recorded'];
  const items = [
    `${glyph} ${report.verdict}`,
    `${count(report.events)} events`,
    `digest ${report.digest}`,
    ...same,
  ];
  const mood = differs(report) ? 'magenta' : style;
  return indented(items.join(' · '), columns, '', '  ').map((line) => paint(mood, line));
}

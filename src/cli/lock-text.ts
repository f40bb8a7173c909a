/** The report on one lock as text: what was reached, what was found, and the answer. */

import { clearestDifference, type Finding } from '../finding.js';
import type { LockReport, PropertyReport, ReachedReport } from '../report.js';
import { count, instant, list, plural } from '../story/words.js';
import { alsoLines, classLines, flawLines } from './class-text.js';
import { flow, indented } from './text.js';
import {
  allVerdictLines,
  counterexampleLines,
  glyphOf,
  type Look,
  quietLines,
  replayLine,
  verdictLines,
} from './verdict-text.js';

/** What `check` prints after the configuration. */
export function lockLines(report: LockReport, look: Look): string[] {
  const { columns, paint } = look;
  const told = new Set<string>();
  return [
    ...flow(statistics(report), ' · ', columns, '  ').map((line) => paint('dim', line)),
    '',
    ...violationsOf(report).flatMap((property) => [
      ...verdictLines(property, look),
      ...alsoLines(property, report, look),
      ...detailLines(property, report, look, told),
      ...plainerLines(property, report, look, told),
    ]),
    ...allVerdictLines(doubtsOf(report), look),
    ...lookLines(report, look),
    ...report.lost.flatMap((sentence) => indented(sentence, columns, '✗ lost: ', '    ')),
    ...findingLines(untoldFindings(report), look),
    ...quietLines(
      report.properties.filter(({ verdict }) => verdict === 'valid'),
      look,
    ),
    ...classLines(report, look),
    '',
    ...flawLines(report, look),
    ...answerLines(report, look),
  ];
}

/** `--quiet`: the verdicts alone. */
export function quietLockLines(report: LockReport, look: Look): string[] {
  const loud = report.properties.filter(({ verdict }) => verdict !== 'valid');
  return [
    ...allVerdictLines(loud, look),
    ...report.lost.flatMap((sentence) => indented(sentence, look.columns, '✗ lost: ', '    ')),
    ...quietLines(
      report.properties.filter(({ verdict }) => verdict === 'valid'),
      look,
    ),
  ];
}

/** The unexpected ones first: they are what somebody has to read. */
export function violationsOf({ properties }: Pick<LockReport, 'properties'>): PropertyReport[] {
  const invalid = properties.filter(({ verdict }) => verdict === 'invalid');
  return [
    ...invalid.filter(({ expected }) => expected !== true),
    ...invalid.filter(({ expected }) => expected === true),
  ];
}

function doubtsOf({ properties }: LockReport): PropertyReport[] {
  return properties.filter(({ verdict }) => verdict === 'unknown' || verdict === 'not-applicable');
}

/** Where nobody even had to wait for the lock, a run says more than any count. */
function lookLines(report: LockReport, look: Look): string[] {
  const { algorithm, reached, seed, runs, configuration } = report;
  const contended = reached.find(({ goal }) => goal === 'contention');
  if (runs === 0 || configuration.clients === '1' || contended === undefined || contended.runs > 0)
    return [];
  const lock = look.lockFile ?? algorithm;
  return [
    '  nobody competed for the lock; one run shows why:',
    `  npx holdfast run ${lock} --seed ${seed}`,
  ];
}

/** The whole story of an unexpected violation, once for each run; of an expected one its replay. */
function detailLines(
  { expected, counterexample }: PropertyReport,
  { configuration }: LockReport,
  look: Look,
  told: Set<string>,
): string[] {
  if (counterexample === undefined) return [];
  if (expected === true) return [replayLine(counterexample, look)];
  if (told.has(counterexample.replay)) {
    return [
      ...indented(counterexample.why, look.columns, '  why: ', '       '),
      replayLine(counterexample, look),
      '',
    ];
  }
  told.add(counterexample.replay);
  return [...counterexampleLines(counterexample, configuration.servers, look), ''];
}

/** The story of another class that is plainer than the worst. */
function plainerLines(
  { property, classes = [] }: PropertyReport,
  { configuration }: LockReport,
  look: Look,
  told: Set<string>,
): string[] {
  return classes.flatMap(({ class: name, runs, counterexample }) => {
    if (counterexample === undefined || told.has(counterexample.replay)) return [];
    told.add(counterexample.replay);
    const head = `  ${property} is plainer to see as ${name}, in ${plural(runs, 'run')}:`;
    return [head, ...counterexampleLines(counterexample, configuration.servers, look), ''];
  });
}

/** Runs, time, speed, and what the campaign reached. */
export function statistics(report: LockReport): string[] {
  const { runs, elapsedMs, events, searchMs, reached } = report;
  const perSecond = searchMs > 0 ? `${rough((events * 1000) / searchMs)} events/s` : '';
  const goals = reached.filter(({ runs, needed }) => runs > 0 || needed > 0).map(goalWords);
  return [
    plural(runs, 'run'),
    instant(Math.round(elapsedMs / 100) * 100_000).replace(/(\.\d)00 s$/, '$1 s'),
    ...(perSecond === '' ? [] : [perSecond]),
    ...(goals.length === 0 ? [] : [`reached: ${goals[0]}`, ...goals.slice(1)]),
  ];
}

function goalWords({ goal, runs, needed }: ReachedReport): string {
  return runs < needed
    ? `${goal} ${count(runs)} of ${count(needed)} needed`
    : `${goal} ${count(runs)}`;
}

/** `1.1 M`, `640 k`, `950`. */
export function rough(n: number): string {
  if (n >= 999_500) return `${(n / 1e6).toFixed(1)} M`;
  return n >= 1000 ? `${Math.round(n / 1000)} k` : String(Math.round(n));
}

/** All but the one that the line of `determinism` has told already. */
export function untoldFindings({ findings }: Pick<LockReport, 'findings'>): Finding[] {
  const told = clearestDifference(findings);
  return findings.filter((finding) => finding !== told);
}

/** Of a kind of finding so many are told; the others say much the same. */
const TOLD_MAX = 3;

/** What the harness noticed about the lock code itself, the same thing at the same place once. */
export function findingLines(findings: readonly Finding[], look: Look): string[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const all = findings.filter((finding) => finding.kind === kind);
    const told: Finding[] = [];
    for (const finding of all) {
      const isNew = told.every((one) => sameness(one) !== sameness(finding));
      if (isNew && told.length < TOLD_MAX) told.push(finding);
    }
    const more = all.length - told.length;
    return [
      ...told.flatMap((finding) => findingLine(finding, look)),
      ...(more === 0 ? [] : [`    and ${count(more)} more like it; --json has them`]),
    ];
  });
}

/** What a finding says, whichever run, client and operation it is about. */
function sameness({ message, place = '' }: Finding): string {
  return `${place} ${message.replace(/^run \d+: | in [A-Z]\d+$/g, '')}`;
}

function findingLine({ kind, message, place, host }: Finding, { columns, paint }: Look): string[] {
  const where = place === undefined ? '' : ` (${place})`;
  const who = host === undefined ? '' : `client ${host}: `;
  const lines = indented(`${who}${message}${where}`, columns, `? ${kind}: `, '    ');
  lines[0] = lines[0]!.replace(`? ${kind}:`, paint('magenta', `? ${kind}:`));
  return lines;
}

/** The answer in one sentence, with the digest that names the campaign. */
function answerLines(report: LockReport, { columns, paint }: Look): string[] {
  const { glyph, style } = glyphOf({ property: 'coverage', verdict: report.verdict });
  const digest = report.runs === 0 ? [] : [`digest ${report.digest}`];
  const items = [`${glyph} ${answer(report)}`, ...digest];
  const stopped = report.interrupted ? [`stopped after ${plural(report.runs, 'run')}`] : [];
  const text = [...items, ...stopped].join(' · ');
  return indented(text, columns, '', '  ').map((line) => paint(style, line));
}

export function answer(report: LockReport): string {
  const { algorithm, verdict, properties, configuration, lost, flaw } = report;
  const broken = properties.filter((one) => one.verdict === 'invalid' && one.expected !== true);
  if (verdict === 'invalid') {
    const names = [...new Set(broken.map(({ property }) => property))];
    if (names.length === 0) return `${algorithm}: ${plural(lost.length, 'known break')} not found`;
    return `${algorithm} breaks ${list(names)}`;
  }
  if (verdict === 'unknown') return `${algorithm}: no verdict, ${doubt(report)}`;
  if (flaw !== undefined && broken.length > 0) {
    const found = flaw.runs > 0 ? 'was found' : 'did not show, and did not have to';
    return `${algorithm} is flawed, and the flaw ${found}`;
  }
  const expected = properties.some((one) => one.verdict === 'invalid');
  if (configuration.strict || !expected) return `${algorithm}: no violation found`;
  return `${algorithm} does what it claims`;
}

function doubt({ unknownRuns, findings, properties }: LockReport): string {
  const doubtful = properties.filter(({ verdict }) => verdict === 'unknown');
  const reasons = [
    ...(unknownRuns > 0 ? [plural(unknownRuns, 'unknown run')] : []),
    ...(findings.length > 0
      ? [`${findings.length === 1 ? 'a finding' : 'findings'} about the lock code`]
      : []),
    ...doubtful.map(({ property }) => (property === 'coverage' ? 'goals not reached' : property)),
  ];
  return reasons.length === 0 ? 'nothing could be judged' : list(reasons);
}

/** `holdfast real soak <lock>`: hammers a lock on its real server with random faults. */
import { UsageError } from '../../host/engine-api.js';
import { brokenOf } from '../../real/check/claimed.js';
import { type SoakRound, soak } from '../../real/soak/soak.js';
import { TROUBLES, type Trouble } from '../../real/soak/trouble-maker.js';
import { count, plural } from '../../story/words.js';
import type { Verdict } from '../../verdict.js';
import { durationMs, faultClassesOf } from '../arguments.js';
import { type Session, withEngine } from '../context.js';
import { EXIT, exitOfVerdict } from '../exit-code.js';
import { type GivenOptions, givenServers } from '../given-servers.js';
import { interruptible } from '../interrupt.js';
import { filesIn, mustAllBeWritable } from '../output-file.js';
import {
  isUnclaimed,
  propertiesOf,
  type RealRoundReport,
  type RealSoakReport,
} from '../real-report.js';
import { propertyLines } from '../real-text.js';
import { writeRealTrace } from '../real-trace.js';
import type { CampaignOptions } from '../request.js';
import { indented } from '../text.js';
import { checkRequest } from './check.js';

const TIME = '60s';
const CLIENTS = '8';
const TTL = '1s';

export async function realSoak(
  session: Session,
  lock: string,
  { time = TIME, faults, trace: file, json = false, ...options }: CampaignOptions & GivenOptions,
): Promise<number> {
  const troubles = faults === undefined ? TROUBLES : troublesOf(faults);
  const campaign = { clients: CLIENTS, ttl: TTL, ...options, faults: 'interleaving' };
  const run = { ...checkRequest(lock, campaign), run: 0 };
  const timeMs = durationMs('--time', time);
  mustAllBeWritable({ trace: file }, ['trace'], filesIn([lock]));
  const given = await givenServers(options);
  if (given !== undefined && faults !== undefined && troubles.includes('server-crash')) {
    throw new UsageError(
      '--faults: server-crash is done to servers that Holdfast starts itself, and never to one ' +
        'of yours; leave it out',
    );
  }
  const rounds: RealRoundReport[] = [];
  let shown: SoakRound | undefined;
  const told = (round: SoakRound) => {
    if (file !== undefined && (shown === undefined || !isBrokenIn(shown))) shown = round;
    const report = reportOf(round);
    rounds.push(report);
    if (json) return;
    for (const line of roundLines(session, report, rounds.length)) session.terminal.line(line);
  };
  const interrupted = await interruptible(session, async (stop) => {
    await withEngine(session, (engine) =>
      soak(engine, { run, timeMs, troubles, given }, told, stop),
    );
    return stop.aborted;
  });
  const verdict = verdictOf(rounds);
  if (json) {
    const report: RealSoakReport = { lock, verdict, interrupted, rounds };
    session.terminal.line(JSON.stringify(report, undefined, 2));
  } else for (const line of totals(session, rounds)) session.terminal.line(line);
  if (file !== undefined && shown !== undefined) writeRealTrace(session, file, shown.trace);
  return interrupted && verdict !== 'invalid' ? EXIT.interrupted : exitOfVerdict(verdict);
}

function isBrokenIn({ violations }: SoakRound): boolean {
  return brokenOf(violations).length > 0;
}

/** What is kept of a round when it has been told. */
function reportOf({
  trace,
  operations,
  troubles,
  violations,
  ...kept
}: SoakRound): RealRoundReport {
  return {
    acquired: operations,
    faults: Object.fromEntries(troubles),
    violations: propertiesOf(violations, trace),
    ...kept,
  };
}

function verdictOf(rounds: readonly RealRoundReport[]): Verdict {
  if (rounds.some(isBroken)) return 'invalid';
  const isDoubtful = rounds.some(
    ({ findings, violations }) =>
      findings.length > 0 || violations.some(({ verdict }) => verdict === 'unknown'),
  );
  return isIdle(rounds) || isDoubtful ? 'unknown' : 'valid';
}

function troublesOf(text: string): Trouble[] {
  return faultClassesOf(text).map((name): Trouble => {
    const found = TROUBLES.find((trouble) => trouble === name);
    if (found !== undefined) return found;
    throw new UsageError(`--faults: a soak does not make ${name}; it makes ${TROUBLES.join(', ')}`);
  });
}

/** A soak in which nobody got the lock says nothing of it. */
function isIdle(rounds: readonly RealRoundReport[]): boolean {
  return rounds.every(({ acquired }) => acquired === 0);
}

function isBroken({ violations }: RealRoundReport): boolean {
  return violations.some(isUnclaimed);
}

function roundLines(session: Session, round: RealRoundReport, number: number): string[] {
  const { terminal } = session;
  const { acquired, requests, faults, violations, findings, differences, rssMb, standIn } = round;
  const made = Object.entries(faults)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ');
  const items = [
    `round ${number}`,
    ...(standIn === undefined ? [] : [standIn]),
    `${count(acquired)} acquired`,
    `${count(requests)} requests`,
    made === '' ? 'no faults' : made,
    `${rssMb} MB`,
  ];
  const lines = indented(items.join(' · '), terminal.columns, '', '  ');
  for (const one of violations) lines.push(...propertyLines(session, one));
  for (const doubt of [...findings, ...differences.slice(0, 3)]) {
    lines.push(...indented(doubt, terminal.columns, '? ', '  '));
  }
  return lines;
}

function totals({ terminal }: Session, rounds: readonly RealRoundReport[]): string[] {
  const sum = (of: (round: RealRoundReport) => number) =>
    count(rounds.reduce((total, round) => total + of(round), 0));
  const broken = rounds.filter(isBroken);
  const unbroken = isIdle(rounds) ? '? nobody got the lock' : '✓ nothing unclaimed broke';
  const verdict = broken.length === 0 ? unbroken : '✗ broken';
  const items = [
    verdict,
    plural(rounds.length, 'round'),
    `${sum((round) => round.acquired)} acquired`,
    `${sum((round) => round.requests)} requests`,
    ...memoryOf(rounds),
  ];
  return indented(items.join(' · '), terminal.columns, '', '  ');
}

/** When code is loaded and compiled, memory should not grow any more. */
const SETTLED_ROUND = 3;

function memoryOf(rounds: readonly RealRoundReport[]): string[] {
  const settled = rounds[SETTLED_ROUND - 1];
  if (settled === undefined || rounds.length === SETTLED_ROUND) return [];
  return [
    `${settled.rssMb} MB after round ${SETTLED_ROUND}, ${rounds.at(-1)!.rssMb} MB at the end`,
  ];
}

/**
 * Runs every lock on its real server: under every workload that it supports, or under the usual one
 * if it is flawed on purpose. `npm run real:locks` has `holdfast real check` do so, and writes what
 * it says to the section "Locks on real servers" of reports/conformance.md. Only some, and nothing
 * written: `npm run real:locks redlock`.
 */
import {
  isUnclaimed,
  nameOf,
  type RealCheckReport,
  type RealProperty,
} from '../../src/cli/real-report.js';
import { everyLock, type Listed, real, row } from './every-lock.js';

/** What was found of a lock under one workload. */
interface Part {
  readonly workload: string;
  readonly requests: number;
  /** `✓` valid, `!` as claimed, `?` in doubt, `✗` broken; `–` cannot run under it. */
  readonly sign: string;
  /** Whatever is not plainly valid, each with its sign. */
  readonly others: readonly string[];
}

interface Checked {
  readonly lock: string;
  readonly flawed: boolean;
  readonly parts: readonly Part[];
  readonly seconds: number;
}

const RUNS = '1';
/** Of a line of the page, in characters: a difference may hold a script. */
const LONGEST = 300;
/** From the worst. */
const SIGNS = ['✗', '?', '!'];

async function checkLock({ name: lock, flawed }: Listed): Promise<Checked> {
  const beganMs = performance.now();
  const under = flawed ? [] : ['--workload', 'all'];
  const report = await real<RealCheckReport>('check', lock, [...under, '--runs', RUNS]);
  const seconds = Math.round((performance.now() - beganMs) / 1_000);
  const parts = report.workloads.map(partOf);
  console.log(`${report.verdict.padEnd(8)} ${lock}  ${seconds} s`);
  for (const { workload, others } of parts) {
    for (const line of others) console.log(`  ${workload}: ${line}`);
  }
  return { lock, flawed, parts, seconds };
}

function partOf({ workload, runs, unable }: RealCheckReport['workloads'][number]): Part {
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  const others = runs.flatMap(({ properties, findings, differences, isOver, requests: sent }) => [
    ...properties.flatMap(besideValid),
    ...[...findings, ...differences].map((line) => `? ${line}`),
    ...(isOver ? [] : ['? a run did not come to its end']),
    ...(sent === 0 ? ['? nothing was sent to a server'] : []),
  ]);
  const worst = SIGNS.find((sign) => others.some((line) => line.startsWith(sign)));
  return { workload, requests, sign: unable === undefined ? (worst ?? '✓') : '–', others };
}

function besideValid(one: RealProperty): string[] {
  const { verdict, expected, reason, why } = one;
  if (verdict === 'valid' || verdict === 'not-applicable') return [];
  const what = nameOf(one);
  if (isUnclaimed(one)) return [`✗ ${what}. ${why}`];
  return [expected ? `! ${what}, as claimed` : `? ${what}, ${reason}`];
}

function section(all: readonly Checked[]): string {
  const workloads = [...new Set(all.flatMap(({ parts }) => parts.map((part) => part.workload)))];
  const rows = all.map(({ lock, flawed, parts, seconds }) => {
    const requests = parts.reduce((sum, part) => sum + part.requests, 0);
    const signs = workloads.map((workload) => {
      const part = parts.find((one) => one.workload === workload);
      return part?.sign ?? '·';
    });
    const name = flawed ? `\`${lock}\` (flawed)` : `\`${lock}\``;
    return row([name, ...signs, requests.toLocaleString('en'), String(seconds)]);
  });
  const besides = all.flatMap(({ lock, parts }) =>
    parts.flatMap(({ workload, others }) =>
      others.map((line) => `- \`${lock}\`, ${workload}: ${firstSentence(line)}`),
    ),
  );
  const runs = RUNS === '1' ? 'one run' : `${RUNS} runs`;
  return [
    '## Locks on real servers',
    '',
    `Every lock under every workload, ${runs} without faults by two or three processes and a probe`,
    'afterwards, through the real client libraries, judged by the same checkers. ✓ all properties',
    'that apply are valid, ! one is broken as the lock claims of itself, ? one is in doubt, ✗ one',
    'is broken, – the lock cannot run under it, · not tried. Locks at the end of the table are',
    'flawed on purpose, most of them in what they do under faults; they run under the usual',
    'workload alone, and may break. Written by `npm run real:locks`.',
    '',
    row(['lock', ...workloads, 'requests', 'seconds']),
    row(['---', ...workloads.map(() => ':---:'), '---:', '---:']),
    ...rows,
    '',
    ...(besides.length === 0 ? ['Nothing else was said.'] : ['Said besides:', '', ...besides]),
    '',
  ].join('\n');
}

/** Why something broke is told at length; where it begins is enough here. */
function firstSentence(line: string): string {
  return (/^.{40,}?\.(?= [A-Z])/.exec(line)?.[0] ?? line).slice(0, LONGEST);
}

await everyLock(() => true, checkLock, section);

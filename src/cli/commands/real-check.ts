/** `holdfast real check <lock>`: a lock on its real server, in several processes, faultless. */
import { type CheckRequest, type Engine, UsageError } from '../../host/engine-api.js';
import type { WorkloadEntry } from '../../host/listing.js';
import { type CheckedRealRun, checkRealRun } from '../../real/check/check-run.js';
import { brokenOf } from '../../real/check/claimed.js';
import type { GivenServers } from '../../real/given/given-servers.js';
import { count, plural } from '../../story/words.js';
import type { Verdict } from '../../verdict.js';
import { wholeNumber } from '../arguments.js';
import { type Session, withEngine } from '../context.js';
import { EXIT, exitOfVerdict } from '../exit-code.js';
import { type GivenOptions, givenServers } from '../given-servers.js';
import { abandonable } from '../interrupt.js';
import { filesIn, mustAllBeWritable } from '../output-file.js';
import { propertiesOf, type RealCheckReport, type RealProperty } from '../real-report.js';
import { propertyLines, ranOn } from '../real-text.js';
import { writeRealTrace } from '../real-trace.js';
import type { CampaignOptions } from '../request.js';
import { indented } from '../text.js';
import { checkRequest } from './check.js';

const RUNS = 3;
const RUNS_MAX = 1_000;
/** Real seconds pass: a run of the usual TTL of 10 s would take half a minute. */
const TTL = '2s';

/** With `--workload all`: every one, but for that whose clients leave leases behind on purpose. */
const ALL = 'all';
const LEAVES_LEASES = 'forgetful';

interface CheckedWorkload {
  readonly workload: string;
  readonly runs: readonly CheckedRealRun[];
  /** Why the lock cannot run under it. */
  readonly unable?: string;
}

export async function realCheck(
  session: Session,
  lock: string,
  options: CampaignOptions & GivenOptions,
): Promise<number> {
  const { runs, workload, trace, json = false, ...campaign } = options;
  const wanted = runs === undefined ? RUNS : wholeNumber('--runs', runs, 1, RUNS_MAX);
  const asked = { ttl: TTL, ...campaign, faults: 'interleaving' };
  const isAll = workload === ALL;
  mustAllBeWritable({ trace }, ['trace'], filesIn([lock]));
  const named = isAll || workload === undefined ? {} : { workload };
  const request = checkRequest(lock, { ...asked, ...named });
  const given = await givenServers(options);
  const checked: CheckedWorkload[] = [];
  const outcome = await abandonable(session, () =>
    withEngine(session, async (engine) => {
      for (const one of isAll ? await workloadsOf(engine) : [undefined]) {
        const under = one === undefined ? request : { ...request, workload: one.name };
        const part = await checkWorkload(engine, under, wanted, one, given);
        checked.push(part);
        if (json) continue;
        for (const line of linesOf(session, part, isAll)) session.terminal.line(line);
      }
    }),
  );
  if (outcome === 'interrupted') {
    await given?.release();
    // What was started ends with this process, and nothing else would end it now.
    session.exitNow(EXIT.interrupted);
    return EXIT.interrupted;
  }
  const all = checked.flatMap((one) => one.runs);
  const shown = all.find(({ properties }) => brokenOf(properties).length > 0) ?? all.at(-1);
  if (trace !== undefined && shown !== undefined) writeRealTrace(session, trace, shown.trace);
  const verdict = verdictOf(all);
  if (json) {
    const report: RealCheckReport = {
      lock,
      verdict,
      workloads: checked.map(reportOf),
    };
    session.terminal.line(JSON.stringify(report, undefined, 2));
  }
  return exitOfVerdict(verdict);
}

async function workloadsOf(engine: Engine): Promise<readonly WorkloadEntry[]> {
  const { workloads } = await engine.list();
  return workloads.filter(({ name }) => name !== LEAVES_LEASES);
}

async function checkWorkload(
  engine: Engine,
  request: CheckRequest,
  wanted: number,
  entry: WorkloadEntry | undefined,
  given: GivenServers | undefined,
): Promise<CheckedWorkload> {
  const runs: CheckedRealRun[] = [];
  try {
    for (let run = 0; run < wanted; run++) {
      runs.push(await checkRealRun(engine, { ...request, run }, given));
    }
  } catch (error) {
    if (!(error instanceof UsageError) || entry?.needs === undefined) throw error;
    return { workload: entry.name, runs: [], unable: error.message };
  }
  return { workload: runs[0]!.workload, runs };
}

function verdictOf(runs: readonly CheckedRealRun[]): Verdict {
  const verdicts = runs.flatMap(({ properties }) =>
    properties.filter(({ expected }) => expected !== true).map(({ verdict }) => verdict),
  );
  if (verdicts.includes('invalid')) return 'invalid';
  const isDoubtful = runs.some(
    ({ isOver, findings, requests }) => !isOver || findings.length > 0 || requests === 0,
  );
  return isDoubtful || verdicts.includes('unknown') ? 'unknown' : 'valid';
}

function reportOf({ runs, ...rest }: CheckedWorkload): RealCheckReport['workloads'][number] {
  return {
    ...rest,
    runs: runs.map(({ workload: _, trace, properties, ...kept }) => ({
      ...kept,
      properties: propertiesOf(properties, trace),
    })),
  };
}

function linesOf(
  session: Session,
  { workload, runs, unable }: CheckedWorkload,
  isTitled: boolean,
): string[] {
  const { columns } = session.terminal;
  const title = isTitled ? `${workload} · ` : '';
  if (unable !== undefined) return indented(`${title}${unable}`, columns, '– ', '  ');
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  const differences = runs.flatMap((run) => run.differences);
  const ran = ranOn(runs[0]?.environment ?? {});
  const head = `${title}${plural(runs.length, 'run')} on ${ran} · ${count(requests)} requests`;
  const lines = indented(head, columns, '', '  ');
  for (const one of worstOf(runs)) lines.push(...propertyLines(session, one));
  const doubts = [
    ...runs.flatMap(({ findings }) => findings),
    ...runs.flatMap(({ isOver }, run) => (isOver ? [] : [`run ${run} did not come to its end`])),
    ...differences,
  ];
  for (const doubt of doubts) lines.push(...indented(doubt, columns, '? ', '  '));
  return lines;
}

/** Of each property that applies the worst verdict of all runs. */
function worstOf(runs: readonly CheckedRealRun[]): RealProperty[] {
  const worst = new Map<string, RealProperty>();
  for (const one of runs.flatMap((run) => propertiesOf(run.properties, run.trace))) {
    const known = worst.get(one.property);
    if (known === undefined || badnessOf(known) < badnessOf(one)) worst.set(one.property, one);
  }
  return [...worst.values()].filter(({ verdict }) => verdict !== 'not-applicable');
}

/** What is claimed is known; what is in doubt may be worse. */
function badnessOf({ verdict, expected }: RealProperty): number {
  const isClaimed = verdict === 'invalid' && expected === true;
  const order = ['not-applicable', 'valid', 'claimed', 'unknown', 'invalid'];
  return order.indexOf(isClaimed ? 'claimed' : verdict);
}

/** `holdfast real check <lock>`: a lock on its real server, in several processes, faultless. */
import type { CheckRequest } from '../../host/engine-api.js';
import { type CheckedRealRun, checkRealRun } from '../../real/check/check-run.js';
import type { GivenServers } from '../../real/given/given-servers.js';
import { count, plural } from '../../story/words.js';
import { wholeNumber } from '../arguments.js';
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type GivenOptions, givenServers } from '../given-servers.js';
import { abandonable } from '../interrupt.js';
import { ranOn } from '../real-text.js';
import type { CampaignOptions } from '../request.js';
import { painter } from '../terminal.js';
import { indented } from '../text.js';
import { checkRequest } from './check.js';

const RUNS = 3;
const RUNS_MAX = 1_000;
/** Real seconds pass: a run of the usual TTL of 10 s would take half a minute. */
const TTL = '2s';

export async function realCheck(
  session: Session,
  lock: string | undefined,
  options: CampaignOptions & GivenOptions,
): Promise<number> {
  const { runs, ...campaign } = options;
  const wanted = runs === undefined ? RUNS : wholeNumber('--runs', runs, 1, RUNS_MAX);
  const request = checkRequest(lock, { ttl: TTL, ...campaign, faults: 'interleaving' });
  const given = await givenServers(options);
  const checked = await abandonable(session, () => checkAllRuns(session, request, wanted, given));
  if (checked === 'interrupted') {
    await given?.release();
    // What was started ends with this process, and nothing else would end it now.
    session.exitNow(EXIT.interrupted);
    return EXIT.interrupted;
  }
  const lines = linesOf(session, checked);
  for (const line of lines) session.terminal.line(line);
  return exitOf(checked);
}

async function checkAllRuns(
  session: Session,
  request: CheckRequest,
  runs: number,
  given: GivenServers | undefined,
): Promise<CheckedRealRun[]> {
  return withEngine(session, async (engine) => {
    const checked: CheckedRealRun[] = [];
    for (let run = 0; run < runs; run++)
      checked.push(await checkRealRun(engine, { ...request, run }, given));
    return checked;
  });
}

function exitOf(runs: readonly CheckedRealRun[]): number {
  const verdicts = runs.flatMap(({ properties }) =>
    properties.filter(({ expected }) => expected !== true).map(({ verdict }) => verdict),
  );
  if (verdicts.includes('invalid')) return EXIT.invalid;
  const isDoubtful = runs.some(
    ({ isOver, findings, requests }) => !isOver || findings.length > 0 || requests === 0,
  );
  return isDoubtful || verdicts.includes('unknown') ? EXIT.unknown : EXIT.valid;
}

function linesOf({ terminal }: Session, runs: readonly CheckedRealRun[]): string[] {
  const { columns } = terminal;
  const paint = painter(terminal);
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  const differences = runs.flatMap((run) => run.differences);
  const ran = ranOn(runs[0]?.environment ?? {});
  const head = `${plural(runs.length, 'run')} on ${ran} · ${count(requests)} requests`;
  const lines = indented(head, columns, '', '  ');
  for (const { property, verdict, reason, class: kind, expected } of worstOf(runs)) {
    if (verdict === 'not-applicable') continue;
    const isBroken = verdict === 'invalid' && expected !== true;
    const sign = verdict === 'valid' ? '✓' : isBroken ? '✗' : expected ? '!' : '?';
    const mood = verdict === 'valid' ? 'green' : isBroken ? 'red' : 'yellow';
    const what = kind === undefined ? property : `${property}: ${kind}`;
    const claimed = expected ? `${what}, as claimed` : what;
    const text = reason === undefined ? claimed : `${claimed}, ${reason}`;
    lines.push(...indented(text, columns, `${sign} `, '  ').map((line) => paint(mood, line)));
  }
  const doubts = [
    ...runs.flatMap(({ findings }) => findings),
    ...runs.flatMap(({ isOver }, run) => (isOver ? [] : [`run ${run} did not come to its end`])),
    ...differences,
  ];
  for (const doubt of doubts) lines.push(...indented(doubt, columns, '? ', '  '));
  return lines;
}

/** Of each property the worst verdict of all runs. */
function worstOf(runs: readonly CheckedRealRun[]) {
  const worst = new Map<string, CheckedRealRun['properties'][number]>();
  const order = ['not-applicable', 'valid', 'unknown', 'invalid'];
  for (const { properties } of runs) {
    for (const one of properties) {
      const known = worst.get(one.property);
      if (known === undefined || order.indexOf(known.verdict) < order.indexOf(one.verdict)) {
        worst.set(one.property, one);
      }
    }
  }
  return worst.values();
}

/**
 * Runs every lock on its real server: under every workload that it supports, or under the usual one
 * if it is flawed on purpose. `npm run real:locks` has `holdfast real check` do so, and writes what
 * it says to the section "Locks on real servers" of reports/conformance.md. Only some, and nothing
 * written: `npm run real:locks redlock`.
 */
import { everyLock, type Listed, real, row } from './every-lock.js';

/** What was said of a lock under one workload. */
interface Part {
  readonly workload: string;
  readonly requests: number;
  /** Whatever is not plainly valid, or why the lock cannot run under it. */
  readonly others: readonly string[];
  readonly isUnable: boolean;
}

interface Checked {
  readonly lock: string;
  readonly flawed: boolean;
  readonly code: number;
  readonly parts: readonly Part[];
  readonly seconds: number;
}

const RUNS = '1';
/** The workload that is not named when it is the only one. */
const USUAL = 'critical-section';

async function checkLock({ name: lock, flawed }: Listed): Promise<Checked> {
  const beganMs = performance.now();
  const under = flawed ? [] : ['--workload', 'all'];
  const { code, lines } = await real('check', lock, [...under, '--runs', RUNS]);
  const seconds = Math.round((performance.now() - beganMs) / 1_000);
  const [head = '', ...others] = lines;
  const parts = partsOf(flawed ? [`${USUAL} · ${head}`, ...others] : lines);
  console.log(`${code === 0 ? 'valid' : `exit ${code}`}  ${lock}  ${seconds} s`);
  for (const { workload, others } of parts) {
    for (const line of others) console.log(`  ${workload}: ${line}`);
  }
  if (parts.length === 0) console.log(lines.join('\n'));
  return { lock, flawed, code, parts, seconds };
}

/** A workload's part begins with its name, `– ` before it if the lock cannot run under it. */
function partsOf(lines: readonly string[]): Part[] {
  const parts: { workload: string; requests: number; others: string[]; isUnable: boolean }[] = [];
  for (const line of lines) {
    const head = /^(– )?([a-z-]+) · (.*)$/.exec(line);
    if (head !== null) {
      const [, unable, workload = '', rest = ''] = head;
      const isUnable = unable !== undefined;
      const requests = Number((/([\d,]+) requests/.exec(rest)?.[1] ?? '0').replaceAll(',', ''));
      parts.push({ workload, requests, others: isUnable ? [rest] : [], isUnable });
    } else if (!line.startsWith('✓')) parts.at(-1)?.others.push(line);
  }
  return parts;
}

/** `✓` valid, `!` as claimed, `?` in doubt, `✗` broken; `–` cannot run under it. */
function signOf({ isUnable, others }: Part): string {
  if (isUnable) return '–';
  return ['✗', '?', '!'].find((sign) => others.some((line) => line.startsWith(sign))) ?? '✓';
}

function section(all: readonly Checked[]): string {
  const workloads = [...new Set(all.flatMap(({ parts }) => parts.map((part) => part.workload)))];
  const rows = all.map(({ lock, flawed, parts, seconds }) => {
    const requests = parts.reduce((sum, part) => sum + part.requests, 0);
    const signs = workloads.map((workload) => {
      const part = parts.find((one) => one.workload === workload);
      return part === undefined ? '·' : signOf(part);
    });
    const name = flawed ? `\`${lock}\` (flawed)` : `\`${lock}\``;
    return row([name, ...signs, requests.toLocaleString('en'), String(seconds)]);
  });
  const besides = all.flatMap(({ lock, parts }) =>
    parts
      .filter(({ isUnable }) => !isUnable)
      .flatMap(({ workload, others }) =>
        others.map((line) => `- \`${lock}\`, ${workload}: ${line.slice(0, 300)}`),
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

await everyLock(() => true, checkLock, section);

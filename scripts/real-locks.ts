/**
 * Runs every lock on its real server: under every workload that it supports, or under the usual one
 * if it is flawed on purpose. `npm run real:locks` has `holdfast real check` do so, and writes what
 * it says to the section "Locks on real servers" of reports/conformance.md. Only some, and nothing
 * written: `npm run real:locks redlock`.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withSection } from './conformance/report.js';

/** What `holdfast list --json` says of a lock. */
interface Listed {
  readonly name: string;
  readonly flawed: boolean;
}

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

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../reports/conformance.md', import.meta.url));
const RUNS = '1';
const LIMIT_MS = 600_000;
const AT_ONCE = 2;
/** The workload that is not named when it is the only one. */
const USUAL = 'critical-section';

/** Its wait of 5 s by default may not be longer than its TTL. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { beeorm: ['--ttl', '6s'] };

function holdfast(args: readonly string[]): Promise<{ code: number; out: string }> {
  const options = { timeout: LIMIT_MS, env: { ...process.env, NO_COLOR: '1', COLUMNS: '2000' } };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, out: `${out}${code === 0 ? '' : err}` });
    });
  });
}

async function checkLock({ name: lock, flawed }: Listed): Promise<Checked> {
  const beganMs = performance.now();
  const under = flawed ? [] : ['--workload', 'all'];
  const needs = NEEDS[lock.split('-')[0]!] ?? [];
  const { code, out } = await holdfast(['real', 'check', lock, ...under, ...needs, '--runs', RUNS]);
  const seconds = Math.round((performance.now() - beganMs) / 1_000);
  const parts = partsOf(flawed ? `${USUAL} · ${out}` : out);
  console.log(`${code === 0 ? 'valid' : `exit ${code}`}  ${lock}  ${seconds} s`);
  for (const { workload, others } of parts) {
    for (const line of others) console.log(`  ${workload}: ${line}`);
  }
  if (parts.length === 0) console.log(out);
  return { lock, flawed, code, parts, seconds };
}

/**
 * A workload's part begins with its name, `– ` before it if the lock cannot run under it; a line
 * that begins with spaces goes on with the one before.
 */
function partsOf(out: string): Part[] {
  const parts: { workload: string; requests: number; others: string[]; isUnable: boolean }[] = [];
  const unwrapped = out.trim().replaceAll(/\n {2,}/g, ' ');
  for (const line of unwrapped.split('\n')) {
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
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
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

const filters = process.argv.slice(2);
const { out } = await holdfast(['list', 'locks', '--json']);
const locks = JSON.parse(out) as readonly Listed[];
const wanted = locks
  .filter(({ name }) => filters.every((word) => name.includes(word)))
  .sort((a, b) => Number(a.flawed) - Number(b.flawed));
const checked = new Map<Listed, Checked>();
const waiting = [...wanted];
const work = async () => {
  for (let lock = waiting.shift(); lock !== undefined; lock = waiting.shift()) {
    checked.set(lock, await checkLock(lock));
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (filters.length === 0) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, withSection(page, section(wanted.map((lock) => checked.get(lock)!))));
}

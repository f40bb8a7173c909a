/**
 * Runs every lock that is not flawed on its real server: `npm run real:locks` has `holdfast real
 * check` do so, and writes what it says to the section "Locks on real servers" of
 * reports/conformance.md. Only some, and nothing written: `npm run real:locks redlock`.
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

interface Checked {
  readonly lock: string;
  readonly code: number;
  readonly lines: readonly string[];
  readonly seconds: number;
}

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../reports/conformance.md', import.meta.url));
const RUNS = '3';
const LIMIT_MS = 240_000;
const AT_ONCE = 2;

function holdfast(args: readonly string[]): Promise<{ code: number; out: string }> {
  const options = { timeout: LIMIT_MS, env: { ...process.env, NO_COLOR: '1', COLUMNS: '2000' } };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, out: `${out}${code === 0 ? '' : err}` });
    });
  });
}

async function checkLock(lock: string): Promise<Checked> {
  const beganMs = performance.now();
  const { code, out } = await holdfast(['real', 'check', lock, '--runs', RUNS]);
  const seconds = Math.round((performance.now() - beganMs) / 1_000);
  const lines = out.trim().split('\n');
  console.log(`${code === 0 ? 'valid' : `exit ${code}`}  ${lock}  ${seconds} s`);
  return { lock, code, lines, seconds };
}

function section(all: readonly Checked[]): string {
  const rows = all.map(({ lock, code, lines, seconds }) => {
    const requests = /· ([\d,]+) requests/.exec(lines[0] ?? '')?.[1] ?? '–';
    const valid = lines.filter((line) => line.startsWith('✓')).map((line) => line.slice(2));
    const others = lines.slice(1).filter((line) => !line.startsWith('✓'));
    const other = others.join(' ').replaceAll('|', '\\|').slice(0, 200);
    const verdict = code === 0 ? 'valid' : `**exit ${code}**`;
    const cells = [
      `\`${lock}\``,
      verdict,
      requests,
      valid.join(', '),
      other || '–',
      String(seconds),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '## Locks on real servers',
    '',
    `Every lock that is not flawed, ${RUNS} runs without faults by two or three processes, through`,
    'the real client libraries, judged by the same checkers. Written by `npm run real:locks`.',
    '',
    '| lock | verdict | requests | valid | else | seconds |',
    '| --- | --- | ---: | --- | --- | ---: |',
    ...rows,
    '',
  ].join('\n');
}

const filters = process.argv.slice(2);
const { out } = await holdfast(['list', 'locks', '--json']);
const locks = JSON.parse(out) as readonly Listed[];
const names = locks
  .filter(({ name, flawed }) => !flawed && filters.every((word) => name.includes(word)))
  .map(({ name }) => name);
const checked = new Map<string, Checked>();
const waiting = [...names];
const work = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    checked.set(name, await checkLock(name));
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (filters.length === 0) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, withSection(page, section(names.map((name) => checked.get(name)!))));
}

/**
 * The start of the command line, the checker on a large history, and how the bug is found today.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Figure, REPETITIONS, summarize } from './arm.js';
import type { CheckerTimes } from './checker-child.js';

/** Of the package: npm runs its scripts there. */
const ROOT = process.cwd();
const CHECKER_CHILD = fileURLToPath(new URL('./checker-child.js', import.meta.url));
const run = promisify(execFile);

/** `node <bin> check <file.ts>`, from the second start on. */
export async function startFigure(): Promise<Figure> {
  const args = ['dist/cli/main.js', 'check', 'examples/my-lock.ts', '--runs', '20', '--quiet'];
  const seconds: number[] = [];
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const startMs = performance.now();
    await run(process.execPath, args, { cwd: ROOT }).catch(() => undefined);
    if (repetition > 0) seconds.push((performance.now() - startMs) / 1_000);
  }
  const workload = `node ${args.join(' ')}, to its end, from the second start on`;
  return summarize('start to first verdict', 's', seconds, workload, {
    text: '≤ 0.7',
    atMost: 0.7,
  });
}

/** In a process of its own, with the heap of one: a campaign never meets so large a history. */
export async function checkerFigure(): Promise<Figure> {
  const { stdout } = await run(process.execPath, [CHECKER_CHILD]);
  const { operations, seconds } = JSON.parse(stdout) as CheckerTimes;
  const workload = `${operations / 1e6} M operations, valid, one key, index and check`;
  return summarize('mutual-exclusion check', 's', seconds, workload, { text: '≤ 2', atMost: 2 });
}

/** The SET NX bug with vitest fake timers, fc.scheduler and ioredis-mock. */
export function baselineFigures(): Figure[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-baseline-'));
  const file = path.join(folder, 'baseline.json');
  const config = path.join(ROOT, 'scripts/bench/baseline/vitest.config.ts');
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, BASELINE_OUT: file };
  try {
    const done = spawnSync(process.execPath, [vitest, 'run', '--config', config], {
      env,
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`the baseline failed:\n${done.stdout}${done.stderr}`);
    const { runsPerS, findMs, executions } = JSON.parse(readFileSync(file, 'utf8')) as {
      runsPerS: number[];
      findMs: number[];
      executions: number[];
    };
    const workload =
      'set-nx without checks, 3 clients × 1 acquisition, ' +
      'vitest fake timers + fc.scheduler + ioredis-mock';
    return [
      summarize(
        'today’s way',
        'runs/s',
        runsPerS,
        `${workload}; no faults, no second server, no clocks of their own`,
      ),
      summarize(
        'today’s way, time to the violation',
        'ms',
        findMs,
        `${workload}; ${executions.join(', ')} executions with shrinking`,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

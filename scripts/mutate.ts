/**
 * `npm run mutate [-- part of a file name…]`: makes every mutant of every checker, runs the tests
 * of test/checkers against each, lists those that no test kills, and writes reports/mutation.md
 * (not for a part). Exit 1 if any survives that is not listed as equivalent.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { type Instrumented, instrument, type Mutant } from './mutation/instrument.js';
import { type Equivalents, reportMarkdown, settle, survivorsText } from './mutation/report.js';
import type { Assignment, WorkerResults } from './mutation/runner.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const TESTS = 'scripts/mutation/all-checker-tests.ts';
const RUNNER = join(ROOT, 'scripts/mutation/runner.ts');
const CHECKERS = join(ROOT, 'src/checkers');

/** Instruments the checkers whose file name contains one of the parts; all if there are none. */
function instrumentAll(parts: readonly string[]): Map<string, Instrumented> {
  const files = readdirSync(CHECKERS).filter((file) => file.endsWith('.ts'));
  const instrumented = new Map<string, Instrumented>();
  let nextId = 0;
  for (const file of files.sort((a, b) => (a < b ? -1 : 1))) {
    if (parts.length > 0 && !parts.some((part) => file.includes(part))) continue;
    const made = instrument(file, readFileSync(join(CHECKERS, file), 'utf8'), nextId);
    nextId += made.mutants.length;
    instrumented.set(join(CHECKERS, file), made);
  }
  return instrumented;
}

/** Runs the tests against the mutants, shared out among the workers. */
async function tryMutants(
  instrumented: ReadonlyMap<string, Instrumented>,
  mutants: readonly Mutant[],
  folder: string,
): Promise<WorkerResults> {
  const workers = availableParallelism();
  const results = Array.from({ length: workers }, (_, at) => join(folder, `${at}.json`));
  const serve = {
    name: 'mutants',
    enforce: 'pre' as const,
    transform: (_code: string, id: string) => instrumented.get(id)?.code,
  };
  const projects = results.map((file, at) => {
    const env: Assignment = {
      MUTANTS: String(mutants.length),
      WORKER: String(at),
      WORKERS: String(workers),
      RESULTS: file,
    };
    const test = {
      name: `worker ${at}`,
      include: [TESTS],
      runner: RUNNER,
      testTimeout: 0,
      env: { ...env },
    };
    return { root: ROOT, plugins: [serve], test };
  });
  const config = { root: ROOT, watch: false, reporters: ['minimal'], projects };
  const vitest = await startVitest('test', [], config);
  const failed = vitest.state.getCountOfFailedTests();
  await vitest.close();
  if (failed > 0) throw new Error(`${failed} tests fail without any mutant`);
  const all = results.map((file) => JSON.parse(readFileSync(file, 'utf8')) as WorkerResults);
  return {
    survived: all.flatMap(({ survived }) => survived),
    unmet: all.flatMap(({ unmet }) => unmet),
  };
}

const parts = process.argv.slice(2);
const instrumented = instrumentAll(parts);
const mutants = [...instrumented.values()].flatMap((made) => made.mutants);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-mutants-'));
try {
  const { survived, unmet } = await tryMutants(instrumented, mutants, folder);
  const listed = JSON.parse(
    readFileSync(join(ROOT, 'test/checkers/equivalent-mutants.json'), 'utf8'),
  ) as Equivalents;
  const outcome = settle(mutants, new Set(survived), new Set(unmet), listed);
  if (parts.length === 0) {
    writeFileSync(join(ROOT, 'reports/mutation.md'), reportMarkdown(outcome));
  }
  const { equivalent, survivors, stale } = outcome;
  console.log(survivorsText(outcome));
  const killed = mutants.length - equivalent.length - survivors.length;
  console.log(
    `${mutants.length} mutants: ${killed} killed, ${equivalent.length} equivalent, ` +
      `${survivors.length} survive`,
  );
  process.exitCode = survivors.length + stale.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

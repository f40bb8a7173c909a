/**
 * `npm run failures [-- numbers…]`: finds every published failure, and nothing like it in the
 * variant that repairs it; writes `reports/published-failures.json` and `.md` (not for a part).
 * Exit 1 if one is not found, or a variant is not clean.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { PublishedFailure, Sought } from './failures/failure.js';
import { chosen } from './failures/published/index.js';
import {
  complaint,
  type Made,
  type Outcome,
  reportJson,
  reportMarkdown,
} from './failures/report.js';
import { find, survive } from './failures/search.js';

const COMMAND = 'npm run failures';
const FIND_RUNS_MAX = 10_000;
const CLEAN_RUNS = 2_000;

async function outcomeOf(failure: PublishedFailure): Promise<Outcome> {
  if ('cannot' in failure) {
    const { tried } = failure;
    if (tried === undefined) return { failure };
    const found = await find(tried, tried, CLEAN_RUNS);
    return { failure, soughtRuns: CLEAN_RUNS, ...(found && { found }) };
  }
  const { clean, ...sought } = failure;
  const found = await find(failure, sought, FIND_RUNS_MAX);
  if ('none' in clean) return { failure, soughtRuns: FIND_RUNS_MAX, ...(found && { found }) };
  const { judgedBy } = clean;
  const like: Sought =
    judgedBy === undefined ? sought : { property: judgedBy, faults: sought.faults };
  const survived = await survive(clean, like, CLEAN_RUNS);
  return { failure, soughtRuns: FIND_RUNS_MAX, ...(found && { found }), survived };
}

function line({ failure, found, survived }: Outcome): string {
  const { number, id } = failure;
  const shown =
    found === undefined ? 'not shown' : `${found.runs} runs, ${Math.round(found.ms)} ms`;
  const faults = found === undefined ? '' : ` [${found.counterexample.necessary.join('; ')}]`;
  const clean = survived === undefined ? '' : `; clean for ${survived.runs} runs`;
  return `${number} ${id}: ${shown}${faults}${clean}\n`;
}

const numbers = process.argv.slice(2);
const startMs = performance.now();
const outcomes: Outcome[] = [];
for (const failure of chosen(numbers)) {
  const outcome = await outcomeOf(failure);
  outcomes.push(outcome);
  process.stdout.write(line(outcome));
}
const made: Made = {
  command: COMMAND,
  machine: `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`,
  seconds: Math.round((performance.now() - startMs) / 1_000),
  findRunsMax: FIND_RUNS_MAX,
  cleanRuns: CLEAN_RUNS,
};
if (numbers.length === 0) {
  mkdirSync('reports', { recursive: true });
  writeFileSync('reports/published-failures.md', reportMarkdown(outcomes, made));
  writeFileSync('reports/published-failures.json', reportJson(outcomes, made));
}
for (const outcome of outcomes) {
  const wrong = complaint(outcome);
  if (wrong === undefined) continue;
  process.stdout.write(`${wrong}\n`);
  process.exitCode = 1;
}

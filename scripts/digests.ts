/**
 * Prints the digest of many runs, one line each: lock, seed, verdict, digest. Two machines, or two
 * versions of Node, that print different lines do not simulate the same world, and the first line
 * that differs says where to look (docs/semantics.md, R14).
 *
 *     node --import tsx scripts/digests.ts [seeds]
 */
import { findLock } from '../src/algorithms/index.js';
import { settle } from '../src/host/settle.js';
import { checkScenario } from '../src/pipeline.js';
import { runKey } from '../src/random.js';
import { generate } from '../src/search/generate.js';
import { resolvePlan } from '../src/search/plan.js';
import { seedKey } from '../src/seed-key.js';
import { SeededDecisions } from '../src/sim/decisions.js';
import { DEFAULT_WORKLOAD } from '../src/workloads/index.js';

/** One server, fenced, renewed, a quorum, and a flawed one. */
const LOCKS = ['set-nx', 'set-nx-fenced', 'set-nx-watchdog', 'redlock', 'redlock-no-validity'];
const seeds = Number(process.argv[2] ?? 50);

for (const name of LOCKS) {
  const algorithm = findLock(name);
  if (algorithm === undefined) throw new Error(`there is no lock ${name}`);
  const workload = DEFAULT_WORKLOAD;
  const plan = resolvePlan(algorithm, { workload: workload.name, set: {} });
  for (let seed = 0; seed < seeds; seed += 1) {
    const decisions = new SeededDecisions(runKey(seedKey(String(seed)), 0));
    const scenario = generate(plan, decisions);
    const run = await checkScenario(scenario, { algorithm, workload, decisions, settle });
    console.log(`${name} ${seed} ${run.verdict} ${run.digest}`);
  }
}

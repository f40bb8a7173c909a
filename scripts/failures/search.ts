/** The search for a published failure, and for anything like it in the variant that repairs it. */
import { findLock } from '../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { createRunPort } from '../../src/host/run-port.js';
import { compression, withGuards } from '../../src/host/session.js';
import { runKey } from '../../src/random.js';
import type { Counterexample } from '../../src/report.js';
import type { Scenario } from '../../src/scenario.js';
import { atLeastAsBad, ofSameClass } from '../../src/search/claims.js';
import { Coverage } from '../../src/search/coverage.js';
import { type CampaignPlan, generate } from '../../src/search/generate.js';
import { isExpected } from '../../src/search/judge.js';
import { smallest } from '../../src/search/lock-report.js';
import { resolvePlan } from '../../src/search/plan.js';
import type { ObservedRun, RunPort } from '../../src/search/port.js';
import { seedKey } from '../../src/seed-key.js';
import { serviceOf } from '../../src/service.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import { DEFAULT_WORKLOAD, workloadNamed, workloads } from '../../src/workloads/index.js';
import type { Workload } from '../../src/workloads/workload.js';
import type { Sought, Use } from './failure.js';

export const SEED = 1;
const KEY = seedKey(String(SEED));

/** A failure that was found, and its smallest run. */
export interface Found {
  /** Runs made, the one that shows it included. */
  readonly runs: number;
  /** Real time that they took. */
  readonly ms: number;
  /** Real time that shrinking took. */
  readonly shrinkMs: number;
  readonly counterexample: Counterexample;
}

/** Of the clean variant: how many runs it survived, and what ended it if they are not all. */
export interface Survived {
  readonly runs: number;
  readonly ms: number;
  readonly failed?: string;
}

/** A lock made ready for the runs of a campaign. */
interface Prepared {
  readonly algorithm: LockAlgorithm;
  readonly workload: Workload;
  readonly plan: CampaignPlan;
}

/** The lock, workload and campaign of a use; throws if there is no such thing. */
export function prepare({ lock, set = {}, workload: named, ttlMs, waitMs }: Use): Prepared {
  const algorithm = findLock(lock);
  if (algorithm === undefined) throw new Error(`there is no lock ${lock}`);
  const name = named ?? algorithm.flaw?.workload ?? DEFAULT_WORKLOAD.name;
  const workload = workloadNamed(workloads, name);
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  const { sectionsEach } = workload;
  const plan = resolvePlan(algorithm, {
    workload: name,
    set,
    ...(sectionsEach !== undefined && { sectionsEach }),
    ...(ttlMs !== undefined && { ttlMs }),
    ...(waitMs !== undefined && { waitMs }),
  });
  return { algorithm, workload, plan };
}

/** One run of the default distribution, and the same run with other faults. */
interface Made {
  readonly scenario: Scenario;
  readonly observed: ObservedRun;
  again(scenario: Scenario): Promise<readonly PropertyVerdict[]>;
}

async function make({ plan }: Prepared, port: RunPort, run: number): Promise<Made> {
  const decisions = () => new SeededDecisions(runKey(KEY, run));
  const first = decisions();
  const scenario = generate(plan, first);
  const observed = await port.check(scenario, first);
  const again = async (changed: Scenario) => (await port.check(changed, decisions())).properties;
  return { scenario, observed, again };
}

/** The same scenario with the faults of the story alone. */
function onlyFaults(scenario: Scenario, { faults, hosts }: Sought): Scenario {
  const kept = scenario.faults.filter((fault) => {
    if (!faults.includes(fault.class)) return false;
    if (hosts === undefined) return true;
    const atServer = serviceOf('host' in fault ? fault.host : fault.server) !== undefined;
    return atServer === (hosts === 'servers');
  });
  return kept.length === scenario.faults.length ? scenario : { ...scenario, faults: kept };
}

type Like = typeof ofSameClass;

/** Whether a verdict is the violation that is sought, in its class or (`like`) one as bad. */
function isSought(found: PropertyVerdict, sought: Sought, like: Like): boolean {
  if (!like(found, sought)) return false;
  if (sought.cause !== undefined && found.cause !== sought.cause) return false;
  const { secondEnteredAtUs, secondPromisedEndUs, lengthUs } = found.details ?? {};
  if (sought.enteredLate && !(Number(secondPromisedEndUs) <= Number(secondEnteredAtUs)))
    return false;
  return sought.longerThanMs === undefined || Number(lengthUs) > sought.longerThanMs * 1_000;
}

/** A port that sees of the property only what is sought: shrinking keeps the whole story. */
function onlySought(port: RunPort, sought: Sought): RunPort {
  return {
    ...port,
    async check(...run) {
      const observed = await port.check(...run);
      const properties = observed.properties.filter(
        (found) => found.property !== sought.property || isSought(found, sought, ofSameClass),
      );
      return { ...observed, properties };
    },
  };
}

/** What a run shows of what is sought by the faults of its story alone, and with which scenario. */
async function shown(
  { scenario, observed, again }: Made,
  sought: Sought,
  like: Like,
): Promise<{ scenario: Scenario; verdict: PropertyVerdict } | undefined> {
  const verdict = observed.properties.find((found) => isSought(found, sought, like));
  if (verdict === undefined) return undefined;
  const alone = onlyFaults(scenario, sought);
  if (alone === scenario) return { scenario, verdict };
  const still = (await again(alone)).find((found) => isSought(found, sought, like));
  return still && { scenario: alone, verdict: still };
}

/** Makes runs until one shows the failure; `undefined` if none of so many does. */
export function find(use: Use, sought: Sought, runsMax: number): Promise<Found | undefined> {
  const prepared = prepare(use);
  return withGuards(false, async (guards) => {
    const port = createRunPort(prepared.algorithm, prepared.workload, guards, () => false);
    const startMs = port.elapsedMs();
    for (let run = 0; run < runsMax; run++) {
      const made = await make(prepared, port, run);
      const hit = await shown(made, sought, ofSameClass);
      if (hit === undefined) continue;
      const foundMs = port.elapsedMs();
      const only = onlySought(port, sought);
      const told = await smallest(runKey(KEY, run), { ...hit, run }, only, compression);
      if (told === undefined) throw new Error(`run ${run} does not show the violation again`);
      const { counterexample } = told;
      const shrinkMs = port.elapsedMs() - foundMs;
      return { runs: run + 1, ms: foundMs - startMs, shrinkMs, counterexample };
    }
    return undefined;
  });
}

/**
 * Makes so many runs of a variant. It survives those before the first that shows the failure, or
 * worse of its property, by the faults of its story alone; that breaks what the lock claims; or
 * that is unknown. Runs that did not reach the goals of a campaign say nothing.
 */
export function survive(use: Use, sought: Sought, runs: number): Promise<Survived> {
  const prepared = prepare(use);
  const { algorithm, workload, plan } = prepared;
  return withGuards(false, async (guards) => {
    const port = createRunPort(algorithm, workload, guards, () => false);
    const coverage = new Coverage(plan.faultClasses);
    const startMs = port.elapsedMs();
    const after = (run: number, failed?: string): Survived => {
      const ms = port.elapsedMs() - startMs;
      return failed === undefined ? { runs: run, ms } : { runs: run, ms, failed };
    };
    for (let run = 0; run < runs; run++) {
      const made = await make(prepared, port, run);
      const complaint = await failureOf(algorithm, made, sought);
      if (complaint !== undefined) return after(run, complaint);
      coverage.add(made.observed.reached, made.observed.run.history.records);
    }
    return after(runs, coverage.missed());
  });
}

/** Why a run speaks against the variant, in words. */
async function failureOf(
  algorithm: LockAlgorithm,
  made: Made,
  sought: Sought,
): Promise<string | undefined> {
  const { scenario, observed, again } = made;
  const hit = await shown(made, sought, atLeastAsBad);
  if (hit !== undefined) return `shows ${named(hit.verdict)} with the faults of the story alone`;
  if (observed.findings.length > 0) return `unknown: ${observed.findings[0]!.message}`;
  for (const verdict of observed.properties) {
    if (verdict.verdict === 'unknown') return `${verdict.property} is unknown: ${verdict.reason}`;
    if (verdict.verdict !== 'invalid') continue;
    if (!(await isExpected(algorithm, scenario, verdict, again))) {
      return `shows ${named(verdict)}, which the lock does not claim`;
    }
  }
  return undefined;
}

/** `mutual-exclusion (double-grant)`. */
export function named({ property, class: name }: Pick<PropertyVerdict, 'property' | 'class'>) {
  return name === undefined ? property : `${property} (${name})`;
}

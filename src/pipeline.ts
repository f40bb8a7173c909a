/**
 * The pipeline, and the first file to read: a scenario is simulated, its history is checked, and
 * the run's verdict follows from the properties' verdicts.
 *
 *     scenario ──▶ simulate ──▶ history + trace ──▶ checkers ──▶ verdict ──▶ report
 */
import { CHECKERS } from './checkers/index.js';
import { checkAll } from './checkers/merge.js';
import type { Reached } from './checkers/reached.js';
import { digestVerdicts } from './digest.js';
import type { Scenario } from './scenario.js';
import { type Run, type SimulateOptions, simulate } from './sim/simulate.js';
import { type PropertyVerdict, type Verdict, worse } from './verdict.js';

/** A run that has been judged. */
export interface CheckedRun {
  readonly run: Run;
  readonly properties: readonly PropertyVerdict[];
  /** What the run reached of the campaign's goals (R13). */
  readonly reached: Reached;
  /**
   * Worst of the properties; unknown if a limit was hit or the code under test misbehaved (R13).
   */
  readonly verdict: Verdict;
  /** Digest of scenario, events, history and verdicts (R14). */
  readonly digest: string;
}

/** Simulates a scenario, checks its history, and merges the verdicts. */
export async function checkScenario(
  scenario: Scenario,
  options: SimulateOptions,
): Promise<CheckedRun> {
  const run = await simulate(scenario, options);
  const { properties, reached } = checkAll(run.history, CHECKERS);
  return {
    run,
    properties,
    reached,
    verdict: verdictOf(run, properties),
    digest: digestVerdicts(run.digest, properties),
  };
}

function verdictOf(run: Run, properties: readonly PropertyVerdict[]): Verdict {
  let verdict: Verdict = 'valid';
  for (const property of properties) verdict = worse(verdict, property.verdict);
  const doubtful = run.history.limit !== undefined || run.findings.length > 0;
  return doubtful ? worse(verdict, 'unknown') : verdict;
}

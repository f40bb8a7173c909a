/**
 * What a search needs of its host: somebody who carries out one run, and the wall clock for budgets
 * and progress. A search knows no threads, files or processes.
 */

import type { Finding } from '../finding.js';
import type { CheckedRun } from '../pipeline.js';
import type { Scenario } from '../scenario.js';
import type { Decisions } from '../sim/decisions.js';
import type { EventLog } from '../sim/event-log.js';

/** A checked run, with what the host noticed about the code under test during it. */
export interface ObservedRun extends CheckedRun {
  readonly findings: readonly Finding[];
}

export interface RunPort {
  /**
   * Runs and checks a scenario. `trace` also records messages and places; `log` is filled with
   * every event and record (D15).
   */
  check(
    scenario: Scenario,
    decisions: Decisions,
    trace?: boolean,
    log?: EventLog,
  ): Promise<ObservedRun>;
  /** Runs again under close watch, and names what makes the run hang or differ, if it can (D5). */
  investigate(scenario: Scenario, decisions: Decisions): Promise<Finding | undefined>;
  /** Milliseconds of real time, from any start. */
  elapsedMs(): number;
  /** Whether somebody asked to stop. */
  stopped(): boolean;
}

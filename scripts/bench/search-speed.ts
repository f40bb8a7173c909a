/**
 * How fast the search is: runs of a campaign in this thread, one after the other, with real command
 * parsing, all fault classes and all checkers. No start-up, no shrinking, no second runs.
 */
import { findLock } from '../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { Guards } from '../../src/host/guards.js';
import { createRunPort, turn } from '../../src/host/run-port.js';
import { settle } from '../../src/host/settle.js';
import { type CheckedRun, checkScenario } from '../../src/pipeline.js';
import { runKey } from '../../src/random.js';
import type { Scenario } from '../../src/scenario.js';
import { type CampaignPlan, generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import type { RunPort } from '../../src/search/port.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { EVENT_KIND_NAMES } from '../../src/sim/world.js';
import { DEFAULT_WORKLOAD } from '../../src/workloads/index.js';

/** A lock ready to be run many times. */
export class SearchBench {
  readonly plan: CampaignPlan;
  readonly port: RunPort;
  private readonly algorithm: LockAlgorithm;
  private readonly key = seedKey('bench');
  private next = 0;
  private readonly kinds = new Float64Array(EVENT_KIND_NAMES.length);

  /** Without `clients` and `operations` as many of them as a campaign draws. */
  constructor(name: string, clients?: number, operations?: number) {
    const algorithm = findLock(name) as LockAlgorithm;
    this.algorithm = algorithm;
    const workload = DEFAULT_WORKLOAD;
    this.plan = resolvePlan(algorithm, {
      workload: workload.name,
      set: operations === undefined ? {} : { operations },
      ...(clients === undefined ? {} : { clients }),
    });
    this.port = createRunPort(algorithm, workload, new Guards(false), () => false);
  }

  /** Runs the next `runs` runs of the campaign. */
  async measure(
    runs: number,
    trace = false,
  ): Promise<{ eventsPerS: number; runsPerS: number; eventsPerRun: number }> {
    let events = 0;
    const startMs = performance.now();
    for (let run = this.next; run < this.next + runs; run++) {
      const decisions = new SeededDecisions(runKey(this.key, run));
      const scenario = generate(this.plan, decisions);
      const observed = trace
        ? await this.traced(scenario, decisions)
        : await this.port.check(scenario, decisions);
      events += observed.run.events;
      observed.run.eventsByKind.forEach((count, kind) => {
        this.kinds[kind]! += count;
      });
    }
    const seconds = (performance.now() - startMs) / 1_000;
    this.next += runs;
    return { eventsPerS: events / seconds, runsPerS: runs / seconds, eventsPerRun: events / runs };
  }

  /** Acquisitions a run, nested ones among them; counted apart, because counting takes time. */
  async acquisitionsPerRun(runs: number): Promise<number> {
    let acquisitions = 0;
    for (let run = 0; run < runs; run++) {
      const decisions = new SeededDecisions(runKey(this.key, run));
      const { history } = (await this.port.check(generate(this.plan, decisions), decisions)).run;
      for (const record of history.records) {
        if (record.type === 'invoke' && record.action === 'acquire') acquisitions += 1;
      }
    }
    return acquisitions / runs;
  }

  /** With messages and timers recorded; stacks are taken for the smallest run alone. */
  private async traced(scenario: Scenario, decisions: SeededDecisions): Promise<CheckedRun> {
    const { algorithm } = this;
    const options = { algorithm, workload: DEFAULT_WORKLOAD, decisions, settle, trace: {} };
    const checked = await checkScenario(scenario, options);
    await turn();
    return checked;
  }

  /** Runs the same runs again. */
  rewind(): void {
    this.next = 0;
  }

  /** Share of each kind of event so far, in words. */
  shares(): string {
    const sum = this.kinds.reduce((all, count) => all + count, 0);
    return EVENT_KIND_NAMES.map(
      (name, kind) => `${name} ${((100 * this.kinds[kind]!) / sum).toFixed(1)} %`,
    ).join(', ');
  }
}

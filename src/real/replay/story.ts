/**
 * A counterexample as a story to be played: the run in a replay code, staged and simulated once
 * more, and what it breaks.
 */
import { CHECKERS } from '../../checkers/index.js';
import { checkAll } from '../../checkers/merge.js';
import type { LogEntry } from '../../difference.js';
import type { Engine, ReplayRequest } from '../../host/engine-api.js';
import type { Scenario } from '../../scenario.js';
import type { RunPlan } from '../../search/replay-code.js';
import type { Trace } from '../../trace.js';
import { type Property, type PropertyVerdict, severity } from '../../verdict.js';

export interface Story {
  readonly plan: RunPlan;
  /** How late a client may be, in milliseconds, without another story coming of it. */
  readonly bearsMs: number;
  readonly scenario: Scenario;
  readonly trace: Trace;
  readonly log: readonly LogEntry[];
  /** SQL that the lock wants run on each PostgreSQL server first. */
  readonly schema: string | undefined;
  /** What it is to break. */
  readonly broken: PropertyVerdict;
}

export interface StoryRequest {
  readonly code: string;
  readonly lockFile?: string;
  /** What it is to break; default: the worst that it does. */
  readonly property?: Property;
}

/** The story in a replay code; undefined if the run breaks nothing, or not that property. */
export async function storyOf(
  engine: Engine,
  { code, lockFile, property }: StoryRequest,
): Promise<Story | undefined> {
  const staged = property === undefined ? {} : { property };
  const asked: ReplayRequest = { code, trace: true, log: true, staged };
  const report = await engine.replay(lockFile === undefined ? asked : { ...asked, lockFile });
  const { trace, log, schema, staged: plan } = report;
  if (trace === undefined || log === undefined || plan === undefined) return undefined;
  const broken = checkAll(trace.history, CHECKERS)
    .properties.filter((one) => one.verdict === 'invalid')
    .filter((one) => property === undefined || one.property === property)
    .sort((a, b) => severity(b) - severity(a))[0];
  return broken && { ...plan, scenario: trace.scenario, trace, log, schema, broken };
}

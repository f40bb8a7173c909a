/**
 * Hand-made reports for the tests of the command line: their counterexamples come from hand-made
 * stories, so that rows and sentences are what the engine would give.
 */
import { indexHistory } from '../../src/checkers/sections.js';
import { FAULT_CLASSES } from '../../src/fault.js';
import type { SingleRunReport } from '../../src/host/engine-api.js';
import type {
  ConfigurationReport,
  Counterexample,
  LockReport,
  PropertyReport,
} from '../../src/report.js';
import { narrate } from '../../src/story/narrative/index.js';
import { necessaryWords } from '../../src/story/necessary.js';
import { storyRows } from '../../src/story/rows.js';
import type { Trace } from '../../src/trace.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import { STORIES } from '../story/stories.js';
import { traceOf } from '../story/telling.js';

export const CODE = 'hf1_Qm9yZWQtYnV0LXJlYWQ';
export const DIGEST = '693c23f645e0e52d';

interface Judged {
  readonly trace: Trace;
  readonly verdict: PropertyVerdict;
}

/** A hand-made story by its name, judged. */
export function judged(name: string): Judged {
  const told = STORIES.find((one) => one.name === name);
  if (told === undefined) throw new Error(`there is no story ${name}`);
  const trace = { ...traceOf(told.tell(), told.beneath), digest: DIGEST };
  return { trace, verdict: told.checker.check(indexHistory(trace.history)) };
}

export function counterexample(name: string, replay = CODE): Counterexample {
  const { trace, verdict } = judged(name);
  const story = storyRows(trace, verdict);
  const { clients, faults } = trace.scenario;
  return {
    replay,
    clients: clients.length,
    faults: faults.length,
    rows: story.length,
    events: 84,
    why: narrate(verdict, trace),
    story,
    necessary: faults.map((fault) => necessaryWords(fault)),
    foundWith: { clients: 3, faults: 4, run: 271 },
    digest: DIGEST,
  };
}

/** The report on a property that a hand-made story breaks. */
export function broken(name: string, more: Partial<PropertyReport> = {}): PropertyReport {
  const { verdict } = judged(name);
  const { property, class: found, cause, details } = verdict;
  return {
    property,
    verdict: 'invalid',
    ...(found !== undefined && { class: found }),
    ...(cause !== undefined && { cause }),
    ...(details !== undefined && { details }),
    violations: 12,
    counterexample: counterexample(name),
    ...more,
  };
}

export const configuration: ConfigurationReport = {
  algorithm: 'set-nx',
  source: 'Redis documentation',
  options: { callTimeoutMs: 500, retryDelayMs: 50 },
  workload: 'critical-section',
  ttlMs: 10_000,
  waitMs: 20_000,
  sectionMsMax: 5_000,
  servers: ['r1'],
  persistence: 'everysec',
  clients: '2–3',
  operationsEach: 3,
  faultClasses: ['pause'],
  seed: 7,
  runs: 2_000,
  strict: false,
  progressBoundMs: 21_200,
};

const valid = (property: PropertyReport['property']): PropertyReport => ({
  property,
  verdict: 'valid',
});

export const ALL_VALID: readonly PropertyReport[] = [
  valid('mutual-exclusion'),
  valid('resource-safety'),
  {
    property: 'fencing',
    verdict: 'not-applicable',
    reason: 'no grant carried a fencing token',
  },
  valid('ownership'),
  valid('leak'),
  valid('progress'),
  valid('belief'),
  valid('coverage'),
  valid('determinism'),
];

/** All valid, but for these. */
export function properties(...others: readonly PropertyReport[]): PropertyReport[] {
  const changed = new Set(others.map(({ property }) => property));
  return [...others, ...ALL_VALID.filter(({ property }) => !changed.has(property))];
}

export function lockReport(more: Partial<LockReport> = {}): LockReport {
  return {
    algorithm: 'set-nx',
    flawed: false,
    configuration: { ...configuration, ...more.configuration },
    seed: 7,
    runs: 2_000,
    unknownRuns: 0,
    events: 640_000,
    searchMs: 580,
    elapsedMs: 640,
    digest: DIGEST,
    verdict: 'valid',
    asClaimed: true,
    properties: ALL_VALID,
    reached: [
      { goal: 'contention', runs: 1_284, needed: 1 },
      { goal: 'expiry while holding', runs: 412, needed: 1 },
      { goal: 'split vote', runs: 0, needed: 0 },
      { goal: 'pause', runs: 1_201, needed: 20 },
    ],
    findings: [],
    lost: [],
    interrupted: false,
    ...more,
  };
}

/** What `check` would say of a lock that a hand-made story breaks, unexpectedly. */
export function brokenReport(...names: readonly string[]): LockReport {
  return lockReport({
    verdict: 'invalid',
    asClaimed: false,
    properties: properties(...names.map((name) => broken(name, { expected: false }))),
  });
}

/** What is said of a flawed lock whose flaw is not the worst that was found. */
export const FLAWED = {
  algorithm: 'blind-delete',
  flawed: true,
  asClaimed: false,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause', 'delay'],
    withinRuns: 500,
    runs: 31,
    firstRun: 1_204,
  },
} as const;

/** Three classes of overlap, the worst of which is told. */
export function severalClasses(): PropertyReport {
  return broken('failover', {
    expected: false,
    classes: [
      { class: 'double-grant', runs: 12, firstRun: 70, expected: false },
      { class: 'stale-belief', runs: 31, firstRun: 1_204, expected: false },
      { class: 'inherent-overlap', runs: 1, firstRun: 6, expected: true },
    ],
  });
}

export function runReport(name: string, more: Partial<SingleRunReport> = {}): SingleRunReport {
  const { trace, verdict } = judged(name);
  const { counterexample: _counterexample, ...report } = broken(name, { expected: false });
  return {
    configuration: { ...configuration, runs: 1 },
    properties: properties(report),
    story: storyRows(trace, verdict),
    why: narrate(verdict, trace),
    verdict: 'invalid',
    asClaimed: false,
    digest: DIGEST,
    events: 84,
    findings: [],
    console: [],
    trace,
    ...more,
  };
}

export const EVERY_FAULT = { ...configuration, faultClasses: FAULT_CLASSES };

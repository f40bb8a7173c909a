/** Shrinking of the classics: how long it takes, and how small the story gets. */
import { findLock } from '../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import type { FaultClass } from '../../src/fault.js';
import { runKey } from '../../src/random.js';
import { generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import { shrink } from '../../src/search/shrink.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { storyRows } from '../../src/story/rows.js';
import type { Property } from '../../src/verdict.js';
import { type Figure, summarize } from './arm.js';
import { SearchBench } from './search-speed.js';

/** A published failure, its lock, its fault, and how many faults the published story needs. */
const CLASSICS: readonly {
  lock: string;
  fault: FaultClass;
  property: Property;
  faults: number;
  story: string;
}[] = [
  {
    lock: 'set-nx',
    fault: 'pause',
    property: 'mutual-exclusion',
    faults: 1,
    story: 'a holder pauses past its TTL',
  },
  {
    lock: 'set-nx',
    fault: 'failover',
    property: 'mutual-exclusion',
    faults: 1,
    story: 'failover to a replica without the key',
  },
  {
    lock: 'set-nx',
    fault: 'delay',
    property: 'resource-safety',
    faults: 1,
    story: 'a write in flight past the lease',
  },
  {
    lock: 'blind-delete',
    fault: 'pause',
    property: 'ownership',
    faults: 1,
    story: 'DEL of somebody else’s key',
  },
  {
    lock: 'setnx-then-expire',
    fault: 'client-crash',
    property: 'leak',
    faults: 1,
    story: 'crash between SETNX and EXPIRE',
  },
  {
    lock: 'redlock',
    fault: 'pause',
    property: 'mutual-exclusion',
    faults: 1,
    story: 'a holder pauses past its validity',
  },
  {
    lock: 'redlock',
    fault: 'server-crash',
    property: 'mutual-exclusion',
    faults: 3,
    story: 'two servers are down, a third restarts without the key',
  },
  {
    lock: 'redlock-unlock-only-winners',
    fault: 'lost-reply',
    property: 'leak',
    faults: 1,
    story: 'a vote whose reply was lost is not released',
  },
];
const RUNS_MAX = 6_000;

export async function shrinkFigures(): Promise<Figure[]> {
  Error.stackTraceLimit = 0;
  const figures: Figure[] = [];
  const times: number[] = [];
  const rows: number[] = [];
  const faults: number[] = [];
  for (const classic of CLASSICS) {
    const found = await shrinkClassic(classic);
    times.push(found.seconds);
    rows.push(found.rows);
    faults.push(found.faults - classic.faults);
    const workload = `${classic.lock} under ${classic.fault}: ${classic.story}`;
    figures.push(
      summarize(
        'story rows',
        'rows',
        [found.rows],
        `${workload}; ${found.faults} fault, ${found.clients} clients, ` +
          `${found.tries} candidates in ${found.seconds.toFixed(2)} s`,
      ),
    );
  }
  const all = `the ${CLASSICS.length} classics below; median, least and most`;
  return [
    summarize('slowest shrinking', 's', [Math.max(...times)], all, { text: '≤ 2', atMost: 2 }),
    summarize('longest story', 'rows', [Math.max(...rows)], all, { text: '≤ 15', atMost: 15 }),
    summarize('faults more than the published story', 'faults', [Math.max(...faults)], all, {
      text: '≤ 0',
      atMost: 0,
    }),
    ...figures,
  ];
}

async function shrinkClassic({ lock, fault, property }: (typeof CLASSICS)[number]) {
  const { port } = new SearchBench(lock);
  const algorithm = findLock(lock) as LockAlgorithm;
  const plan = resolvePlan(algorithm, {
    workload: 'critical-section',
    set: {},
    faultClasses: [fault],
  });
  const key = seedKey('shrink');
  for (let run = 0; run < RUNS_MAX; run++) {
    const decisions = new SeededDecisions(runKey(key, run));
    const scenario = generate(plan, decisions);
    const { properties } = await port.check(scenario, decisions);
    const wanted = properties.find(
      (found) => found.property === property && found.verdict === 'invalid',
    );
    if (wanted === undefined) continue;
    const startMs = performance.now();
    const shrunk = await shrink(runKey(key, run), scenario, wanted, port);
    const seconds = (performance.now() - startMs) / 1_000;
    const traced = await port.check(scenario, new SeededDecisions(runKey(key, run)), true);
    const trace = {
      ...traced.run.trace!,
      scenario: shrunk.scenario,
      history: shrunk.observed.run.history,
      places: {},
    };
    return {
      seconds,
      rows: storyRows(trace, shrunk.verdict).length,
      faults: shrunk.scenario.faults.length,
      clients: shrunk.scenario.clients.length,
      tries: shrunk.tries,
    };
  }
  throw new Error(`${lock} under ${fault}: ${property} not found in ${RUNS_MAX} runs`);
}

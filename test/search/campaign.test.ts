/**
 * A campaign over runs that a test makes up: what is counted, kept, judged and ended (R13, R14).
 */
import { describe, expect, test } from 'vitest';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import { nothingReached } from '../../src/checkers/reached.js';
import { foldDigests } from '../../src/digest.js';
import type { Finding } from '../../src/finding.js';
import { runKey } from '../../src/random.js';
import { type CampaignRequest, campaign } from '../../src/search/campaign.js';
import type { ObservedRun, RunPort } from '../../src/search/port.js';
import type { PropertyVerdict, ViolationClass } from '../../src/verdict.js';
import { planFor } from '../sim/runs.js';
import { CAMPAIGN_KEY } from './port.js';

/** What the made-up run number `run` shows. */
interface MadeUp {
  readonly properties?: readonly PropertyVerdict[];
  readonly events?: number;
  readonly limit?: string;
  readonly findings?: readonly Finding[];
  readonly digest?: string;
}

function overlap(violationClass: ViolationClass): PropertyVerdict {
  return { property: 'mutual-exclusion', verdict: 'invalid', class: violationClass, witness: [] };
}

const VALID: PropertyVerdict = { property: 'mutual-exclusion', verdict: 'valid', witness: [] };
const unclaimed: LockAlgorithm = { ...setNx, claims: {} };

async function hold(
  runs: number,
  made: (run: number, faults: number, nth: number, trace: boolean) => MadeUp,
  more: Partial<CampaignRequest> & {
    stopAfter?: number;
    lock?: LockAlgorithm;
    msEach?: number;
  } = {},
) {
  const { stopAfter = Infinity, lock = unclaimed, msEach = 0, ...request } = more;
  const indices = new Map(
    Array.from({ length: runs + 10 }, (_, run) => [runKey(CAMPAIGN_KEY, run).join(), run]),
  );
  const times = new Map<number, number>();
  let checks = 0;
  const port: RunPort = {
    check: async (scenario, decisions, trace = false) => {
      checks++;
      const run = indices.get(decisions.key.join())!;
      const nth = (times.get(run) ?? 0) + 1;
      times.set(run, nth);
      const {
        properties = [VALID],
        events = 10,
        limit,
        findings = [],
        digest = `run ${run}`,
      } = made(run, scenario.faults.length, nth, trace);
      const history = { records: [], ...(limit === undefined ? {} : { limit }) };
      const result = { history, events, eventsByKind: new Uint32Array(9) };
      return {
        run: result,
        properties,
        reached: nothingReached(),
        digest,
        findings,
      } as unknown as ObservedRun;
    },
    investigate: () => Promise.resolve(undefined),
    elapsedMs: () => checks * msEach,
    stopped: () => checks >= stopAfter,
  };
  const told: number[][] = [];
  const plan = planFor(lock);
  const defaults = { plan, key: CAMPAIGN_KEY, strict: true, bail: false, doubleEvery: 1_000 };
  const result = await campaign(lock, { ...defaults, runs, ...request }, port, (...progress) =>
    told.push(progress),
  );
  return { result, told, times };
}

describe('findings', () => {
  test('D6 are looked at once more for their place, in a run with a trace', async () => {
    const { result, times } = await hold(4, (run, _faults, _nth, trace) => {
      if (run !== 1) return {};
      const found = { kind: 'threw', message: 'a lock threw' } as const;
      return { findings: [trace ? { ...found, place: 'mine.ts:7' } : found] };
    });
    expect(result.findings).toEqual([
      { kind: 'threw', message: 'run 1: a lock threw', place: 'mine.ts:7' },
    ]);
    expect([times.get(1), times.get(2)]).toEqual([2, 1]);
  });
});

describe('what is counted', () => {
  test('R13 verdicts by property, events, unknown runs and limits', async () => {
    const { result, told } = await hold(8, (run) => {
      if (run === 1) return { properties: [{ ...VALID, verdict: 'unknown', reason: 'too long' }] };
      if (run === 2) return { limit: '200000 events' };
      if (run === 3) return { findings: [{ kind: 'threw', message: 'a lock threw' }] };
      return {};
    });
    expect(result.runs).toBe(8);
    expect(result.events).toBe(80);
    expect(result.unknownRuns).toBe(3);
    expect([...result.limits]).toEqual([['200000 events', 1]]);
    expect(result.findings).toEqual([{ kind: 'threw', message: 'run 3: a lock threw' }]);
    expect(result.tallies.get('mutual-exclusion')).toMatchObject({
      valid: 7,
      unknown: 1,
      reason: 'too long',
    });
    expect(told.at(-1)).toEqual([8, 80, 0]);
    expect(told).toHaveLength(8);
  });

  test('R14 the digest folds those of all runs in order, whatever is run again', async () => {
    const digests = Array.from({ length: 6 }, (_, run) => `run ${run}`);
    for (const doubleEvery of [1, 2, 100]) {
      const { result } = await hold(6, () => ({}), { doubleEvery });
      expect(result.digest).toBe(foldDigests(digests));
    }
  });
});

describe('what is kept of violations', () => {
  test('R13 each class apart, the worst first, each with its count and its first run', async () => {
    const classes = ['inherent-overlap', 'double-grant', 'stale-belief', 'double-grant'] as const;
    const { result } = await hold(4, (run) => ({ properties: [overlap(classes[run]!)] }));
    expect(
      result.violations.map(({ verdict, count, firstRun }) => [verdict.class, count, firstRun]),
    ).toEqual([
      ['double-grant', 2, 1],
      ['stale-belief', 1, 2],
      ['inherent-overlap', 1, 0],
    ]);
  });

  test('R13 the run with the fewest faults, and of those the one with the fewest events', async () => {
    const faultsOf: number[] = [];
    const { result } = await hold(30, (run, faults) => {
      faultsOf[run] = faults;
      return { properties: [overlap('stale-belief')], events: 1_000 - run };
    });
    const [violation] = result.violations;
    expect(violation!.count).toBe(30);
    expect(violation!.scenario.faults).toHaveLength(Math.min(...faultsOf));
    expect(faultsOf[violation!.run]).toBe(Math.min(...faultsOf));
  });
});

describe('what ends it', () => {
  test('an unexpected violation, if it is to bail', async () => {
    const made = (run: number) => (run === 3 ? { properties: [overlap('double-grant')] } : {});
    const { result } = await hold(9, made, { bail: true });
    expect([result.runs, result.interrupted]).toEqual([4, false]);
    expect((await hold(9, made)).result.runs).toBe(9);
  });

  test('R13 an expected one does not; strict expects nothing', async () => {
    const accepted = { worst: 'breaks', reason: 'a test', source: 'here' } as const;
    const lock = { ...unclaimed, claims: { 'mutual-exclusion': { interleaving: accepted } } };
    const made = () => ({ properties: [overlap('double-grant')] });
    const lenient = await hold(9, made, { bail: true, strict: false, lock });
    expect(lenient.result.runs).toBe(9);
    expect(lenient.result.violations.map(({ expected }) => expected)).toEqual([true]);
    const strict = await hold(9, made, { bail: true, lock });
    expect(strict.result.runs).toBe(1);
    expect(strict.result.violations.map(({ expected }) => expected)).toEqual([false]);
  });

  test('somebody who stops it: then it was interrupted', async () => {
    // Run 0 is made twice, so the fourth time belongs to run 2.
    const { result } = await hold(9, () => ({}), { stopAfter: 4 });
    expect([result.runs, result.interrupted]).toEqual([3, true]);
  });

  test('the end of its time; one run is always made', async () => {
    expect((await hold(9, () => ({}), { timeMs: 70, msEach: 20 })).result.runs).toBe(3);
    expect((await hold(9, () => ({}), { timeMs: 0, msEach: 20 })).result.runs).toBe(1);
  });
});

describe('D15 double runs', () => {
  test('D15 a run that gives another digest the second time is not deterministic', async () => {
    const { result, times } = await hold(
      7,
      (run, _faults, time) => ({ digest: run === 4 && time === 2 ? 'another' : `run ${run}` }),
      { doubleEvery: 2 },
    );
    // Run 4 twice, and in four pairs with run 5 after each of them.
    expect([...times.values()]).toEqual([2, 1, 2, 1, 10, 9, 2]);
    expect(result.findings).toEqual([
      {
        kind: 'not-deterministic',
        message:
          'run 4, made twice, was not the same (digest run 4, then another): ' +
          'its further makings did not differ, so the first event that does is not known',
      },
    ]);
    expect(result.unknownRuns).toBe(1);
  });

  test('R13 a run in which something is broken is not unknown; what renews a leak is its own', async () => {
    const broken = { ...VALID, verdict: 'invalid' } as const;
    const doubt = { ...VALID, verdict: 'unknown', reason: 'too long' } as const;
    const left = [{ kind: 'left-over-timers', message: 'A has 1 timer', atUs: 0 }] as const;
    const { result } = await hold(
      6,
      (run) =>
        [
          { properties: [broken, doubt] },
          { properties: [broken], limit: 'too many events' },
          { properties: [broken], findings: left },
          { properties: [doubt] },
          { properties: [VALID], findings: left },
          { properties: [VALID] },
        ][run]!,
    );
    expect(result.unknownRuns).toBe(2);
    expect(result.findings.map(({ message }) => message)).toEqual(['run 4: A has 1 timer']);
  });

  test('D15 of many such runs only the first few are looked into', async () => {
    const { result, times } = await hold(
      9,
      (run, _faults, nth) => ({ digest: `run ${run}, ${nth}` }),
      { doubleEvery: 1 },
    );
    expect(result.unknownRuns).toBe(9);
    expect(result.findings).toHaveLength(1);
    expect([...times.values()].map((time) => time > 3)).toEqual([
      ...[true, true, true, true],
      ...[false, false, false, false, false],
    ]);
  });

  test('D15 of a built-in lock it is a bug of ours, of any other it is not', async () => {
    const made = (_run: number, _faults: number, nth: number) => ({ digest: `making ${nth}` });
    const builtIn = await hold(1, made, { lock: setNx });
    expect(builtIn.result.findings.map(({ isOurs }) => isOurs)).toEqual([true]);
    const other = await hold(1, made);
    expect(other.result.findings.map(({ isOurs }) => isOurs)).toEqual([undefined]);
  });

  test('D15 it is not looked into after somebody stopped the campaign', async () => {
    const made = (_run: number, _faults: number, nth: number) => ({ digest: `making ${nth}` });
    const { times } = await hold(3, made, { stopAfter: 2 });
    expect([...times.values()]).toEqual([2, 1]);
  });
});

describe('R13 known breaks', () => {
  const breaking = (withinRuns: number): LockAlgorithm => ({
    ...unclaimed,
    claims: {
      'mutual-exclusion': {
        interleaving: { worst: 'inherent', reason: 'a test', source: 'here', withinRuns },
      },
    },
  });

  test('R13 one that is found in time is not lost', async () => {
    const made = (run: number) => (run === 4 ? { properties: [overlap('inherent-overlap')] } : {});
    expect((await hold(9, made, { lock: breaking(5) })).result.lost).toEqual([]);
  });

  test('R13 one that is found too late, or never, is', async () => {
    const made = (run: number) => (run === 4 ? { properties: [overlap('inherent-overlap')] } : {});
    expect((await hold(9, made, { lock: breaking(4) })).result.lost).toEqual([
      'mutual-exclusion is known to break under interleaving, not found in 4 runs',
    ]);
    expect((await hold(9, () => ({}), { lock: breaking(4) })).result.lost).toHaveLength(1);
  });

  test('R13 one that had not enough runs to be found is not', async () => {
    expect((await hold(3, () => ({}), { lock: breaking(4) })).result.lost).toEqual([]);
  });

  test('R13 who insists goes on until it is found, or until it had to be', async () => {
    const made = (run: number) => (run === 6 ? { properties: [overlap('inherent-overlap')] } : {});
    const found = await hold(3, made, { lock: breaking(9), insist: true });
    expect([found.result.runs, found.result.lost]).toEqual([7, []]);
    const lost = await hold(3, made, { lock: breaking(5), insist: true });
    expect([lost.result.runs, lost.result.lost.length]).toEqual([5, 1]);
    const enough = await hold(8, made, { lock: breaking(9), insist: true });
    expect(enough.result.runs).toBe(8);
  });
});

/** Shrinking: what is left shows the violation, and nothing of it can go (R6, R13). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import blindDelete from '../../src/algorithms/flawed/blind-delete.js';
import noTtl from '../../src/algorithms/flawed/no-ttl.js';
import redlockNoValidity from '../../src/algorithms/flawed/redlock-no-validity.js';
import redlockUnlockOnlyWinners from '../../src/algorithms/flawed/redlock-unlock-only-winners.js';
import setNxNoValidity from '../../src/algorithms/flawed/set-nx-no-validity.js';
import setnxThenExpire from '../../src/algorithms/flawed/setnx-then-expire.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import redlock from '../../src/algorithms/redlock.js';
import setNx from '../../src/algorithms/set-nx.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { FAULT_CLASSES, type Fault, type FaultClass } from '../../src/fault.js';
import { compression } from '../../src/host/session.js';
import { runKey } from '../../src/random.js';
import type { Scenario } from '../../src/scenario.js';
import type { Violation } from '../../src/search/campaign.js';
import { ofSameClass } from '../../src/search/claims.js';
import { type CampaignPlan, generate } from '../../src/search/generate.js';
import { encodeReplay } from '../../src/search/replay-code.js';
import { type Candidate, type Shrunk, shrink } from '../../src/search/shrink.js';
import { Decisions, EditedDecisions } from '../../src/sim/decisions.js';
import { storyRows } from '../../src/story/rows.js';
import type { Property, ViolationClass } from '../../src/verdict.js';
import { planFor } from '../sim/runs.js';
import { CAMPAIGN_KEY, portFor, search } from './port.js';

interface Classic {
  readonly lock: LockAlgorithm;
  readonly property: Property;
  readonly wanted: ViolationClass;
  readonly faultClasses: readonly FaultClass[];
  readonly runs: number;
}

const CLASSICS: readonly Classic[] = [
  {
    lock: setNx,
    property: 'mutual-exclusion',
    wanted: 'inherent-overlap',
    faultClasses: ['pause'],
    runs: 500,
  },
  {
    lock: redlock,
    property: 'mutual-exclusion',
    wanted: 'inherent-overlap',
    faultClasses: ['pause'],
    runs: 300,
  },
  ...[blindDelete, noTtl, setnxThenExpire, setNxNoValidity, redlockNoValidity].map((lock) => ({
    lock,
    property: lock.flaw!.property,
    wanted: lock.flaw!.class!,
    faultClasses: FAULT_CLASSES,
    runs: 300,
  })),
  {
    lock: redlockUnlockOnlyWinners,
    property: 'leak',
    wanted: 'until-ttl',
    faultClasses: ['lost-reply'],
    runs: 100,
  },
];

function portOf({ lock, property }: Pick<Classic, 'lock' | 'property'>) {
  return portFor(lock, { checkers: CHECKERS.filter((checker) => checker.property === property) });
}

const found = new Map<Classic, Promise<{ violation: Violation; shrunk: Shrunk }>>();

/** The violation that a campaign finds and its smallest run; searched for once. */
function smallest(classic: Classic): Promise<{ violation: Violation; shrunk: Shrunk }> {
  const known = found.get(classic) ?? find(classic);
  found.set(classic, known);
  return known;
}

async function find(classic: Classic): Promise<{ violation: Violation; shrunk: Shrunk }> {
  const { lock, property, wanted, faultClasses, runs } = classic;
  const checkers = CHECKERS.filter((checker) => checker.property === property);
  const { violations } = await search(lock, planFor(lock, { faultClasses }), runs, { checkers });
  const violation = violations.find(({ verdict }) => verdict.class === wanted)!;
  const key = runKey(CAMPAIGN_KEY, violation.run);
  const shrunk = await shrink(key, violation.scenario, violation.verdict, portOf(classic));
  return { violation, shrunk };
}

/** Every candidate that has one thing less. */
function* withOneLess({ scenario, overrides }: Candidate): Iterable<[string, Candidate]> {
  const { faults, clients } = scenario;
  for (const { id } of faults) {
    const less = faults.filter((fault) => fault.id !== id);
    yield [`fault ${id}`, { scenario: { ...scenario, faults: less }, overrides }];
  }
  for (const { id, operations } of clients) {
    const others = clients.filter((client) => client.id !== id);
    if (others.length > 0) {
      yield [`client ${id}`, { scenario: { ...scenario, clients: others }, overrides }];
    }
    for (const { id: operation } of operations) {
      const changed = clients.map((client) => ({
        ...client,
        operations: client.operations.filter((one) => one.id !== operation),
      }));
      yield [`operation ${operation}`, { scenario: { ...scenario, clients: changed }, overrides }];
    }
  }
  for (const entry of overrides) {
    yield [
      `decision ${JSON.stringify(entry)}`,
      { scenario, overrides: overrides.filter((one) => one !== entry) },
    ];
  }
}

describe.each(CLASSICS.map((one) => [`${one.lock.name}: ${one.wanted}`, one] as const))(
  '%s',
  (_name, classic) => {
    test('R6 R13 one fault is left, in a story of fifteen rows and a code of two kilobytes', async () => {
      const { violation, shrunk } = await smallest(classic);
      const port = portOf(classic);
      const key = runKey(CAMPAIGN_KEY, violation.run);
      const { scenario, overrides } = shrunk;

      expect(scenario.faults).toHaveLength(1);
      expect(scenario.clients.length).toBeLessThanOrEqual(3);
      expect(ofSameClass(shrunk.verdict, violation.verdict)).toBe(true);

      const decisions = new EditedDecisions(key, overrides);
      const again = await port.check(scenario, decisions, true);
      expect(decisions.unused).toBe(0);
      expect(again.digest).toBe(shrunk.observed.digest);
      const rows = storyRows(again.run.trace!, again.properties[0]!);
      expect(rows.length).toBeLessThanOrEqual(15);
      expect(rows.filter(({ mark }) => mark === 'violation')).toHaveLength(1);
      const plan = { scenario, key, overrides, digest: again.digest };
      expect(encodeReplay(plan, compression).length).toBeLessThanOrEqual(2_048);

      for (const [what, less] of withOneLess(shrunk)) {
        const observed = await port.check(less.scenario, new EditedDecisions(key, less.overrides));
        const shows = observed.properties.some((found) => ofSameClass(found, violation.verdict));
        expect([what, shows && observed.run.history.limit === undefined]).toEqual([what, false]);
      }
    });
  },
);

describe('sizes', () => {
  test('R6 are lowered until the threshold shows: a millisecond less and nothing is wrong', async () => {
    const classic = CLASSICS.find(({ lock }) => lock === redlock)!;
    const { violation, shrunk } = await smallest(classic);
    const [fault] = shrunk.scenario.faults as [Extract<Fault, { class: 'pause' }>];
    expect(fault.class).toBe('pause');
    const before = violation.scenario.faults.find(({ id }) => id === fault.id) as typeof fault;
    expect(fault.durationUs).toBeLessThanOrEqual(before.durationUs);
    const precisionUs = Math.max(100, Math.floor(before.durationUs / 2_000));
    const shorter = { ...fault, durationUs: fault.durationUs - 2 * precisionUs };
    const key = runKey(CAMPAIGN_KEY, violation.run);
    const observed = await portOf(classic).check(
      { ...shrunk.scenario, faults: [shorter] },
      new EditedDecisions(key, shrunk.overrides),
    );
    expect(observed.properties.some((one) => ofSameClass(one, violation.verdict))).toBe(false);
  });
});

describe('what shrinking refuses', () => {
  const lock = setNxNoValidity;
  const verdict = {
    property: 'mutual-exclusion',
    verdict: 'invalid',
    class: 'stale-belief',
    witness: [],
  } as const;
  const plan = planFor(lock, { faultClasses: ['interleaving'] });
  const key = runKey(CAMPAIGN_KEY, 0);
  const calm = () => generate(plan, new EditedDecisions(key, []));

  test('a run that does not show the violation', async () => {
    const port = portFor(lock);
    await expect(shrink(key, calm(), verdict, port)).rejects.toThrow('does not show the violation');
  });

  test('R13 a smaller run that shows a worse class', async () => {
    const classic = CLASSICS.find((one) => one.lock === lock)!;
    const { violation } = await smallest(classic);
    const port = portOf(classic);
    const worsened = {
      ...port,
      check: async (scenario: Scenario, decisions: Decisions) => {
        const observed = await port.check(scenario, decisions);
        const whole = scenario.clients.length === violation.scenario.clients.length;
        const worse = { ...verdict, class: 'double-grant' } as const;
        return whole ? observed : { ...observed, properties: [worse] };
      },
    };
    const runSeed = runKey(CAMPAIGN_KEY, violation.run);
    const shrunk = await shrink(runSeed, violation.scenario, violation.verdict, worsened);
    expect(shrunk.verdict.class).toBe('stale-belief');
    expect(shrunk.scenario.clients).toHaveLength(violation.scenario.clients.length);
    expect(shrunk.tries).toBeGreaterThan(10);
  });

  test('to go on when its candidates have had ten million events', async () => {
    const classic = CLASSICS.find((one) => one.lock === redlock)!;
    const { violation, shrunk: small } = await smallest(classic);
    const port = portOf(classic);
    const long = {
      ...port,
      check: async (scenario: Scenario, decisions: Decisions) => {
        const observed = await port.check(scenario, decisions);
        return { ...observed, run: { ...observed.run, events: 200_000 } };
      },
    };
    const runSeed = runKey(CAMPAIGN_KEY, violation.run);
    const shrunk = await shrink(runSeed, violation.scenario, violation.verdict, long);
    expect(small.tries).toBeGreaterThan(50);
    expect(shrunk.tries).toBe(50);
    expect(shrunk.verdict.class).toBe(small.verdict.class);
  });

  test('to go on when it is told to stop: it answers what it has', async () => {
    const classic = CLASSICS.find((one) => one.lock === lock)!;
    const { violation } = await smallest(classic);
    const port = portOf(classic);
    let checks = 0;
    const stopping = {
      ...port,
      check: (...args: Parameters<typeof port.check>) => {
        checks++;
        return port.check(...args);
      },
      stopped: () => checks >= 3,
    };
    const runSeed = runKey(CAMPAIGN_KEY, violation.run);
    const shrunk = await shrink(runSeed, violation.scenario, violation.verdict, stopping);
    expect(checks).toBe(3);
    expect(ofSameClass(shrunk.verdict, violation.verdict)).toBe(true);
  });
});

/** Decisions of a list of numbers, in the order asked; the harmless default when it is used up. */
class ListedDecisions extends Decisions {
  override readonly key = CAMPAIGN_KEY;
  private asked = 0;

  constructor(private readonly numbers: readonly number[]) {
    super(false);
  }

  protected answer(_s: number, _p: number, _o: number, _i: number, n: number, fallback: number) {
    const number = this.numbers[this.asked++];
    return number === undefined ? fallback : number % n;
  }
}

test('R6 leaves no more faults than fast-check does in the same space of scenarios', async () => {
  const lock = setNxNoValidity;
  const port = portFor(lock);
  const plan: CampaignPlan = planFor(lock, { faultClasses: ['pause', 'delay'], clients: 2 });
  const isBroken = async (scenario: Scenario) => {
    const { properties } = await port.check(scenario, new EditedDecisions(CAMPAIGN_KEY, []));
    return properties.find(({ verdict }) => verdict === 'invalid');
  };
  const scenarioOf = (numbers: readonly number[]) => generate(plan, new ListedDecisions(numbers));
  const first: number[][] = [];
  const property = fc.asyncProperty(
    fc.array(fc.nat(2 ** 31), { minLength: 60, maxLength: 120, size: 'max' }),
    async (numbers) => {
      const verdict = await isBroken(scenarioOf(numbers));
      if (verdict !== undefined && first.length === 0) first.push(numbers);
      return verdict === undefined;
    },
  );
  const theirs = await fc.check(property, { numRuns: 2_000, seed: 12 });
  const [counterexample] = theirs.counterexample!;
  const scenario = scenarioOf(first[0]!);
  const verdict = (await isBroken(scenario))!;
  const calm = {
    ...port,
    check: (s: Scenario, d: Decisions) =>
      port.check(s, d instanceof EditedDecisions ? d : new EditedDecisions(CAMPAIGN_KEY, [])),
  };
  const ours = await shrink(CAMPAIGN_KEY, scenario, verdict, calm);
  expect(scenario.faults.length).toBeGreaterThan(1);
  expect(ours.scenario.faults.length).toBeLessThanOrEqual(scenarioOf(counterexample).faults.length);
  expect(ours.scenario.faults).toHaveLength(1);
});

/** A staged plan is the same story: it breaks the same in the same class, with less in it. */
import { describe, expect, test } from 'vitest';
import blindDelete from '../../../src/algorithms/flawed/blind-delete.js';
import setNx from '../../../src/algorithms/set-nx.js';
import { CHECKERS } from '../../../src/checkers/index.js';
import type { History } from '../../../src/history.js';
import { runKey } from '../../../src/random.js';
import { generate } from '../../../src/search/generate.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { lessWaiting } from '../../../src/search/staging/less-waiting.js';
import { lateVariants, shaken } from '../../../src/search/staging/robust.js';
import { patientPlans, scaledTo } from '../../../src/search/staging/scaled.js';
import { type Rehearse, stagePlan } from '../../../src/search/staging/stage-plan.js';
import { SeededDecisions } from '../../../src/sim/decisions.js';
import { planFor } from '../../sim/runs.js';
import { CAMPAIGN_KEY, portFor } from '../port.js';

const RUNS = 3_000;

function rehearsing(algorithm: typeof setNx): Rehearse {
  const port = portFor(algorithm, { checkers: CHECKERS });
  return async ({ scenario, key }) => {
    const { run, properties } = await port.check(scenario, new SeededDecisions(key));
    const { history, events } = run;
    return { properties, judgedAsReal: () => properties, events, history };
  };
}

/** The first run under pauses whose mutual exclusion breaks. */
async function broken(algorithm: typeof setNx): Promise<RunPlan> {
  const rehearse = rehearsing(algorithm);
  const campaign = planFor(algorithm, { faultClasses: ['pause'] });
  for (let run = 0; run < RUNS; run++) {
    const key = runKey(CAMPAIGN_KEY, run);
    const plan = { key, scenario: generate(campaign, new SeededDecisions(key)) };
    const { properties } = await rehearse(plan);
    const found = properties.find(({ property }) => property === 'mutual-exclusion');
    if (found?.verdict === 'invalid') return plan;
  }
  throw new Error('no run breaks');
}

describe.each([setNx, blindDelete])('$name', (algorithm) => {
  test('is broken in the same way by a plan with no more in it', async () => {
    const rehearse = rehearsing(algorithm);
    const plan = await broken(algorithm);
    const before = await rehearse(plan);
    const staged = await stagePlan(plan, 'mutual-exclusion', rehearse);
    const after = await rehearse(staged!.plan);
    const found = ({ properties }: typeof before) => {
      const { verdict, class: kind } = properties.find((p) => p.property === 'mutual-exclusion')!;
      return { verdict, kind };
    };
    expect(found(after)).toEqual(found(before));
    expect(after.events).toBeLessThanOrEqual(before.events);
    expect(staged!.plan.scenario.ttlMs).toBeLessThanOrEqual(plan.scenario.ttlMs);
    expect(await stagePlan(plan, 'fairness', rehearse)).toBeUndefined();
  });
});

test('a shorter TTL takes all times with it but those of calls', async () => {
  const plan = await broken(setNx);
  const { scenario } = scaledTo(plan, plan.scenario.ttlMs / 10);
  expect(scenario.waitMs).toBe(plan.scenario.waitMs / 10);
  expect(scenario.options['callTimeoutMs']).toBe(plan.scenario.options['callTimeoutMs']);
  expect(scenario.options['retryDelayMs']).toBe(20);
  const [pause] = plan.scenario.faults;
  expect(scenario.faults[0]).toMatchObject({ id: pause!.id, class: 'pause' });
});

test('patience is more and more with how long a call may take, and with nothing else', async () => {
  const plan = await broken(setNx);
  const limits = (callTimeoutMs: number) => {
    const { scenario } = plan;
    const options = { ...scenario.options, callTimeoutMs };
    const plans = patientPlans({ ...plan, scenario: { ...scenario, options } });
    return plans.map((patient) => patient.scenario.options['callTimeoutMs']);
  };
  expect(limits(500)).toEqual([5_000, 500, 500, 500]);
  expect(limits(3)).toEqual([200, 40, 20, 10]);
  expect(limits(0)).toEqual([0, 0, 0, 0]);
  const [patient] = patientPlans(plan);
  expect(patient!.scenario).toEqual({
    ...plan.scenario,
    options: { ...plan.scenario.options, callTimeoutMs: 5_000 },
  });
});

test('lateness is put in at every client and every fault that lasts, and once everywhere', async () => {
  const plan = await broken(setNx);
  const { clients, faults } = plan.scenario;
  const variants = [...lateVariants(plan, 5)];
  expect(variants).toHaveLength(2 * clients.length + 1 + faults.length);
  for (const variant of variants) expect(variant.scenario).not.toEqual(plan.scenario);
  expect(shaken(plan, 3)).toEqual(shaken(plan, 3));
});

test('a failover at an instant may come later than clients do', async () => {
  const plan = await broken(setNx);
  const failover = {
    id: 'f9',
    class: 'failover',
    host: 'r1',
    replica: 1,
    at: { atUs: 700 },
  } as const;
  const scenario = { ...plan.scenario, faults: [failover] };
  const instants = [...lateVariants({ ...plan, scenario }, 5)].flatMap(({ scenario: { faults } }) =>
    faults.map(({ at }) => ('atUs' in at ? at.atUs : undefined)),
  );
  expect(instants).toContain(20_700);
});

test('a plan is shaken by factors and by milliseconds, and no time gets out of bounds', async () => {
  const plan = await broken(setNx);
  const shakes = Array.from({ length: 60 }, (_, index) => shaken(plan, index));
  const times = ({ scenario }: RunPlan) =>
    scenario.clients.flatMap(({ operations }) => operations.map(({ gapUs }) => gapUs));
  const moved = shakes.filter((one) => String(times(one)) !== String(times(plan)));
  expect(moved.length).toBeGreaterThan(20);
  for (const { scenario } of shakes) {
    for (const { gapUs, sectionUs } of scenario.clients.flatMap((client) => client.operations)) {
      expect(gapUs).toBeGreaterThanOrEqual(0);
      expect(sectionUs).toBeGreaterThanOrEqual(0);
    }
    for (const fault of scenario.faults) {
      if ('durationUs' in fault) expect(fault.durationUs).toBeGreaterThanOrEqual(0);
    }
  }
});

test('who tried in vain is left out, and what its client does next begins when it would have', async () => {
  const plan = await broken(setNx);
  const [client] = plan.scenario.clients;
  const [first] = client!.operations;
  const { id, gapUs } = first!;
  const next = { ...first!, id: 'A9', gapUs: 300 };
  const operations = [first!, next];
  const longer = { ...plan, scenario: { ...plan.scenario, clients: [{ ...client!, operations }] } };
  const call = { call: 1, client: client!.id, operation: id, action: 'acquire' } as const;
  const records = [
    { type: 'invoke', atUs: gapUs, ...call },
    { type: 'fail', atUs: gapUs + 700_000, ...call, reason: 'not acquired' },
  ];
  const history = { records } as unknown as History;
  const [without] = lessWaiting(longer, history);
  const after = without!.scenario.clients[0]!.operations;
  expect(after).toEqual([{ ...next, gapUs: 300 + gapUs + 700_000 }]);
});

test('a story that nobody could tell from lateness is not firm', async () => {
  const plan = await broken(setNx);
  const rehearse = rehearsing(setNx);
  const doubtful: Rehearse = async (changed) => ({
    ...(await rehearse(changed)),
    judgedAsReal: () => [],
  });
  expect((await stagePlan(plan, 'mutual-exclusion', doubtful))?.bearsMs).toBe(0);
});

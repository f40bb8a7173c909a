/** What is told of a campaign that somebody stopped: what was found, as it was found (R13). */
import { expect, test } from 'vitest';
import setNxNoValidity from '../../src/algorithms/flawed/set-nx-no-validity.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { compression } from '../../src/host/session.js';
import { reportLock } from '../../src/search/lock-report.js';
import { describePlan } from '../../src/search/plan.js';
import { planFor } from '../sim/runs.js';
import { CAMPAIGN_KEY, portFor, search } from './port.js';

test('R13 a stopped campaign tells each run as it was found, and makes it once', async () => {
  const checkers = CHECKERS;
  const plan = planFor(setNxNoValidity, { faultClasses: ['pause'] });
  const result = await search(setNxNoValidity, plan, 60, { checkers });
  const told = { seed: 1, runs: 60, strict: true };
  const configuration = describePlan(setNxNoValidity, plan, told);
  const port = portFor(setNxNoValidity, { checkers });
  const traced: (boolean | undefined)[] = [];
  const stopped: typeof port = {
    ...port,
    check: (...run) => {
      traced.push(run[2]);
      return port.check(...run);
    },
    stopped: () => true,
  };
  const { properties } = await reportLock(
    {
      algorithm: setNxNoValidity,
      configuration,
      key: CAMPAIGN_KEY,
      result,
      strict: true,
      ownBudget: false,
    },
    stopped,
    compression,
  );
  const broken = properties.filter(({ verdict }) => verdict === 'invalid');
  const runs = broken.map(({ counterexample }) => counterexample!.foundWith.run);
  expect(broken.length).toBeGreaterThan(new Set(runs).size);
  expect(traced).toEqual([...new Set(runs)].map(() => true));
  for (const { counterexample, property } of broken) {
    const { faults, clients, foundWith, story } = counterexample!;
    expect({ faults, clients }).toEqual({ faults: foundWith.faults, clients: foundWith.clients });
    expect([property, story.length > 0]).toEqual([property, true]);
  }
});

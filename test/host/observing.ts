/** Runs locks under the host's guards, as a session does, without the test runner in the way. */
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import type { Finding } from '../../src/finding.js';
import { createRunPort } from '../../src/host/run-port.js';
import { withGuards } from '../../src/host/session.js';
import { type CampaignRequest, type CampaignResult, campaign } from '../../src/search/campaign.js';
import type { ObservedRun } from '../../src/search/port.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import type { Workload } from '../../src/workloads/workload.js';
import { KEY, type Script, type Setting, scenarioOf, scripted } from '../sim/run.js';

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/** The test runner fails for errors that nobody catches; here the guards must see them first. */
async function withoutOthersListeners<T>(body: () => Promise<T>): Promise<T> {
  const others = EVENTS.map((event) => [event, process.listeners(event as 'exit')] as const);
  for (const event of EVENTS) process.removeAllListeners(event);
  try {
    return await body();
  } finally {
    for (const [event, listeners] of others) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event as 'exit', listener as () => void);
    }
  }
}

/** Runs scripts one after the other on one port, and answers what was observed of each. */
export function observeScripts(
  scripts: readonly Script[],
  setting: Setting = {},
): Promise<ObservedRun[]> {
  return withoutOthersListeners(() =>
    withGuards(false, async (guards) => {
      const observed: ObservedRun[] = [];
      for (const script of scripts) {
        const { algorithm, workload } = scripted(script);
        const port = createRunPort(algorithm, workload, guards, () => false);
        const decisions = new SeededDecisions(KEY);
        observed.push(await port.check(scenarioOf(script, setting), decisions, true));
      }
      return observed;
    }),
  );
}

/** The findings of one script. */
export async function findingsOf(
  script: Script,
  setting: Setting = {},
): Promise<readonly Finding[]> {
  return (await observeScripts([script], setting))[0]!.findings;
}

/** Runs a campaign under the guards. */
export function observeCampaign(
  algorithm: LockAlgorithm,
  request: Pick<CampaignRequest, 'plan' | 'key' | 'runs'> & Partial<CampaignRequest>,
  workload: Workload = criticalSection,
): Promise<CampaignResult> {
  return withoutOthersListeners(() =>
    withGuards(false, (guards) => {
      const port = createRunPort(algorithm, workload, guards, () => false);
      const defaults = { strict: false, bail: false, doubleEvery: 20 };
      return campaign(algorithm, { ...defaults, ...request }, port, () => {});
    }),
  );
}

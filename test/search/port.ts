/**
 * A search on this thread that judges by the checkers a test chooses, without the host's guards.
 */
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import type { Checker } from '../../src/checkers/checker.js';
import { checkAll } from '../../src/checkers/merge.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { digestVerdicts } from '../../src/digest.js';
import { inTurn } from '../../src/host/run-port.js';
import { settle } from '../../src/host/settle.js';
import { type CampaignRequest, type CampaignResult, campaign } from '../../src/search/campaign.js';
import type { CampaignPlan } from '../../src/search/generate.js';
import type { RunPort } from '../../src/search/port.js';
import { seedKey } from '../../src/seed-key.js';
import { simulate } from '../../src/sim/simulate.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import type { Workload } from '../../src/workloads/workload.js';

export interface PortOptions {
  /** Default: mutual exclusion alone. */
  readonly checkers?: readonly Checker[];
  readonly workload?: Workload;
}

export function portFor(algorithm: LockAlgorithm, options: PortOptions = {}): RunPort {
  const { checkers = [mutualExclusion], workload = criticalSection } = options;
  return {
    check: (scenario, decisions, trace, log) =>
      inTurn(async () => {
        const run = await simulate(scenario, {
          algorithm,
          workload,
          decisions,
          settle,
          ...(trace ? { trace: {} } : {}),
          ...(log === undefined ? {} : { log }),
        });
        const { properties, reached } = checkAll(run.history, checkers);
        const invalid = properties.some(({ verdict }) => verdict === 'invalid');
        return {
          run,
          properties,
          reached,
          verdict: invalid ? 'invalid' : 'valid',
          digest: digestVerdicts(run.digest, properties),
          findings: run.findings,
        };
      }),
    investigate: () => Promise.resolve(undefined),
    elapsedMs: () => 0,
    stopped: () => false,
  };
}

export const CAMPAIGN_KEY = seedKey('1');

/** Runs a campaign that no claim excuses, each run once. */
export function search(
  algorithm: LockAlgorithm,
  plan: CampaignPlan,
  runs: number,
  more: Partial<CampaignRequest> & PortOptions = {},
): Promise<CampaignResult> {
  const { checkers, workload, ...request } = more;
  const port = portFor(algorithm, {
    ...(checkers && { checkers }),
    ...(workload && { workload }),
  });
  return campaign(
    algorithm,
    { plan, key: CAMPAIGN_KEY, runs, strict: true, bail: false, doubleEvery: runs + 1, ...request },
    port,
    () => {},
  );
}

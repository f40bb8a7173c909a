/**
 * The engine as the command line sees it: one worker thread that runs lock code, and a watchdog. If
 * the worker's heart stops for two seconds, the lock does not yield: the worker is ended, and a
 * second one finds out in which run and where (docs/semantics.md, D14).
 */

import type { Finding } from '../finding.js';
import type { ConfigurationReport, LockReport } from '../report.js';
import {
  type CheckRequest,
  type Engine,
  type ListEntry,
  type SingleRunReport,
  UsageError,
} from './engine-api.js';
import { NotYielding, Thread } from './thread.js';

export function createEngine(): Engine {
  let thread = new Thread();

  /** After a thread was ended, the next request gets a new one. */
  function renew(): Thread {
    if (thread.ended) thread = new Thread();
    return thread;
  }

  return {
    check: async (request, on, stop) => {
      let configuration: ConfigurationReport | undefined;
      let lastRun = 0;
      const listeners = {
        progress: on.progress,
        configuration: (value: ConfigurationReport) => {
          configuration = value;
          on.configuration(value);
        },
        run: (run: number) => {
          lastRun = run;
        },
      };
      try {
        return await renew().ask<LockReport>({ kind: 'check', request }, listeners, stop);
      } catch (error) {
        if (!(error instanceof NotYielding)) throw error;
        if (configuration === undefined) throw new UsageError(notLoading(request));
        return blockedReport(request, configuration, await findPlace(request, lastRun));
      }
    },
    run: (request) => renew().ask<SingleRunReport>({ kind: 'run', request }),
    replay: (request) => renew().ask<SingleRunReport>({ kind: 'replay', request }),
    list: () => renew().ask<readonly ListEntry[]>({ kind: 'list' }),
    close: () => thread.end(),
  };
}

function notLoading({ lock }: CheckRequest): string {
  return 'file' in lock ? `${lock.file}: loading it does not end` : `${lock.name} does not load`;
}

/** Runs again on a thread of its own until it blocks, and says what was called last. */
async function findPlace(request: CheckRequest, fromRun: number): Promise<Finding> {
  const thread = new Thread();
  let run = fromRun;
  let last: { client: string; atUs: number; place: string | undefined } | undefined;
  try {
    await thread.ask(
      { kind: 'trail', request, fromRun },
      {
        run: (value) => {
          run = value;
        },
        call: (call) => {
          last = call;
        },
      },
    );
  } catch (error) {
    if (!(error instanceof NotYielding)) throw error;
  } finally {
    await thread.end();
  }
  const where =
    last === undefined ? 'before any environment call' : `after its last environment call`;
  const who = last === undefined ? 'a client' : `client ${last.client}`;
  return {
    kind: 'does-not-yield',
    message: `run ${run} of seed ${request.seed}: ${who} blocks its thread, ${where}`,
    ...(last === undefined ? {} : { host: last.client, atUs: last.atUs }),
    ...(last?.place === undefined ? {} : { place: last.place }),
  };
}

function blockedReport(
  request: CheckRequest,
  configuration: ConfigurationReport,
  finding: Finding,
): LockReport {
  return {
    algorithm: configuration.algorithm,
    flawed: false,
    configuration,
    seed: request.seed,
    runs: 0,
    unknownRuns: 1,
    events: 0,
    searchMs: 0,
    elapsedMs: 0,
    digest: '',
    verdict: 'unknown',
    asClaimed: false,
    properties: [],
    reached: [],
    findings: [finding],
    lost: [],
    interrupted: true,
  };
}

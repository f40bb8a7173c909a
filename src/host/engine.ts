/**
 * The engine as the command line sees it: one worker thread that runs lock code, and a watchdog. If
 * the worker's heart stops for two seconds, the lock does not yield: the worker is ended, and a
 * second one finds out in which run and where (docs/semantics.md, D14).
 */

import type { Finding } from '../finding.js';
import type { ConfigurationReport, LockReport } from '../report.js';
import { instant } from '../story/words.js';
import {
  type CheckRequest,
  type Engine,
  NoVerdict,
  type SingleRunReport,
  UsageError,
} from './engine-api.js';
import { onlyRepeated } from './fresh-thread.js';
import type { Listing } from './listing.js';
import { NotYielding, Thread } from './thread.js';
import type { CallMade } from './worker.js';

export function createEngine(): Engine {
  let thread = new Thread();
  let closed = false;

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
        const report = await renew().ask<LockReport>({ kind: 'check', request }, listeners, stop);
        const { lock } = request;
        return 'file' in lock ? await onlyRepeated(report, lock.file, stop) : report;
      } catch (error) {
        if (!(error instanceof NotYielding) || closed) throw error;
        if (configuration === undefined) throw new UsageError(notLoading(request, error));
        // Who has stopped already wants to hear what it was; the next one ends that too.
        const found = await findPlace(request, lastRun, error, stop?.aborted ? undefined : stop);
        return blockedReport(request, configuration, found);
      }
    },
    run: async (request) => {
      try {
        return await renew().ask<SingleRunReport>({ kind: 'run', request });
      } catch (error) {
        if (!(error instanceof NotYielding)) throw error;
        const { message, place } = await findPlace(request, request.run, error);
        throw new NoVerdict(place === undefined ? message : `${message} (${place})`);
      }
    },
    replay: async (request) => {
      try {
        return await renew().ask<SingleRunReport>({ kind: 'replay', request });
      } catch (error) {
        if (!(error instanceof NotYielding)) throw error;
        throw new NoVerdict(`the code under test ${WHAT_IT_DOES[error.how]}`);
      }
    },
    list: () => renew().ask<Listing>({ kind: 'list' }),
    close: () => {
      closed = true;
      return thread.end();
    },
  };
}

/** What code does that gives its thread no way to go on. */
const WHAT_IT_DOES: Readonly<Record<NotYielding['how'], string>> = {
  silent: 'blocks its thread',
  'out-of-memory': 'uses up all memory',
  ended: 'ends its own thread',
};

function notLoading({ lock }: CheckRequest, { how }: NotYielding): string {
  const what = how === 'silent' ? 'does not end' : WHAT_IT_DOES[how];
  return 'file' in lock ? `${lock.file}: loading it ${what}` : `${lock.name} does not load`;
}

/**
 * Runs again on a thread of its own until that is lost too, and says what was called last.
 *
 * @throws {UsageError} if the lock file does not even load.
 */
async function findPlace(
  request: CheckRequest,
  fromRun: number,
  lost: NotYielding,
  stop?: AbortSignal,
): Promise<Finding> {
  const thread = new Thread();
  let run: number | undefined;
  let last: CallMade | undefined;
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
      stop,
    );
    // It went well this time: what was lost had piled up over many runs.
    run = fromRun;
    last = undefined;
  } catch (error) {
    if (!(error instanceof NotYielding)) throw error;
  } finally {
    await thread.end();
  }
  if (run === undefined) throw new UsageError(notLoading(request, lost));
  const what = WHAT_IT_DOES[lost.how];
  const where = last === undefined ? 'before any environment call' : afterCall(last);
  const who = last === undefined ? 'a client' : `client ${last.client}`;
  return {
    kind: 'does-not-yield',
    message: `run ${run} of seed ${request.seed}: ${who} ${what}, ${where}`,
    ...(last === undefined ? {} : { host: last.client, atUs: last.atUs }),
    ...(last?.place === undefined ? {} : { place: last.place }),
  };
}

function afterCall({ name, atUs }: CallMade): string {
  const call = name === undefined ? '' : `, ${name}`;
  return `after its last environment call${call} at ${instant(atUs)}`;
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

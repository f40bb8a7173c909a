/**
 * The worker thread: takes one request at a time from the engine, runs it, and posts what it has.
 * Lock code runs here and nowhere else (docs/semantics.md, D14).
 */
import { parentPort } from 'node:worker_threads';
import type { CheckRequest, ReplayRequest, RunRequest } from './engine-api.js';
import { UsageError } from './engine-api.js';
import { listAll } from './list.js';
import { type PlacedCall, placedCall } from './place.js';
import { checkLock, type SessionEvents } from './session.js';
import { listenToTurns } from './settle.js';
import { replayCode, runOne } from './single-run.js';
import { followTrail } from './trail.js';

/** What the engine asks. */
export type WorkerRequest =
  | { readonly kind: 'check'; readonly request: CheckRequest }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'replay'; readonly request: ReplayRequest }
  /** Runs the campaign again from one run on, telling of every environment call (D14). */
  | { readonly kind: 'trail'; readonly request: CheckRequest; readonly fromRun: number }
  | { readonly kind: 'list' }
  | { readonly kind: 'stop' };

/** A call of a client to its environment. */
export interface CallMade extends PlacedCall {
  readonly client: string;
  readonly atUs: number;
}

/** What the worker answers; `alive` is the heartbeat. */
export type WorkerMessage =
  | { readonly kind: 'configuration' | 'progress' | 'result'; readonly value: unknown }
  | { readonly kind: 'alive' }
  /** Run number `run` of the campaign begins; its client calls its environment. */
  | { readonly kind: 'run'; readonly run: number }
  | (CallMade & { readonly kind: 'call' })
  | { readonly kind: 'usage'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };

const port = parentPort;
if (port === null) throw new Error('this file is the engine’s worker and runs as one');

let stopping = false;
const events: SessionEvents = {
  configuration: (value) => post({ kind: 'configuration', value }),
  progress: (value) => post({ kind: 'progress', value }),
  run: (run) => post({ kind: 'run', run }),
  stopped: () => stopping,
};
listenToTurns(() => post({ kind: 'alive' }));

function post(message: WorkerMessage): void {
  port?.postMessage(message);
}

async function carryOut(request: WorkerRequest): Promise<unknown> {
  switch (request.kind) {
    case 'check':
      return checkLock(request.request, events);
    case 'run':
      return runOne(request.request);
    case 'replay':
      return replayCode(request.request);
    case 'trail':
      return followTrail(
        request.request,
        request.fromRun,
        events.stopped,
        (run) => post({ kind: 'run', run }),
        (client, atUs) => post({ kind: 'call', client, atUs, ...placedCall() }),
      );
    case 'list':
      return listAll();
    case 'stop':
      return undefined;
  }
}

port.on('message', (request: WorkerRequest) => {
  if (request.kind === 'stop') {
    stopping = true;
    return;
  }
  stopping = false;
  carryOut(request).then(
    (value) => post({ kind: 'result', value }),
    (error: unknown) => {
      if (error instanceof UsageError) post({ kind: 'usage', message: error.message });
      else if (error instanceof Error) {
        post({ kind: 'failed', message: error.message, stack: error.stack });
      } else post({ kind: 'failed', message: String(error), stack: undefined });
    },
  );
});

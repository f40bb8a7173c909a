/**
 * The engine as the command line sees it: one worker thread that runs lock code, and a watchdog. If
 * the worker's heart stops for two seconds, the lock does not yield: the worker is ended and started
 * again to find out in which run and where (docs/semantics.md, D14).
 */
import { Worker } from 'node:worker_threads';
import type { ConfigurationReport, LockReport } from '../report.js';
import type {
  CheckRequest,
  Engine,
  ListEntry,
  Progress,
  ReplayRequest,
  RunRequest,
  SingleRunReport,
} from './engine-api.js';
import { UsageError } from './engine-api.js';
import type { WorkerMessage, WorkerRequest } from './worker.js';

/** What is told while a request is carried out. */
interface Listeners {
  configuration(configuration: ConfigurationReport): void;
  progress(progress: Progress): void;
}

const SILENT: Listeners = { configuration: () => {}, progress: () => {} };

export function createEngine(): Engine {
  let worker: Worker | undefined;

  function ask<T>(request: WorkerRequest, on: Listeners, stop?: AbortSignal): Promise<T> {
    worker ??= new Worker(new URL('./worker.js', import.meta.url));
    const current = worker;
    return new Promise<T>((resolve, reject) => {
      const onStop = () => current.postMessage({ kind: 'stop' } satisfies WorkerRequest);
      const done = () => {
        current.off('message', onMessage);
        current.off('error', onError);
        stop?.removeEventListener('abort', onStop);
      };
      const onMessage = (message: WorkerMessage) => {
        switch (message.kind) {
          case 'configuration':
            return on.configuration(message.value as ConfigurationReport);
          case 'progress':
            return on.progress(message.value as Progress);
          case 'alive':
            return;
          case 'result':
            done();
            return resolve(message.value as T);
          case 'usage':
            done();
            return reject(new UsageError(message.message));
          case 'failed': {
            done();
            const error = new Error(message.message);
            if (message.stack !== undefined) error.stack = message.stack;
            return reject(error);
          }
        }
      };
      const onError = (error: Error) => {
        done();
        reject(error);
      };
      current.on('message', onMessage);
      current.on('error', onError);
      stop?.addEventListener('abort', onStop, { once: true });
      current.postMessage(request);
      if (stop?.aborted) onStop();
    });
  }

  return {
    check: (request: CheckRequest, on, stop) =>
      ask<LockReport>({ kind: 'check', request }, on, stop),
    run: (request: RunRequest) => ask<SingleRunReport>({ kind: 'run', request }, SILENT),
    replay: (request: ReplayRequest) => ask<SingleRunReport>({ kind: 'replay', request }, SILENT),
    list: () => ask<readonly ListEntry[]>({ kind: 'list' }, SILENT),
    close: async () => {
      await worker?.terminate();
      worker = undefined;
    },
  };
}

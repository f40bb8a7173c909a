/**
 * A worker thread and its watchdog. The thread says that it is alive at every turn of its event
 * loop; if it has been silent for two seconds, code under test does not yield, and the thread is
 * ended. The main thread never runs lock code, so it always hears Ctrl-C (docs/semantics.md, D14).
 */
import { Worker } from 'node:worker_threads';
import type { ConfigurationReport } from '../report.js';
import { type Progress, UsageError } from './engine-api.js';
import type { WorkerMessage, WorkerRequest } from './worker.js';

/** What is told while a request is carried out. */
export interface ThreadListeners {
  configuration?(configuration: ConfigurationReport): void;
  progress?(progress: Progress): void;
  run?(run: number): void;
  call?(call: { client: string; atUs: number; place: string | undefined }): void;
}

/** The code under test blocked its thread; the thread is gone. */
export class NotYielding extends Error {
  override readonly name = 'NotYielding';
}

const SILENT_MS_MAX = 2_000;
/** Before its first sign of life a thread loads the lock file and its transpiler. */
const LOADING_MS_MAX = 30_000;
const LOOK_EVERY_MS = 100;

export class Thread {
  ended = false;
  private worker: Worker | undefined;

  /** Carries out one request. Rejects with `UsageError`, `NotYielding`, or a bug of ours. */
  ask<T>(request: WorkerRequest, on: ThreadListeners = {}, stop?: AbortSignal): Promise<T> {
    this.worker ??= new Worker(new URL('./worker.js', import.meta.url));
    const { worker } = this;
    return new Promise<T>((resolve, reject) => {
      const watch = this.watch(() => {
        finish();
        reject(new NotYielding('the code under test does not yield'));
      });
      const onStop = () => worker.postMessage({ kind: 'stop' } satisfies WorkerRequest);
      const finish = () => {
        watch.cancel();
        worker.off('message', onMessage);
        worker.off('error', onError);
        stop?.removeEventListener('abort', onStop);
      };
      const onMessage = (message: WorkerMessage) => {
        watch.alive();
        if (message.kind === 'result') {
          finish();
          resolve(message.value as T);
        } else if (message.kind === 'usage' || message.kind === 'failed') {
          finish();
          reject(errorOf(message));
        } else tell(on, message);
      };
      const onError = (error: Error) => {
        this.ended = true;
        finish();
        reject(error);
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      stop?.addEventListener('abort', onStop, { once: true });
      worker.postMessage(request);
      if (stop?.aborted) onStop();
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.worker?.terminate();
  }

  /** Calls back once the thread has been silent for too long. */
  private watch(silent: () => void): { alive(): void; cancel(): void } {
    let heardMs = performance.now();
    let limitMs = LOADING_MS_MAX;
    let lookedMs = heardMs;
    const timer = setInterval(() => {
      const nowMs = performance.now();
      // If this thread itself did not run, the other one may not have either.
      if (nowMs - lookedMs > 5 * LOOK_EVERY_MS) heardMs = nowMs;
      lookedMs = nowMs;
      if (nowMs - heardMs < limitMs) return;
      this.end();
      silent();
    }, LOOK_EVERY_MS);
    return {
      alive: () => {
        heardMs = performance.now();
        limitMs = SILENT_MS_MAX;
      },
      cancel: () => clearInterval(timer),
    };
  }
}

function tell(on: ThreadListeners, message: WorkerMessage): void {
  switch (message.kind) {
    case 'configuration':
      return on.configuration?.(message.value as ConfigurationReport);
    case 'progress':
      return on.progress?.(message.value as Progress);
    case 'run':
      return on.run?.(message.run);
    case 'call':
      return on.call?.(message);
    default:
      return;
  }
}

function errorOf(message: Extract<WorkerMessage, { kind: 'usage' | 'failed' }>): Error {
  if (message.kind === 'usage') return new UsageError(message.message);
  const error = new Error(message.message);
  if (message.stack !== undefined) error.stack = message.stack;
  return error;
}

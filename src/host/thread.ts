/**
 * A worker thread and its watchdog. The thread says that it is alive at every turn of its event
 * loop; if it has been silent for two seconds, and not for want of a processor, code under test
 * does not yield, and the thread is ended. Code under test may also end it itself, or use up its
 * memory. The main thread never runs lock code, so it always hears Ctrl-C (docs/semantics.md, D14).
 */
import { Worker } from 'node:worker_threads';
import type { ConfigurationReport } from '../report.js';
import { type Progress, UsageError } from './engine-api.js';
import { YOUNG_GENERATION_MB } from './heap.js';
import type { CallMade, WorkerMessage, WorkerRequest } from './worker.js';

/** What is told while a request is carried out. */
export interface ThreadListeners {
  configuration?(configuration: ConfigurationReport): void;
  progress?(progress: Progress): void;
  run?(run: number): void;
  call?(call: CallMade): void;
}

/** The code under test gave its thread no way to go on; the thread is gone. */
export class NotYielding extends Error {
  override readonly name = 'NotYielding';

  constructor(readonly how: 'silent' | 'out-of-memory' | 'ended') {
    super(`the thread of the code under test is ${how}`);
  }
}

const SILENT_MS_MAX = 2_000;
/**
 * Who loops uses the processor all the time. Where the machine is too busy to give it to us, a
 * thread may be silent for longer, and nobody's code is to blame.
 */
const STARVED_MS_MAX = 10_000;
/** Before its first sign of life a thread loads the lock file and its transpiler. */
const LOADING_MS_MAX = 30_000;
const LOOK_EVERY_MS = 100;

export class Thread {
  ended = false;
  private readonly worker = start();

  constructor() {
    // Code under test may throw from a timer of its own, or end its thread, when nothing is asked.
    const over = () => {
      this.ended = true;
    };
    this.worker.on('error', over).on('exit', over);
  }

  /** Carries out one request. Rejects with `UsageError`, `NotYielding`, or a bug of ours. */
  ask<T>(request: WorkerRequest, on: ThreadListeners = {}, stop?: AbortSignal): Promise<T> {
    const { worker } = this;
    return new Promise<T>((resolve, reject) => {
      const watch = this.watch(() => {
        finish();
        reject(new NotYielding('silent'));
      });
      const onStop = () => {
        watch.hurry();
        worker.postMessage({ kind: 'stop' } satisfies WorkerRequest);
      };
      const finish = () => {
        watch.cancel();
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
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
      const onError = (error: NodeJS.ErrnoException) => {
        this.ended = true;
        finish();
        const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        reject(isMemory ? new NotYielding('out-of-memory') : error);
      };
      const onExit = () => {
        this.ended = true;
        finish();
        reject(new NotYielding('ended'));
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      stop?.addEventListener('abort', onStop, { once: true });
      worker.postMessage(request);
      if (stop?.aborted) onStop();
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.worker.terminate();
  }

  /** Calls back once the thread has been silent for too long. */
  private watch(silent: () => void): { alive(): void; hurry(): void; cancel(): void } {
    let heardMs = performance.now();
    let usedMs = processorMs();
    let limitMs = LOADING_MS_MAX;
    let patienceMs = STARVED_MS_MAX;
    let lookedMs = heardMs;
    const timer = setInterval(() => {
      const nowMs = performance.now();
      // If this thread itself did not run, the other one may not have either.
      if (nowMs - lookedMs > 5 * LOOK_EVERY_MS) heardMs = nowMs;
      lookedMs = nowMs;
      if (nowMs - heardMs < limitMs) return;
      const isStarved = processorMs() - usedMs < limitMs;
      if (isStarved && nowMs - heardMs < patienceMs) return;
      this.end();
      silent();
    }, LOOK_EVERY_MS);
    return {
      alive: () => {
        heardMs = performance.now();
        usedMs = processorMs();
        limitMs = SILENT_MS_MAX;
      },
      /** Nobody wants to wait any longer. */
      hurry: () => {
        limitMs = SILENT_MS_MAX;
        patienceMs = SILENT_MS_MAX;
      },
      cancel: () => clearInterval(timer),
    };
  }
}

/** Milliseconds of a processor that this process has had, all its threads together. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What code under test writes to the standard output goes where it is in nobody's way. */
function start(): Worker {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    stdout: true,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
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

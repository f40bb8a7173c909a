/**
 * The page's side of the simulator. Runs are made one at a time and the latest wins; a worker that
 * is silent for too long is ended and replaced, because code that loops cannot be stopped otherwise
 * (docs/semantics.md, D14).
 */
import type { RunPlan } from '../../../src/search/replay-code.js';
import type { Catalogue, DrawRequest, Message, Played, Request } from './protocol.js';
import { startWorker } from './start.js';
import { Superseded } from './superseded.js';

/** The part of a `Worker` that is used. */
export type WorkerPort = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

/** A run that cannot be made; the message says what is wrong, and with which value. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  /** @param option the field it is about: an option of the lock, `ttlMs`, `waitMs`, `clients`. */
  constructor(
    message: string,
    readonly option?: string,
  ) {
    super(message);
  }
}

/** The code under test did not give its thread back; that thread was ended. */
export class NotYielding extends Error {
  override readonly name = 'NotYielding';
}

/** A worker is looked at so often, and ended when it was silent for so many looks. */
const LOOK_EVERY_MS = 1_000;
const SILENT_LOOKS_MAX = 5;
/** The same for one that has not loaded yet. */
const LOADING_LOOKS_MAX = 60;
/**
 * A run that is under way when a newer one is asked for may go on for so long: otherwise somebody
 * who drags a fault, and asks for a run at each step of the mouse, would see none.
 */
const PATIENCE_MS = 100;

interface Job<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

interface PlayJob extends Job<Played> {
  readonly plan: RunPlan;
}

/** Makes runs in a worker, which it starts at once. */
export class Simulator {
  private worker: WorkerPort;
  private ready = false;
  private nextId = 1;
  private readonly jobs = new Map<number, Job<never>>();
  /** The run under way, and the one to be made after it. */
  private playing: { readonly id: number; readonly sinceMs: number } | undefined;
  private waiting: PlayJob | undefined;
  private impatience: ReturnType<typeof setTimeout> | undefined;
  private silentLooks = 0;
  private readonly looks: ReturnType<typeof setInterval>;

  constructor(private readonly start: () => WorkerPort = startWorker) {
    this.worker = this.begin();
    this.looks = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /**
   * Makes a run. Asked again before it has begun, or while it takes more than 100 ms, the older run
   * rejects with `Superseded`.
   *
   * @throws {PlanError} if lock, workload, options or scenario are wrong.
   * @throws {NotYielding} if the code under test blocks its thread.
   */
  play(plan: RunPlan): Promise<Played> {
    return new Promise((resolve, reject) => {
      this.waiting?.reject(new Superseded());
      this.waiting = { plan, resolve, reject };
      if (this.playing === undefined) this.playNext();
      else this.hurry(this.playing);
    });
  }

  /**
   * Draws a run of a campaign, as `holdfast check` does; `play` makes it.
   *
   * @throws {PlanError} if lock, workload, options or numbers are wrong.
   */
  draw(request: DrawRequest): Promise<RunPlan> {
    return new Promise((resolve, reject) => {
      this.ask({ resolve, reject }, (id) => ({ kind: 'draw', id, request }));
    });
  }

  /** The locks and workloads that there are; loads all of them. */
  list(): Promise<Catalogue> {
    return new Promise((resolve, reject) => {
      this.ask({ resolve, reject }, (id) => ({ kind: 'list', id }));
    });
  }

  /** Ends the worker; what is under way rejects with `Superseded`. */
  close(): void {
    clearInterval(this.looks);
    this.worker.terminate();
    this.waiting?.reject(new Superseded());
    this.waiting = undefined;
    this.rejectAll(new Superseded());
  }

  private begin(): WorkerPort {
    const worker = this.start();
    this.ready = false;
    worker.onmessage = ({ data }: MessageEvent<Message>) => this.hear(data);
    worker.onerror = ({ message }) => {
      this.fail(new Error(`the simulator ${this.ready ? 'failed' : 'does not load'}: ${message}`));
    };
    return worker;
  }

  private tell(request: Request): void {
    this.worker.postMessage(request);
  }

  private ask<T>(job: Job<T>, requestOf: (id: number) => Request): number {
    const id = this.nextId++;
    this.jobs.set(id, job);
    this.tell(requestOf(id));
    return id;
  }

  private playNext(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    const id = this.ask(waiting, (id) => ({ kind: 'play', id, plan: waiting.plan }));
    this.playing = { id, sinceMs: performance.now() };
  }

  /** Gives the run under way the rest of its time. */
  private hurry({ id, sinceMs }: { readonly id: number; readonly sinceMs: number }): void {
    if (this.impatience !== undefined) return;
    const leftMs = Math.max(0, sinceMs + PATIENCE_MS - performance.now());
    this.impatience = setTimeout(() => {
      this.tell({ kind: 'give-up', id });
    }, leftMs);
  }

  private hear(message: Message): void {
    this.silentLooks = 0;
    if (message.kind === 'ready') this.ready = true;
    if (message.kind === 'ready' || message.kind === 'alive') return;
    const job = this.jobs.get(message.id);
    this.jobs.delete(message.id);
    if (this.playing?.id === message.id) this.played();
    switch (message.kind) {
      case 'played':
      case 'drawn':
      case 'listed':
        job?.resolve(message.value as never);
        break;
      case 'superseded':
        job?.reject(new Superseded());
        break;
      case 'failed':
        job?.reject(new PlanError(message.message, message.option));
    }
  }

  /** The run under way is over, however it ended. */
  private played(): void {
    clearTimeout(this.impatience);
    this.impatience = undefined;
    this.playing = undefined;
    this.playNext();
  }

  private rejectAll(error: Error): void {
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    clearTimeout(this.impatience);
    this.impatience = undefined;
    this.playing = undefined;
    for (const job of jobs) job.reject(error);
  }

  /** What is under way has failed; what waits behind it has its turn. */
  private fail(error: Error): void {
    this.rejectAll(error);
    this.playNext();
  }

  /** Ends a worker that was asked something and has been silent since. */
  private look(): void {
    if (this.jobs.size === 0) this.silentLooks = 0;
    else if (++this.silentLooks > (this.ready ? SILENT_LOOKS_MAX : LOADING_LOOKS_MAX)) {
      const seconds = ((this.silentLooks - 1) * LOOK_EVERY_MS) / 1_000;
      const error = this.ready
        ? new NotYielding(`the code under test blocks its thread: it was ended after ${seconds} s`)
        : new Error(`the simulator does not load: it has said nothing for ${seconds} s`);
      this.worker.terminate();
      this.silentLooks = 0;
      this.worker = this.begin();
      this.fail(error);
    }
  }
}

/**
 * When a grant ends, as its own client reckons it: on the monotonic clock, counted from the send
 * of the request that made or last extended the lease, never from the reply (docs/semantics.md,
 * R11). It answers whoever asks (`validForMs`) and tells whoever listens (`signal`). Both are
 * needed: a timer cannot warn a process that was paused.
 */
import type { Environment } from './environment.js';

/** Why a holder was told that its lock is lost: the reason of the signal. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** The deadline passed without an extension. One object for all: making an error is slow. */
export const EXPIRED = new LockLost('the lease may have ended: it was not extended in time');
/** The service answered that the lease is not ours any more. */
export const GONE = new LockLost('the lease has ended: the service no longer has it');

/** Starting a timer takes no longer, unless the process was paused; a busy machine takes 0.2. */
const ARMING_MS = 0.9;

export class Deadline {
  readonly #environment: Environment;
  #endsAtMs: number;
  #over = false;
  #loss: LockLost | undefined;
  #controller: AbortController | undefined;
  #onLost: (() => void)[] | undefined;
  #cancelTimer: (() => void) | undefined;
  #onOver: (() => void) | undefined;

  /** `endsAtMs` is a reading of the client's monotonic clock; ∞: only `lose` ends the grant. */
  constructor(environment: Environment, endsAtMs: number) {
    this.#environment = environment;
    this.#endsAtMs = endsAtMs;
  }

  /** Whether the grant has been lost or released. Reads no clock. */
  get over(): boolean {
    return this.#over;
  }

  /** Called once, when the grant is lost or released. */
  set onOver(callback: () => void) {
    this.#onOver = callback;
  }

  /**
   * Milliseconds left, in whole microseconds; 0 from the end on. An end that was seen is final:
   * a holder that was told must not come back to life with a late reply.
   */
  validForMs(): number {
    if (this.#over) return 0;
    const leftMs = this.#endsAtMs - this.#environment.monoMs();
    // Sums of milliseconds are off by some 1e-12; the smallest step of a clock is 1e-3.
    const leftUs = Math.floor(leftMs * 1000 + 0.001);
    if (leftUs > 0) return leftUs / 1000;
    this.lose(EXPIRED);
    return 0;
  }

  /** Made when first asked for (docs/semantics.md, D7); from then on a timer watches. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onLost(() => controller.abort(this.#loss));
    }
    return this.#controller.signal;
  }

  /** Calls back when the grant is lost, at once if it is; from then on a timer watches. */
  onLost(callback: () => void): void {
    if (this.#loss !== undefined) return callback();
    if (this.#over) return;
    if (this.#onLost !== undefined) {
      this.#onLost.push(callback);
      return;
    }
    this.#onLost = [callback];
    this.#watch();
  }

  /** Moves the end; `false` if it has been reached: then nothing moves it any more. */
  extendTo(endsAtMs: number): boolean {
    if (this.validForMs() <= 0) return false;
    this.#endsAtMs = endsAtMs;
    return true;
  }

  /** Moves the end, but only to an earlier instant. */
  shortenTo(endsAtMs: number): void {
    if (endsAtMs >= this.#endsAtMs) return;
    this.#endsAtMs = endsAtMs;
    if (this.#cancelTimer === undefined) return;
    this.#cancelTimer();
    this.#watch();
  }

  /** The lock is lost: tells the holder, once. */
  lose(loss: LockLost): void {
    if (this.#over) return;
    this.#loss = loss;
    this.end();
    for (const tell of this.#onLost ?? []) tell();
  }

  /** The lock was given back: nothing left to tell, no timer left behind. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer?.();
    this.#onOver?.();
  }

  /**
   * Looks again when the time left is over; extensions in between only make it look twice. A pause
   * between the look at the clock and the start of the timer would make the timer late by as much,
   * so the clock is read again behind it. An end that never comes needs no timer.
   */
  #watch(): void {
    let leftMs = this.validForMs();
    while (leftMs > 0 && leftMs < Number.POSITIVE_INFINITY) {
      this.#cancelTimer = this.#environment.after(leftMs, () => this.#watch());
      const behindMs = this.validForMs();
      if (behindMs === 0 || leftMs - behindMs <= ARMING_MS) return;
      this.#cancelTimer();
      leftMs = behindMs;
    }
  }
}

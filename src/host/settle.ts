/**
 * Node's drain: `then` runs once all microtasks have run. Node runs `process.nextTick` callbacks
 * only when the microtask queue is empty, so one tick scheduled from a microtask comes after all of
 * them; if code called `process.nextTick` meanwhile, it goes round again (docs/semantics.md, D5).
 * Every 50 ms it lets the event loop turn, so that the thread hears of a stop and is heard of
 * (D14).
 */
import type { Settle } from '../sim/world.js';

const done = Promise.resolve();
const nextTick = process.nextTick;
const immediate = setImmediate;
const nowMs = performance.now.bind(performance);

/** Real time after which the event loop gets a turn, and how often to look at the clock for it. */
const TURN_EVERY_MS = 50;
const DRAINS_PER_LOOK = 256;

let foreignTicks = 0;
let seenTicks = 0;
let drains = 0;
let lastTurnMs = nowMs();
let waiting: () => void = () => {};
let onTurn: () => void = () => {};

function tick(): void {
  if (foreignTicks !== seenTicks) {
    seenTicks = foreignTicks;
    done.then(schedule);
  } else if (++drains % DRAINS_PER_LOOK === 0 && nowMs() - lastTurnMs > TURN_EVERY_MS) {
    immediate(turned);
  } else {
    waiting();
  }
}

function turned(): void {
  noteTurn();
  waiting();
}

function schedule(): void {
  nextTick(tick);
}

/** One drain at a time in each thread: `simulate` never overlaps (D13). */
export const settle: Settle = (then) => {
  waiting = then;
  seenTicks = foreignTicks;
  done.then(schedule);
};

/** The event loop has had a turn. */
export function noteTurn(): void {
  const atMs = nowMs();
  if (atMs - lastTurnMs < TURN_EVERY_MS) return;
  lastTurnMs = atMs;
  onTurn();
}

/** Called at turns of the event loop during simulations, at most every 50 ms. */
export function listenToTurns(listener: () => void): void {
  onTurn = listener;
}

/** Counts other code's calls to `process.nextTick` while simulations run; returns how to stop. */
export function watchTicks(): () => void {
  const original = process.nextTick;
  const counting = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
    foreignTicks++;
    original.call(process, callback, ...args);
  };
  process.nextTick = counting as typeof process.nextTick;
  return () => {
    process.nextTick = original;
  };
}

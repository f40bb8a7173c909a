/**
 * Node's drain: `then` runs once all microtasks have run. Node runs `process.nextTick` callbacks only
 * when the microtask queue is empty, so one tick scheduled from a microtask comes after all of them;
 * if code called `process.nextTick` meanwhile, it goes round again (docs/semantics.md, D5).
 */
import type { Settle } from '../sim/world.js';

const done = Promise.resolve();
const nextTick = process.nextTick;

let foreignTicks = 0;
let seenTicks = 0;
let waiting: () => void = () => {};

function tick(): void {
  if (foreignTicks === seenTicks) {
    waiting();
    return;
  }
  seenTicks = foreignTicks;
  done.then(schedule);
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

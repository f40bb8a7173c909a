/**
 * Node's drain: `then` is called once all microtasks and all ticks have run, and all that they
 * cause (docs/semantics.md, D5). Node does the same when a callback of its event loop returns;
 * `process._tickCallback` is that function, and calling it from a loop of our own costs half of
 * going back to Node for each event (docs/decisions/0016). Every 50 ms the event loop gets a turn,
 * so that the thread hears of a stop and is heard of (D14).
 */
import { activeWorld, type Settle } from '../sim/world.js';

const nextTick = process.nextTick;
const immediate = setImmediate;
const nowMs = performance.now.bind(performance);

/** Runs ticks and microtasks until none is left. Absent where Node does not offer it. */
const drain = (process as { _tickCallback?: () => void })._tickCallback;

/** Real time after which the event loop gets a turn, and how often to look at the clock for it. */
const TURN_EVERY_MS = 50;
const DRAINS_PER_LOOK = 256;

let drains = 0;
let lastTurnMs = nowMs();
let waiting: (() => void) | undefined;
let isDriving = false;
let onTurn: () => void = () => {};

/**
 * Drains and calls what waits, in turn, until nothing waits. Never runs in a microtask: there a
 * drain does nothing. What throws in a tick of code under test is Node's to report; the loop goes
 * on after that.
 */
function drive(drainNow: () => void): void {
  let over = false;
  try {
    for (;;) {
      drainNow();
      const then = waiting;
      if (then === undefined) break;
      if (++drains % DRAINS_PER_LOOK === 0 && nowMs() - lastTurnMs > TURN_EVERY_MS) {
        nobodyRuns();
        return;
      }
      waiting = undefined;
      then();
    }
    over = true;
  } finally {
    isDriving = !over;
    if (!over) immediate(goOn, drainNow);
  }
}

/** What is drained has run: whatever comes back in a turn is the host's, and no client's code. */
function nobodyRuns(): void {
  const world = activeWorld();
  if (world !== undefined) world.running = undefined;
}

function goOn(drainNow: () => void): void {
  noteTurn();
  drive(drainNow);
}

/**
 * A drain that gives the event loop a turn for every event: slow, but Node then reports a rejection
 * that nobody handles while the client that caused it is still the one that is running (D6).
 */
export const settleByEvent: Settle = (then) => {
  immediate(then);
};

/** One drain at a time in each thread: `simulate` never overlaps (D13). */
export const settle: Settle =
  drain === undefined
    ? settleByEvent
    : (then) => {
        waiting = then;
        if (isDriving) return;
        isDriving = true;
        nextTick(drive, drain);
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

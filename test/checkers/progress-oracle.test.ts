/**
 * Progress against a second reading of docs/semantics.md, R10, that goes through a run
 * millisecond by millisecond. Times are whole ms, one server, one key, one grant for each client.
 */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { progress } from '../../src/checkers/progress.js';
import { type Story, story } from './history-builder.js';
import { judge, RUNS } from './judging.js';

const TTL_MS = 10;
const BOUND = 4;
const HEALED = 8;
const END = 24;
const NEVER = 1_000;

/** What one client does, in ms; `NEVER` for what it does not. */
interface Turn {
  readonly invoked: number;
  readonly waitMs: number | null;
  readonly applied: number;
  readonly completed: number;
  readonly granted: boolean;
  readonly released: number;
  readonly releaseEnds: number;
  readonly dies: number;
  readonly leaseEnds: number;
}

const after = (fromMs: number, latest: number) =>
  fc.oneof(fc.integer({ min: fromMs, max: latest }), fc.constant(NEVER));

const turns: fc.Arbitrary<Turn> = fc
  .record({
    invoked: fc.integer({ min: 0, max: 9 }),
    waitMs: fc.constantFrom(null, 2, 12),
    waits: fc.integer({ min: 1, max: 16 }),
    pending: fc.constantFrom(false, false, true),
    leased: fc.boolean(),
    granted: fc.boolean(),
    holds: fc.integer({ min: 1, max: 12 }),
    releases: fc.boolean(),
    releaseTakes: fc.integer({ min: 1, max: 9 }),
    releaseHangs: fc.constantFrom(false, false, true),
    dies: after(1, END - 1),
    leaseEnds: after(1, END - 1),
  })
  .map((random) => {
    const { dies } = random;
    const before = (ms: number) => (ms < dies ? ms : NEVER);
    const invoked = Math.min(random.invoked, dies - 1);
    const completed = random.pending ? NEVER : before(Math.min(invoked + random.waits, END - 1));
    const granted = random.granted && completed !== NEVER;
    const applied = granted || random.leased ? invoked : NEVER;
    const released =
      granted && random.releases ? before(Math.min(completed + random.holds, END - 1)) : NEVER;
    const releaseEnds =
      released === NEVER || random.releaseHangs
        ? NEVER
        : before(Math.min(released + random.releaseTakes, END));
    const leaseEnds = applied !== NEVER && random.leaseEnds > applied ? random.leaseEnds : NEVER;
    const { waitMs } = random;
    return { invoked, waitMs, applied, completed, granted, released, releaseEnds, dies, leaseEnds };
  });

const CLIENTS = ['A', 'B', 'C'];

function tell(random: readonly Turn[]): Story {
  const told = story(...CLIENTS)
    .ttl(TTL_MS)
    .declares({ progressBoundMs: BOUND })
    .healed(HEALED)
    .end(END);
  random.forEach((turn, i) => {
    const client = CLIENTS[i]!;
    const or = (ms: number) => (ms === NEVER ? null : ms);
    told.acquire(client, turn.invoked, {
      appliedMs: turn.invoked,
      ackedMs: null,
      on: turn.applied === NEVER ? [] : ['r1'],
      endMs: or(turn.completed),
      ends: turn.granted ? 'ok' : 'fail',
      waitMs: turn.waitMs,
    });
    if (turn.released !== NEVER) {
      told.release(client, turn.released, { on: [], endMs: or(turn.releaseEnds), ends: 'info' });
    }
    if (turn.leaseEnds !== NEVER) told.leaseEnd(client, turn.leaseEnds, 'expired');
    if (turn.dies !== NEVER) told.crash(client, turn.dies);
  });
  return told;
}

type Outcome = 'valid' | 'unknown' | 'lost-wake-up' | 'not-completed' | 'overlong-wait';

/** The rule, instant by instant. */
function outcome(random: readonly Turn[]): Outcome {
  const over = ({ granted, completed, releaseEnds, dies }: Turn) =>
    Math.min(granted ? NEVER : completed, releaseEnds, dies);
  const leaseEnd = ({ applied, leaseEnds }: Turn) =>
    leaseEnds !== NEVER ? leaseEnds : applied + TTL_MS;
  const inside = ({ granted, completed, released, dies }: Turn) =>
    granted && completed <= HEALED && released > HEALED && dies > HEALED;
  const standing = (turn: Turn) => turn.applied <= HEALED && turn.leaseEnds > HEALED;
  const inTheWay = random.filter((turn) => standing(turn) && !inside(turn));
  const drained = Math.max(HEALED, ...inTheWay.map(leaseEnd));

  const free = (ms: number) =>
    random.every((turn) => {
      const held = turn.granted && turn.completed <= ms && ms < over(turn);
      const left = turn.applied <= ms && over(turn) <= ms && ms < turn.leaseEnds;
      return !held && !left;
    });
  let undecided = false;
  const isOverdue = (invoked: number, completed: number, dies: number) => {
    if (invoked === NEVER || completed <= HEALED) return undefined;
    if (completed === NEVER && dies !== NEVER) return undefined;
    const due = Math.max(drained, invoked) + BOUND;
    if (completed === NEVER && due > END) undecided = true;
    else if (completed > due) return due;
    return undefined;
  };

  const first: { due: number; outcome: Outcome } = { due: NEVER, outcome: 'valid' };
  const add = (due: number | undefined, found: Outcome) => {
    if (due !== undefined && due < first.due) Object.assign(first, { due, outcome: found });
  };
  for (const turn of random.toSorted((a, b) => a.invoked - b.invoked)) {
    const due = isOverdue(turn.invoked, turn.completed, turn.dies);
    let freeFor = 0;
    let longest = 0;
    const until = Math.min(turn.completed, END);
    for (let ms = Math.max(drained, turn.invoked); ms < until; ms++) {
      freeFor = free(ms) ? freeFor + 1 : 0;
      longest = Math.max(longest, freeFor);
    }
    const waitsOn = turn.completed === NEVER && freeFor >= BOUND;
    add(due, longest > BOUND || waitsOn ? 'lost-wake-up' : 'not-completed');
    add(isOverdue(turn.released, turn.releaseEnds, turn.dies), 'not-completed');
  }
  if (first.due !== NEVER) return first.outcome;
  const overlong = random.some(({ invoked, completed, waitMs, dies }) => {
    if (waitMs === null || (completed === NEVER && dies !== NEVER)) return false;
    return Math.min(completed, END) - invoked > waitMs + BOUND;
  });
  if (overlong) return 'overlong-wait';
  return undecided ? 'unknown' : 'valid';
}

const runs = fc.array(turns, { minLength: 1, maxLength: 3 });
const MANY = { ...RUNS, numRuns: 2_000 };

property.prop([runs], MANY)(
  'R10 progress agrees with a reading millisecond by millisecond',
  (random) => {
    const { cause, verdict } = judge(progress, tell(random));
    expect(cause ?? verdict).toBe(outcome(random));
  },
);

test('R10 every verdict and cause but the deadlock occurs among those runs', () => {
  const seen = new Set(fc.sample(runs, MANY).map(outcome));
  const all = ['lost-wake-up', 'not-completed', 'overlong-wait', 'unknown', 'valid'];
  expect([...seen].sort()).toEqual(all);
});

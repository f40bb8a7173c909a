/**
 * Belief against a second reading of docs/semantics.md, R11, that asks at every quarter of a ms
 * whether the holder should have been told by then. One holder, one server; each kind of event has
 * its own residue of 8 ms, so that no two fall on one instant.
 */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { belief } from '../../src/checkers/belief.js';
import { type Story, story } from './history-builder.js';
import { judge, RUNS } from './judging.js';

const TTL_MS = 40;
const NOTICE = 9;
const GUARD = 7;
const END = 200;

/** Instants in ms. */
interface Holding {
  readonly granted: number;
  readonly renewals: readonly { readonly sent: number; readonly acked: number }[];
  readonly losses: readonly number[];
  readonly pauses: readonly { readonly from: number; readonly until: number }[];
  readonly checks: readonly { readonly at: number; readonly yes: boolean }[];
  readonly told: number | undefined;
  readonly released: number | undefined;
  readonly dies: number | undefined;
  readonly leaseEnds: number | undefined;
}

const at = (residue: number, from = 1, to = 18) =>
  fc.integer({ min: from, max: to }).map((n) => n * 8 + residue);
const maybe = (residue: number) => fc.option(at(residue, 2), { nil: undefined });
const instants = (residue: number, maxLength: number) =>
  fc.uniqueArray(at(residue), { maxLength }).map((list) => list.toSorted((a, b) => a - b));

const holdings: fc.Arbitrary<Holding> = fc
  .record({
    granted: fc.constantFrom(8, 8, 48),
    sent: instants(1, 3),
    ackedAfter: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 }),
    losses: fc.oneof(fc.constant([]), instants(2, 2)),
    paused: instants(3, 4),
    checks: instants(4, 2),
    yes: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
    told: maybe(5),
    released: maybe(6),
    dies: maybe(7),
    leaseEnds: maybe(0),
  })
  .map(({ sent, ackedAfter, paused, checks, yes, dies, ...random }) => {
    const alive = (ms: number) => (dies === undefined || ms < dies ? ms : undefined);
    const living = (list: readonly number[]) =>
      list.filter((ms) => alive(ms) !== undefined && ms > random.granted);
    const pauses = [];
    for (let i = 0; i + 1 < paused.length; i += 2) {
      const until = paused[i + 1]!;
      if (alive(until) !== undefined) pauses.push({ from: paused[i]!, until });
    }
    const later = (ms: number | undefined) =>
      ms === undefined || ms < random.granted ? undefined : alive(ms);
    return {
      granted: random.granted,
      // A reply takes some multiple of 8 ms and a bit: its residue is its own, too.
      renewals: living(sent).map((ms, i) => ({ sent: ms, acked: ms + ackedAfter[i]! * 8 + 0.25 })),
      losses: living(random.losses),
      pauses,
      checks: living(checks).map((ms, i) => ({ at: ms, yes: yes[i]! })),
      told: later(random.told),
      released: later(random.released),
      dies: dies !== undefined && dies > random.granted ? dies : undefined,
      leaseEnds: later(random.leaseEnds),
    };
  });

function tell(holding: Holding): Story {
  const told = story('A')
    .ttl(TTL_MS)
    .declares({ noticeMs: NOTICE, guardMs: GUARD })
    .end(END)
    .acquire('A', 0, { appliedMs: 0.5, ackedMs: holding.granted, push: true, pull: true });
  for (const { sent, acked } of holding.renewals) {
    told.renew('A', sent, { appliedMs: sent + 0.1, ackedMs: acked });
  }
  for (const ms of holding.losses) told.lossDelivered('A', ms);
  for (const { from, until } of holding.pauses) told.pause('A', from, until);
  for (const { at: ms, yes } of holding.checks) {
    told.add({
      type: 'validity',
      atUs: ms * 1000,
      calledAtUs: ms * 1000,
      grant: 1,
      validForMs: yes ? 1 : 0,
    });
  }
  if (holding.told !== undefined) told.told('A', holding.told);
  if (holding.released !== undefined) told.release('A', holding.released, { on: [], endMs: null });
  if (holding.dies !== undefined) told.crash('A', holding.dies);
  if (holding.leaseEnds !== undefined) {
    // The lease in force when the key is lost: the last one made before.
    const made = holding.renewals.filter(({ sent }) => sent + 0.1 < holding.leaseEnds!).length;
    told.add({ type: 'lease-end', atUs: holding.leaseEnds * 1000, lease: made + 1, cause: 'lost' });
  }
  return told;
}

/** What was wrong and when, by the first of it; at one instant late push comes first. */
function outcome(holding: Holding): string {
  const { granted, renewals, losses, pauses, told, released, dies, leaseEnds } = holding;
  const before = (ms: number) => (event: number | undefined) => event !== undefined && event < ms;
  const leases = [{ sent: 0, acked: granted }, ...renewals];
  const deadline = (ms: number) =>
    Math.max(...leases.filter(({ acked }) => acked <= ms).map(({ sent }) => sent)) + TTL_MS;
  const lostBy = (ms: number) => {
    const confirmed = Math.max(...leases.map(({ acked }) => acked).filter((acked) => acked < ms));
    return losses.find((loss) => loss > confirmed && loss < ms) ?? Infinity;
  };

  const wrongs: { readonly ms: number; readonly order: number; readonly what: string }[] = [];
  const over = Math.min(...[told, released, dies, END].map((ms) => ms ?? Infinity));
  for (let ms = granted + 0.125; ms < over; ms += 0.25) {
    if (pauses.some(({ from, until }) => from < ms && ms < until)) continue;
    const woke = Math.max(...pauses.map(({ until }) => until).filter(before(ms)), granted);
    const since = Math.max(Math.min(deadline(ms), lostBy(ms)), woke);
    if (ms - since > NOTICE) wrongs.push({ ms: ms - 0.125, order: 0, what: 'late-push' });
  }
  for (const { at: ms, yes } of holding.checks) {
    const isOver = [told, released].some(before(ms));
    const knew = isOver || lostBy(ms) < ms || ms >= deadline(ms);
    if (yes && knew) wrongs.push({ ms, order: 1, what: 'late-pull' });
  }
  if (told !== undefined && !before(told)(released) && !losses.some(before(told))) {
    const lastMade = Math.max(0, ...renewals.map(({ sent }) => sent + 0.1).filter(before(told)));
    const gone = leaseEnds !== undefined && leaseEnds < told && lastMade < leaseEnds;
    if (!gone && deadline(told) - told > GUARD) {
      wrongs.push({ ms: told, order: 2, what: 'early' });
    }
  }
  wrongs.sort((a, b) => a.ms - b.ms || a.order - b.order);
  return wrongs[0]?.what ?? 'valid';
}

const MANY = { ...RUNS, numRuns: 2_000 };

property.prop([holdings], MANY)(
  'R11 belief agrees with a reading at every quarter of a millisecond',
  (holding) => {
    const { cause, verdict } = judge(belief, tell(holding));
    expect(cause ?? verdict).toBe(outcome(holding));
  },
);

test('R11 every misbelief occurs among those holdings', () => {
  const seen = new Set(fc.sample(holdings, MANY).map(outcome));
  expect([...seen].sort()).toEqual(['early', 'late-pull', 'late-push', 'valid']);
});

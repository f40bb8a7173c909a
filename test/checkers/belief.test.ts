/** Belief: a holder that lost the lock is told in time, and not long before (R11). */
import { describe, expect, test } from 'vitest';
import { belief } from '../../src/checkers/belief.js';
import type { ValidityRecord } from '../../src/history.js';
import { type AcquireTold, type Story, story } from './history-builder.js';
import { inShort, judge, witnessTypes } from './judging.js';

const push = { push: true } as const;
const pull = { pull: true } as const;
/** TTL 100 ms, notice 1 ms, guard 10 ms; sent at 0, so the local deadline is at 100 ms. */
const held = (offers: AcquireTold = push) => story('A', 'B').ttl(100).acquire('A', 0, offers);
const checked = (atMs: number, validForMs: number, calledMs = atMs): ValidityRecord => ({
  type: 'validity',
  atUs: atMs * 1000,
  calledAtUs: calledMs * 1000,
  grant: 1,
  validForMs,
});

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['a holder releases before its deadline', () => held().release('A', 50)],
  ['a holder is told at its deadline', () => held().told('A', 100)],
  ['a holder is told within the notice', () => held().told('A', 101)],
  ['a holder is told within the guard, before its deadline', () => held().told('A', 90)],
  ['a holder releases within the notice', () => held().release('A', 101)],
  ['a holder dies within the notice', () => held().crash('A', 101).end(200)],
  ['the run ends within the notice', () => held().end(101)],
  [
    'a holder sleeps through its deadline and is told soon after it woke',
    () => held().pause('A', 50, 500).told('A', 501),
  ],
  [
    'a holder falls asleep within the notice, and has it again when it wakes',
    () => held().pause('A', 101, 500).told('A', 501),
  ],
  [
    'a renewal that was confirmed in time moves the deadline',
    () => held().renew('A', 60).told('A', 161),
  ],
  [
    'a server says that the lease is gone, and the holder is told',
    () => held().lossDelivered('A', 40).told('A', 41),
  ],
  [
    'one of three servers says so, and the quorum still stands',
    () =>
      story('A')
        .ttl(100)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, push)
        .lossDelivered('A', 40, { server: 'r1' })
        .told('A', 100),
  ],
  ['a lease without a term needs no notice', () => held({ ...push, term: 'none' }).end(10_000)],
  ['a check answers what is left', () => held(pull).add(checked(50, 50)).add(checked(99, 1))],
  [
    'a check answers that nothing is left',
    () => held(pull).add(checked(100, 0)).add(checked(200, -100)),
  ],
  [
    'a check was made in time, and its answer came after a pause',
    () =>
      held(pull)
        .pause('A', 99, 500)
        .add(checked(500, 1, 99)),
  ],
  ['a lock with pull alone need not push', () => held(pull).end(10_000)],
  [
    'a grant without any lease is given back at once',
    () =>
      story('A')
        .ttl(100)
        .acquire('A', 0, { ...push, on: [] })
        .release('A', 1.5),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  ['a holder is never told', 'invalid: late-push', () => held().end(10_000)],
  ['a holder is told too late', 'invalid: late-push', () => held().told('A', 101.001)],
  ['a holder releases too late', 'invalid: late-push', () => held().release('A', 101.001)],
  ['a holder dies too late', 'invalid: late-push', () => held().crash('A', 101.001)],
  ['the run ends too late', 'invalid: late-push', () => held().end(101.001)],
  [
    'a holder sleeps through its deadline and is not told when it wakes',
    'invalid: late-push',
    () => held().pause('A', 50, 500).told('A', 501.001),
  ],
  [
    'a server says that the lease is gone, and the holder is not told',
    'invalid: late-push',
    () => held().lossDelivered('A', 40).told('A', 41.001),
  ],
  [
    'a renewal is confirmed when the notice is over',
    'invalid: late-push',
    () => held().renew('A', 60, { ackedMs: 101.001 }).told('A', 160),
  ],
  [
    'a renewal whose reply is lost moves nothing',
    'invalid: late-push',
    () => held().renew('A', 60, { ackedMs: null, endMs: 70, ends: 'info' }).told('A', 160),
  ],
  [
    'the acquire returned with an outlived lease',
    'invalid: late-push',
    () => held({ ...push, ackedMs: 150 }).told('A', 151.001),
  ],
  [
    'a grant without a quorum',
    'invalid: late-push',
    () =>
      story('A')
        .ttl(100)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, { ...push, on: ['r1'] })
        .told('A', 2.001),
  ],
  ['a check says yes at the deadline', 'invalid: late-pull', () => held(pull).add(checked(100, 1))],
  [
    'a check says yes after the holder was told',
    'invalid: late-pull',
    () => held(pull).told('A', 95).add(checked(96, 4)),
  ],
  [
    'a check says yes after the release has left',
    'invalid: late-pull',
    () => held(pull).release('A', 20).add(checked(22, 78)),
  ],
  [
    'a check says yes although a server said that the lease is gone',
    'invalid: late-pull',
    () => held(pull).lossDelivered('A', 40).add(checked(41, 59)),
  ],
  [
    'a check says yes on a grant without a quorum',
    'invalid: late-pull',
    () =>
      story('A')
        .ttl(100)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, { ...pull, on: ['r1'] })
        .add(checked(2, 98)),
  ],
  ['a holder is told long before its deadline', 'invalid: early', () => held().told('A', 89.999)],
  [
    'a check says no long before the deadline',
    'invalid: early',
    () => held(pull).add(checked(50, 0)).told('A', 50, 'validity'),
  ],
  [
    'a renewal says no although the lease stands',
    'invalid: early',
    () => held(pull).renew('A', 20, { on: [], endMs: 22, ends: 'fail' }).told('A', 22, 'renew'),
  ],
  [
    'a lease without a term is given up',
    'invalid: early',
    () => held({ ...push, term: 'none' }).told('A', 500),
  ],
];

describe('belief accepts', () => {
  test.each(accepted)('R11 %s', (_, told) => {
    expect(inShort(judge(belief, told()))).toBe('valid');
  });
});

describe('belief rejects', () => {
  test.each(rejected)('R11 %s', (_, short, told) => {
    expect(inShort(judge(belief, told()))).toBe(short);
  });
});

describe('R11 the local deadline', () => {
  test('goes by the monotonic clock of the holder', () => {
    const slow = () => held().clock('A', 'mono', 0, 0, -500_000);
    expect(judge(belief, slow().told('A', 201)).verdict).toBe('valid');
    expect(judge(belief, slow().told('A', 201.002)).verdict).toBe('invalid');
    const fast = () => held().clock('A', 'mono', 0, 0, 1_000_000);
    expect(judge(belief, fast().told('A', 51)).verdict).toBe('valid');
    expect(judge(belief, fast().told('A', 51.001)).verdict).toBe('invalid');
  });
  test('not by anybody else’s, nor by its wall clock', () => {
    const told = held().clock('B', 'mono', 0, 0, -500_000).clock('A', 'wall', 0, 0, -500_000);
    expect(judge(belief, told.told('A', 101.001)).verdict).toBe('invalid');
  });
  test('is the term less the declared allowance', () => {
    const drift = { driftAllowance: { ratio: 0.01, constantMs: 2 } };
    expect(judge(belief, held().declares(drift).told('A', 98)).verdict).toBe('valid');
    expect(judge(belief, held().declares(drift).told('A', 98.001)).cause).toBe('late-push');
  });
  test('is that of the lease that decides the quorum', () => {
    const told = () =>
      story('A')
        .ttl(100)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, push)
        .renew('A', 50, { on: ['r1'] });
    expect(judge(belief, told().told('A', 101)).verdict).toBe('valid');
    expect(judge(belief, told().told('A', 101.001)).cause).toBe('late-push');
    expect(
      judge(
        belief,
        told()
          .renew('A', 60, { on: ['r2'] })
          .told('A', 151),
      ).verdict,
    ).toBe('valid');
  });
});

describe('R11 late', () => {
  test('the notice is what the lock declares', () => {
    const told = (atMs: number) => held().declares({ noticeMs: 5 }).told('A', atMs);
    expect(judge(belief, told(105)).verdict).toBe('valid');
    expect(judge(belief, told(105.001)).verdict).toBe('invalid');
  });
  test('the notice counts from the earlier of deadline and message', () => {
    expect(judge(belief, held().lossDelivered('A', 100.5).told('A', 101)).verdict).toBe('valid');
    expect(judge(belief, held().lossDelivered('A', 100.5).told('A', 101.2)).verdict).toBe(
      'invalid',
    );
    expect(judge(belief, held().lossDelivered('A', 99.5).told('A', 100.6)).verdict).toBe('invalid');
  });
  test('a second message does not start it anew', () => {
    const told = (atMs: number) =>
      held().lossDelivered('A', 40).lossDelivered('A', 40.5).told('A', atMs);
    expect(judge(belief, told(41)).verdict).toBe('valid');
    expect(judge(belief, told(41.1)).details).toMatchObject({ lostAtUs: 40_000, by: 'message' });
  });
  test('a lease confirmed after the message takes it back', () => {
    const told = held().lossDelivered('A', 40).renew('A', 39.5, { appliedMs: 40.2, ackedMs: 40.9 });
    expect(judge(belief, told.told('A', 140)).verdict).toBe('valid');
  });
  test('a loss after such a confirmation counts from then', () => {
    const told = (atMs: number) =>
      held()
        .lossDelivered('A', 40)
        .renew('A', 39.5, { appliedMs: 40.2, ackedMs: 40.9 })
        .lossDelivered('A', 60)
        .told('A', atMs);
    expect(judge(belief, told(61)).verdict).toBe('valid');
    expect(judge(belief, told(61.1)).details).toMatchObject({ lostAtUs: 60_000 });
  });
  test('running time is counted from the last pause, not added up', () => {
    const naps = held().pause('A', 100.9, 200).pause('A', 200.9, 300).pause('A', 300.9, 400);
    expect(judge(belief, naps.told('A', 401)).verdict).toBe('valid');
  });
  test('a stretch of running between two pauses that is too long', () => {
    const told = held().pause('A', 50, 200).pause('A', 201.1, 300).told('A', 300.1);
    expect(judge(belief, told)).toMatchObject({ cause: 'late-push', details: { atUs: 201_000 } });
  });
  test('a pause that ended before the loss is nothing', () => {
    const told = (atMs: number) => held().pause('A', 20, 40).told('A', atMs);
    expect(judge(belief, told(101)).verdict).toBe('valid');
    expect(judge(belief, told(101.1)).verdict).toBe('invalid');
  });
  test('a pause that ends with the loss is nothing', () => {
    const told = (atMs: number) => held().pause('A', 20, 100).told('A', atMs);
    expect(judge(belief, told(101)).verdict).toBe('valid');
    expect(judge(belief, told(101.1)).verdict).toBe('invalid');
  });
  test('pauses of another client are no excuse', () => {
    expect(judge(belief, held().pause('B', 50, 500).told('A', 102)).verdict).toBe('invalid');
  });
  test('a host that sleeps to the end runs no more', () => {
    const told = held()
      .add({ type: 'host', atUs: 50_000, host: 'A', incarnation: 1, state: 'paused' })
      .end(10_000);
    expect(judge(belief, told).verdict).toBe('valid');
  });
  test('a renewal that was confirmed within the notice excuses', () => {
    const told = held().renew('A', 60, { ackedMs: 101 }).told('A', 160);
    expect(judge(belief, told).verdict).toBe('valid');
  });
  test('a confirmed renewal that had itself run out excuses nothing', () => {
    const told = held().renew('A', 1, { ackedMs: 101.5 }).told('A', 101.6);
    expect(judge(belief, told).cause).toBe('late-push');
    const sooner = held().renew('A', 0.5, { ackedMs: 100.8 }).told('A', 101.6);
    expect(judge(belief, sooner)).toMatchObject({
      cause: 'late-push',
      details: { lostAtUs: 100_500, atUs: 101_500 },
    });
  });
  test('the message of a release leaves before the release is called: the first counts', () => {
    const told = held().add({ type: 'release-sent', atUs: 50_000, grant: 1 }).end(500);
    expect(judge(belief, told).verdict).toBe('valid');
  });
  test('what is delivered after the notice was given decides nothing', () => {
    const told = held().told('A', 95).lossDelivered('A', 95.5).renew('A', 94, { ackedMs: 99 });
    expect(judge(belief, told.end(500)).verdict).toBe('valid');
  });
});

describe('R11 early', () => {
  const guarded = (guardMs: number) => held().declares({ guardMs });

  test('the guard is a tenth of the TTL, or what the lock declares', () => {
    expect(judge(belief, guarded(20).told('A', 80)).verdict).toBe('valid');
    expect(judge(belief, guarded(20).told('A', 79.999)).cause).toBe('early');
  });
  test('and half of the TTL at most', () => {
    expect(judge(belief, guarded(90).told('A', 50)).verdict).toBe('valid');
    expect(judge(belief, guarded(90).told('A', 49.999)).cause).toBe('early');
  });
  test('goes by the monotonic clock of the holder', () => {
    const fast = () => held().clock('A', 'mono', 0, 0, 1_000_000);
    expect(judge(belief, fast().told('A', 45)).verdict).toBe('valid');
    expect(judge(belief, fast().told('A', 44.999)).cause).toBe('early');
  });
  test('is excused by any message that says lost, if it came before', () => {
    const three = () => story('A').ttl(100).servers('r1', 'r2', 'r3').acquire('A', 0, push);
    expect(judge(belief, three().lossDelivered('A', 40).told('A', 41)).verdict).toBe('valid');
    expect(judge(belief, three().told('A', 41).lossDelivered('A', 42)).cause).toBe('early');
  });
  test('is excused if no quorum had it any more', () => {
    expect(judge(belief, held().leaseEnd('A', 40, 'lost').told('A', 41)).verdict).toBe('valid');
    const three = () => story('A').ttl(100).servers('r1', 'r2', 'r3').acquire('A', 0, push);
    const one = () => three().leaseEnd('A', 40, 'lost', { server: 'r1' });
    expect(judge(belief, one().told('A', 41)).cause).toBe('early');
    const two = one().leaseEnd('A', 40, 'lost', { server: 'r2' });
    expect(judge(belief, two.told('A', 41)).verdict).toBe('valid');
  });
  test('a lease that ended and was made again is there', () => {
    const told = held().leaseEnd('A', 40, 'lost').renew('A', 41, { extends: false }).told('A', 60);
    expect(judge(belief, told).cause).toBe('early');
  });
  test('a lease that ends or is made later does not count', () => {
    const ends = held().told('A', 41).leaseEnd('A', 42, 'lost');
    expect(judge(belief, ends).cause).toBe('early');
    const made = held().leaseEnd('A', 40, 'lost').told('A', 41).renew('A', 42, { extends: false });
    expect(judge(belief, made).verdict).toBe('valid');
  });
  test('a renewal that the server applied, though nobody knows, keeps the lease there', () => {
    const told = held().renew('A', 20, { ackedMs: null, endMs: 30, ends: 'info' }).told('A', 40);
    expect(judge(belief, told).cause).toBe('early');
  });
  test('once release was called nothing is too early', () => {
    const told = held()
      .release('A', 20, { on: [], endMs: 22, ends: 'fail' })
      .told('A', 22, 'release');
    expect(judge(belief, told).verdict).toBe('valid');
    expect(judge(belief, held().told('A', 20).release('A', 21)).cause).toBe('early');
  });
  test('a grant without a quorum cannot be given up too early', () => {
    const told = story('A')
      .ttl(100)
      .servers('r1', 'r2', 'r3')
      .acquire('A', 0, { ...push, on: ['r1'] })
      .told('A', 2);
    expect(judge(belief, told).verdict).toBe('valid');
  });
});

describe('R11 what is reported', () => {
  test('late push: when it was lost, by what, and what came instead of the notice', () => {
    const told = held().renew('A', 20).release('A', 150);
    const verdict = judge(belief, told);
    expect(verdict).toMatchObject({ offender: { host: 'A', operation: 'A1' } });
    expect(verdict.details).toEqual({
      lostAtUs: 120_000,
      noticeUs: 1_000,
      by: 'clock',
      atUs: 121_000,
      misbeliefs: 1,
    });
    expect(witnessTypes(told, verdict)).toEqual(['ok', 'acked', 'invoke']);
    const silent = held().end(500);
    expect(witnessTypes(silent, judge(belief, silent))).toEqual(['ok']);
  });
  test('late pull: the answer, and how the holder could know', () => {
    const told = held(pull).add(checked(99, 1)).add(checked(120, 5)).add(checked(130, 5));
    const verdict = judge(belief, told);
    expect(verdict.details).toEqual({
      validForMs: 5,
      knewBy: 'clock',
      atUs: 120_000,
      misbeliefs: 1,
    });
    expect(witnessTypes(told, verdict)).toEqual(['ok', 'validity']);
  });
  test('early: how much was left', () => {
    const told = held().told('A', 40);
    const verdict = judge(belief, told);
    expect(verdict.details).toEqual({
      leftUs: 60_000,
      guardUs: 10_000,
      atUs: 40_000,
      misbeliefs: 1,
    });
    expect(witnessTypes(told, verdict)).toEqual(['lease', 'told']);
  });
  test('the earliest of several, counted', () => {
    const told = held({ ...push, ...pull })
      .add(checked(110, 1))
      .acquire('B', 0, push)
      .told('B', 50)
      .end(500);
    expect(judge(belief, told)).toMatchObject({
      cause: 'early',
      offender: { host: 'B', operation: 'B1' },
      details: { misbeliefs: 3 },
    });
    const both = held({ ...push, ...pull })
      .add(checked(101, 1))
      .end(500);
    expect(judge(belief, both).cause).toBe('late-push');
    const sooner = held({ ...push, ...pull })
      .add(checked(100.999, 1))
      .end(500);
    expect(judge(belief, sooner).cause).toBe('late-pull');
  });
});

test.each([
  ['a lock without push and pull', held({}).end(10_000)],
  ['a lock that says it has neither', held({ push: false, pull: false }).end(10_000)],
  ['a run without a grant', story('A').acquire('A', 0, { on: [], ends: 'fail' })],
])('R11 not applicable to %s', (_, told) => {
  expect(judge(belief, told)).toMatchObject({
    verdict: 'not-applicable',
    reason: 'no grant offered a signal or a validity',
  });
});

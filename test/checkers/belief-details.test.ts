/** The local deadline, late and early to the microsecond, and what is reported of belief (R11). */
import { describe, expect, test } from 'vitest';
import { belief } from '../../src/checkers/belief.js';
import { checked, held, pull, push } from './belief-records.js';
import { type Story, story } from './history-builder.js';
import { judge, witnessTypes } from './judging.js';

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
  test('a message at the very deadline is a message', () => {
    const verdict = judge(belief, held().lossDelivered('A', 100).told('A', 102));
    expect(verdict.details).toMatchObject({ by: 'message', lostAtUs: 100_000 });
    const clock = judge(belief, held().lossDelivered('A', 100.001).told('A', 102));
    expect(clock.details).toMatchObject({ by: 'clock', lostAtUs: 100_000 });
  });
  test('the deadline moves also if nobody is ever told', () => {
    expect(judge(belief, held().renew('A', 60).end(500)).details).toMatchObject({
      lostAtUs: 160_000,
    });
  });
  describe('a renewal for a shorter term that was confirmed late', () => {
    const shortened = (more: (told: Story) => Story) =>
      more(held().add(shorter)).add({ type: 'acked', atUs: 60_000, lease: 9 });
    const shorter = {
      type: 'lease',
      atUs: 11_000,
      lease: 9,
      key: 'lock',
      server: 'r1',
      host: 'A',
      incarnation: 1,
      operation: 'A1',
      sentAtUs: 10_000,
      termUs: 30_000,
      extends: true,
    } as const;
    const awake = (told: Story) => told;
    const asleep = (told: Story) => told.pause('A', 50, 60);
    const asleepAgain = (told: Story) => told.pause('A', 61.5, 90);

    test('is overdue when it is confirmed', () => {
      expect(judge(belief, shortened(awake).told('A', 60.5))).toMatchObject({
        cause: 'late-push',
        details: { lostAtUs: 40_000, atUs: 60_000 },
      });
      expect(judge(belief, shortened(asleepAgain).told('A', 90.5))).toMatchObject({
        cause: 'late-push',
        details: { lostAtUs: 40_000, atUs: 60_000 },
      });
    });
    test('but not if the host has just woken', () => {
      expect(judge(belief, shortened(asleep).told('A', 61)).verdict).toBe('valid');
      expect(judge(belief, shortened(asleep).told('A', 61.1)).cause).toBe('late-push');
    });
    test('nor if it sleeps from that instant on', () => {
      const told = shortened((begun) => begun.pause('A', 50, 59.5).pause('A', 60, 90));
      expect(judge(belief, told.told('A', 91)).verdict).toBe('valid');
    });
    test('nor if it is told, or falls asleep, at that instant', () => {
      expect(judge(belief, shortened(awake).told('A', 60)).verdict).toBe('valid');
      const told = shortened(awake).pause('A', 60, 90);
      expect(judge(belief, told.told('A', 91)).verdict).toBe('valid');
    });
    test('nor may a check say yes then', () => {
      expect(judge(belief, shortened(awake).add(checked(60, 40))).cause).toBe('late-pull');
      const pulled = held(pull).add(shorter).add({ type: 'acked', atUs: 15_000, lease: 9 });
      expect(judge(belief, pulled.add(checked(40, 60))).cause).toBe('late-pull');
    });
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
  test('goes by the deadline less the declared allowance', () => {
    const drift = { driftAllowance: { ratio: 0.01, constantMs: 2 } };
    expect(judge(belief, held().declares(drift).told('A', 87)).verdict).toBe('valid');
    expect(judge(belief, held().declares(drift).told('A', 86.999)).cause).toBe('early');
  });
  test('there is always more left of a lease without a term', () => {
    const told = held({ ...push, term: 'none' }).told('A', 500);
    expect(judge(belief, told).details).toMatchObject({ leftUs: Infinity });
  });
  test('a grant whose replies are not there cannot be given up too early', () => {
    const told = held({ ...push, ackedMs: null }).told('A', 1.5);
    expect(judge(belief, told).verdict).toBe('valid');
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

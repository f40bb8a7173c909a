/** Belief: a holder that lost the lock is told in time, and not long before (R11). */
import { describe, expect, test } from 'vitest';
import { belief } from '../../src/checkers/belief.js';
import { checked, held, pull, push } from './belief-records.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge } from './judging.js';

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

/** What the verdict of an overlap tells: who, whom, and everything a narrative needs (R3). */
import { expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { story } from './history-builder.js';
import { judge } from './judging.js';

const inside = () => story('A', 'B').acquire('A', 1, { sentMs: 1.5 }).enter('A', 3);
const B = { firstEnteredAtUs: 3_000, firstSentAtUs: 1_500, firstTerm: 10_000_000, key: 'lock' };

test('R3 a pause inside the write: all of its times', () => {
  const told = inside()
    .leaseEnd('A', 10_002, 'expired')
    .acquire('B', 10_003)
    .enter('B', 10_005)
    .pause('A', 4, 10_006)
    .step('A', 10_006, { calledMs: 4 });
  expect(judge(mutualExclusion, told)).toStrictEqual({
    property: 'mutual-exclusion',
    verdict: 'invalid',
    class: 'inherent-overlap',
    cause: 'pause-inside-call',
    witness: [4, 11, 13],
    offender: { host: 'A', operation: 'A1' },
    victim: { host: 'B', operation: 'B1' },
    details: {
      ...B,
      firstPromisedEndUs: 10_001_500,
      secondEnteredAtUs: 10_005_000,
      secondSentAtUs: 10_003_000,
      secondTerm: 10_000_000,
      secondPromisedEndUs: 20_003_000,
      goesOnAtUs: 10_006_000,
      goesOnBy: 'step',
      calledAtUs: 4_000,
      pausedAtUs: 4_000,
      resumedAtUs: 10_006_000,
    },
  });
});

test('R3 a double grant names who went on and who entered meanwhile; running on is no call', () => {
  const told = inside().acquire('B', 5).enter('B', 7).exit('A', 8);
  expect(judge(mutualExclusion, told)).toStrictEqual({
    property: 'mutual-exclusion',
    verdict: 'invalid',
    class: 'double-grant',
    witness: [4, 9],
    offender: { host: 'A', operation: 'A1' },
    victim: { host: 'B', operation: 'B1' },
    details: {
      ...B,
      firstPromisedEndUs: 10_001_500,
      secondEnteredAtUs: 7_000,
      secondSentAtUs: 5_000,
      secondTerm: 10_000_000,
      secondPromisedEndUs: 10_005_000,
      goesOnAtUs: 7_000,
      goesOnBy: 'running',
    },
  });
});

test('R3 the second offends: its call, and how it could have known', () => {
  const told = story('A', 'B')
    .ttl(100)
    .declares({ driftAllowance: { ratio: 0, constantMs: 2 } })
    .acquire('A', 0, { ackedMs: 140 })
    .acquire('B', 120, { term: 'session' })
    .enter('B', 122)
    .enter('A', 141, { calledMs: 140.5 })
    .exit('B', 142);
  expect(judge(mutualExclusion, told)).toMatchObject({
    class: 'stale-belief',
    offender: { host: 'A', operation: 'A1' },
    victim: { host: 'B', operation: 'B1' },
    details: {
      knewBy: 'clock',
      calledAtUs: 140_500,
      goesOnBy: 'running',
      firstTerm: 'session',
      secondTerm: 100_000,
      secondAllowanceUs: 2_000,
      secondPromisedEndUs: 98_000,
    },
  });
  const { details } = judge(mutualExclusion, told);
  expect(details).not.toHaveProperty('firstPromisedEndUs');
  expect(details).not.toHaveProperty('firstAllowanceUs');
});

test('R3 without a quorum there is no promise to tell of', () => {
  const told = story('A', 'B').acquire('A', 0, { on: [] }).enter('A', 2);
  told.acquire('B', 3).enter('B', 5).exit('A', 6);
  const { details } = judge(mutualExclusion, told);
  expect(details).toMatchObject({ knewBy: 'no-quorum', secondSentAtUs: 3_000 });
  expect(details).not.toHaveProperty('firstSentAtUs');
});

test('R3 since when the offender was told or had released, if it was before', () => {
  const over = () => inside().acquire('B', 10).enter('B', 12).leave('B', 13);
  const told = judge(mutualExclusion, over().told('A', 9).release('A', 9.5).leave('A', 20));
  expect(told.details).toMatchObject({ toldAtUs: 9_000, releaseSentAtUs: 9_500, knewBy: 'told' });
  const later = judge(mutualExclusion, over().told('A', 14).release('A', 14).leave('A', 20));
  expect(later.details).not.toHaveProperty('toldAtUs');
  expect(later.details).not.toHaveProperty('releaseSentAtUs');
});

test('R3 the last pause of the offender, since it asked for the lock and before it went on', () => {
  const entered = () => inside().acquire('B', 10).enter('B', 12);
  const pauses = (told: ReturnType<typeof entered>) => {
    const { details } = judge(mutualExclusion, told);
    return [details?.['pausedAtUs'], details?.['resumedAtUs']];
  };
  expect(pauses(entered().pause('A', 4, 5).pause('A', 6, 7).leave('A', 20))).toEqual([
    6_000, 7_000,
  ]);
  expect(pauses(entered().pause('A', 6, 14).leave('A', 20))).toEqual([6_000, 14_000]);
  expect(pauses(entered().pause('A', 0.1, 0.2).leave('A', 20))).toEqual([undefined, undefined]);
  expect(pauses(entered().pause('A', 13, 14).leave('A', 20))).toEqual([undefined, undefined]);
  expect(pauses(entered().pause('B', 6, 7).leave('A', 20))).toEqual([undefined, undefined]);
});

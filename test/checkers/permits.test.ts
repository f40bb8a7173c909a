/** Permits: how many are too many, and who of them is to blame (R18). */
import { describe, expect, test } from 'vitest';
import { checkAll } from '../../src/checkers/merge.js';
import { permits } from '../../src/checkers/permits.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge } from './judging.js';

const begin = (count = 2) => story('A', 'B', 'C', 'D').declares({ permits: count });
const enters = (told: Story, client: string, atMs: number) =>
  told.acquire(client, atMs).enter(client, atMs + 2);
/** A enters at 2 ms and B at 12 ms, both with leases of 10 s. */
const both = (count = 2) => enters(enters(begin(count), 'A', 0), 'B', 10);
/** C enters as well, at 22 ms. */
const three = (count = 2) => enters(both(count), 'C', 20);
/** A sleeps past its lease, which C is given at 10.002 s; C is inside from 10.004 s on. */
const replaced = () =>
  both()
    .pause('A', 13, 11_000)
    .renew('B', 5_000)
    .leaseEnd('A', 10_001, 'expired')
    .acquire('C', 10_002)
    .enter('C', 10_004);

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['as many as there are permits', () => both().step('A', 15).step('B', 16)],
  ['three of three', () => three(3).step('A', 25).step('B', 26)],
  [
    'a third after the first has left',
    () => enters(both().exit('A', 14).release('A', 15), 'C', 20).step('B', 25).exit('B', 30),
  ],
  [
    'many, one after the other, beside one who stays',
    () => {
      const told = enters(begin(), 'A', 0);
      for (let turn = 0; turn < 5; turn++) {
        enters(told, 'B', 10 + 10 * turn)
          .exit('B', 15 + 10 * turn)
          .release('B', 16 + 10 * turn);
      }
      return told.exit('A', 100);
    },
  ],
  ['of two keys', () => both().acquire('C', 20, { key: 'other' }).enter('C', 22).step('A', 23)],
  ['a sleeper that leaves at once on waking', () => replaced().leave('A', 11_000)],
  [
    'the third sleeps as well, and all wake later',
    () => replaced().exit('C', 10_005).leave('A', 11_000),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  ['a third beside two', 'invalid: double-grant', () => three().step('A', 25)],
  ['a second beside one', 'invalid: double-grant', () => both(1).step('A', 15)],
  ['a fourth beside three', 'invalid: double-grant', () => enters(three(3), 'D', 30).end(40)],
  ['a sleeper that goes on', 'invalid: stale-belief', () => replaced().step('A', 11_001)],
  [
    'a sleeper inside its call',
    'invalid: inherent-overlap, pause-inside-call',
    () => replaced().step('A', 11_000, { calledMs: 13 }),
  ],
  [
    'one that goes on after the third has left',
    'invalid: stale-belief',
    () => replaced().exit('C', 10_005).step('A', 11_001),
  ],
  [
    'the third entered on a lease that was over',
    'invalid: stale-belief',
    () =>
      both()
        .acquire('C', 20, { ackedMs: 21 })
        .renew('A', 9_000)
        .renew('B', 9_000)
        .enter('C', 10_100)
        .end(10_200),
  ],
  [
    'one whose lease was over is confirmed again',
    'invalid: double-grant, resurrected',
    () => replaced().exit('C', 10_005).renew('A', 11_000.2, { extends: false }).step('A', 11_005),
  ],
  [
    'of two who are over, the one who could have known counts',
    'invalid: stale-belief',
    () =>
      both()
        .pause('A', 13, 11_000)
        .pause('B', 14, 12_000)
        .leaseEnd('A', 10_001, 'expired')
        .leaseEnd('B', 10_011, 'expired')
        .acquire('C', 10_012)
        .enter('C', 10_014)
        .step('A', 11_000, { calledMs: 13 })
        .step('B', 12_001),
  ],
];

describe('permits accepts', () => {
  test.each(accepted)('R18 %s', (_name, told) => {
    expect(inShort(judge(permits, told()))).toBe('valid');
  });
});

describe('permits rejects', () => {
  test.each(rejected)('R18 %s', (_name, short, told) => {
    expect(inShort(judge(permits, told()))).toBe(short);
  });
});

test('R18 a double grant later in the run is worse than a stale belief before it', () => {
  const told = replaced().step('A', 11_001).exit('A', 11_002);
  expect(inShort(judge(permits, told))).toBe('invalid: stale-belief');
  expect(inShort(judge(permits, enters(told, 'D', 11_010).end(12_000)))).toBe(
    'invalid: double-grant',
  );
});

test('R18 of several crowds of one class the first counts, and in it the first to blame', () => {
  const twoSleep = () =>
    both()
      .pause('A', 13, 11_000)
      .pause('B', 14, 12_000)
      .leaseEnd('A', 10_001, 'expired')
      .leaseEnd('B', 10_011, 'expired')
      .acquire('C', 10_012)
      .enter('C', 10_014)
      .exit('C', 10_016);
  const told = twoSleep().step('A', 11_001).step('B', 12_001);
  expect(judge(permits, told).offender?.operation).toBe('A1');
  const twice = twoSleep()
    .acquire('D', 10_018)
    .enter('D', 10_020)
    .exit('D', 10_022)
    .step('A', 11_001)
    .step('B', 12_001);
  expect(judge(permits, twice).victim?.operation).toBe('C1');
});

test('R18 the verdict names the pair that tells why, and the others beside them', () => {
  const told = replaced().exit('C', 10_005).step('A', 11_001);
  const { witness, offender, victim, details } = judge(permits, told);
  const { records } = told.history();
  const shown = witness.map((at) => `${records[at]!.type} ${records[at]!.atUs}`);
  expect(shown).toEqual(['enter 2000', 'enter 12000', 'enter 10004000', 'step 11001000']);
  expect(offender).toEqual({ host: 'A', operation: 'A1' });
  expect(victim).toEqual({ host: 'C', operation: 'C1' });
  expect(details).toMatchObject({ permits: 2, others: 'B1', knewBy: 'clock' });
  const alone = judge(permits, both(1).step('A', 15)).details;
  expect(alone).not.toHaveProperty('others');
});

test('R18 it is judged of a lock that declares it', () => {
  const judged = (declares: object) =>
    checkAll(both().declares(declares).history(), [permits]).properties.map(
      ({ verdict }) => verdict,
    );
  expect([judged({}), judged({ permits: 2 })]).toEqual([[], ['valid']]);
});

/**
 * Mutual exclusion: histories that it must reject, with class, cause and witness (R2, R3). Those
 * that it must accept: mutual-exclusion-accepted.test.ts.
 */
import { expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge } from './judging.js';

/** A is inside from 2 ms on, with a lease until 10 s. */
const inside = () => story('A', 'B', 'C').acquire('A', 0).enter('A', 2);
/** The service gives the lock to B as well, which is inside from 8 to 20 ms. */
const bothGranted = () => inside().acquire('B', 6).enter('B', 8).exit('B', 20);
/** A is inside with a lease until 10 s that has expired; B is inside from 10.002 to 10.010 s. */
const expired = () =>
  inside()
    .leaseEnd('A', 10_000.5, 'expired')
    .acquire('B', 10_001)
    .enter('B', 10_002)
    .exit('B', 10_010);

/** Name, class and cause, and the witness: who, what, and when in milliseconds. */
type Rejected = readonly [name: string, outcome: string, witness: string, () => Story];

const rejected: readonly Rejected[] = [
  ['both run inside', 'double-grant', 'A enter 2, B enter 8', () => bothGranted()],
  [
    'R2 the run ends 1 µs after the other entered',
    'double-grant',
    'A enter 2, B enter 8',
    () => inside().acquire('B', 6).enter('B', 8).end(8.001),
  ],
  [
    'R2 the first leaves without an act, 1 µs after the other entered',
    'double-grant',
    'A enter 2, B enter 8',
    () => inside().acquire('B', 6).enter('B', 8).leave('A', 8.001),
  ],
  [
    'R2 an act of the first at the very instant, after the other entered, comes before running on',
    'double-grant',
    'A enter 2, B enter 8, A step 8',
    () => bothGranted().step('A', 8),
  ],
  [
    'R2 the first act counts, not a later one',
    'double-grant',
    'A enter 2, B enter 8, A step 9',
    () => bothGranted().pause('A', 5, 9).step('A', 9).step('A', 10),
  ],
  [
    'R2 the first wakes and stays inside for a while',
    'double-grant',
    'A enter 2, B enter 8, A resumed 9',
    () => bothGranted().pause('A', 5, 9).leave('A', 9.001),
  ],
  [
    'R2 the first wakes twice; only the second time it stays',
    'double-grant',
    'A enter 2, B enter 8, A resumed 11',
    () => bothGranted().pause('A', 5, 9).pause('A', 9, 11).leave('A', 12),
  ],
  [
    'R2 the first wakes and acts at one instant: the act it is',
    'double-grant',
    'A enter 2, B enter 8, A step 9',
    () => bothGranted().pause('A', 5, 9).step('A', 9),
  ],
  [
    'R2 the completed exit of one who wakes is an act',
    'double-grant',
    'A enter 2, B enter 8, A exit 9',
    () => bothGranted().pause('A', 5, 9).exit('A', 9),
  ],
  [
    'R2 the first wakes while the other is inside, acts when it has left',
    'double-grant',
    'A enter 2, B enter 8, A resumed 19',
    () => bothGranted().pause('A', 5, 19).step('A', 21),
  ],
  [
    'R2 an act after the other has left',
    'double-grant',
    'A enter 2, B enter 8, A step 30',
    () => bothGranted().pause('A', 5, 25).step('A', 30),
  ],
  [
    'R2 an act after its own exit',
    'double-grant',
    'A enter 2, B enter 8, A step 9',
    () => bothGranted().exit('A', 5).step('A', 9),
  ],
  [
    'R2 the other is inside and leaves at that very instant',
    'double-grant',
    'A enter 2, B enter 8',
    () => inside().acquire('B', 6).enter('B', 8).exit('B', 8).exit('A', 9),
  ],
  [
    'R2 the first is in its second incarnation',
    'double-grant',
    'A enter 8, B enter 11',
    () =>
      story('A', 'B')
        .crash('A', 1, 5)
        .acquire('A', 6)
        .enter('A', 8)
        .acquire('B', 9)
        .enter('B', 11)
        .exit('A', 12),
  ],
  [
    'a writer enters beside a reader',
    'double-grant',
    'A enter 2, B enter 4',
    () =>
      story('A', 'B')
        .acquire('A', 0, { mode: 'shared' })
        .enter('A', 2)
        .acquire('B', 3)
        .enter('B', 4)
        .exit('A', 5),
  ],
  [
    'a reader enters beside a writer',
    'double-grant',
    'A enter 2, B enter 4',
    () => inside().acquire('B', 3, { mode: 'shared' }).enter('B', 4).exit('A', 5),
  ],
  [
    'a writer enters beside two readers: the earlier one is named',
    'double-grant',
    'A enter 2, C enter 6',
    () =>
      story('A', 'B', 'C')
        .acquire('A', 0, { mode: 'shared' })
        .enter('A', 2)
        .acquire('B', 3, { mode: 'shared' })
        .enter('B', 4)
        .acquire('C', 5)
        .enter('C', 6)
        .exit('A', 7)
        .exit('B', 7),
  ],
  [
    'a writer meets a reader and a writer: the one who entered first is named',
    'double-grant',
    'A enter 2, C enter 9, A resumed 12',
    () =>
      story('A', 'B', 'C')
        .acquire('A', 0, { mode: 'shared' })
        .enter('A', 2)
        .pause('A', 3, 12)
        .acquire('B', 4)
        .enter('B', 6)
        .leave('B', 8)
        .acquire('C', 7)
        .enter('C', 9)
        .leave('A', 13)
        .step('B', 14),
  ],
  [
    'R3 the worst class of the run is told, not the first one',
    'double-grant',
    'B enter 10002, C enter 10006',
    () =>
      expired().pause('A', 3, 10_004).leave('A', 10_005).acquire('C', 10_004).enter('C', 10_006),
  ],
  [
    'R3 of two stale beliefs the one entered first',
    'stale-belief',
    'A enter 2, B enter 10002',
    () =>
      expired()
        .leaseEnd('B', 10_011, 'released')
        .acquire('C', 10_012)
        .enter('C', 10_013)
        .exit('A', 10_015),
  ],
  [
    'R3 of two stale beliefs the one entered first, though the other began with an earlier holder',
    'stale-belief',
    'B enter 5, C enter 7',
    () =>
      story('A', 'B', 'C', 'D')
        .acquire('A', 0)
        .enter('A', 2)
        .pause('A', 3, 20)
        .acquire('B', 4)
        .enter('B', 5)
        .acquire('C', 6, { on: [] })
        .enter('C', 7)
        .leave('B', 8)
        .leave('C', 9)
        .acquire('D', 15, { on: [] })
        .enter('D', 16)
        .leave('A', 25),
  ],
  [
    'R3 a stale belief is worse than an earlier inherent overlap',
    'stale-belief',
    'B enter 10002, C enter 20003, B step 20004',
    () =>
      expired()
        .pause('A', 3, 10_004)
        .step('A', 10_004, { calledMs: 3 })
        .leave('A', 10_004)
        .leaseEnd('B', 20_001.5, 'expired')
        .acquire('C', 20_002)
        .enter('C', 20_003)
        .step('B', 20_004),
  ],
  [
    'R3 an inherent overlap of an act does not hide that another one knew and entered before it',
    'stale-belief',
    'A enter 2, C enter 10002.6, A step 10003',
    () =>
      expired()
        .pause('A', 3, 10_003)
        .acquire('C', 10_001, { on: [] })
        .enter('C', 10_002.6)
        .step('A', 10_003, { calledMs: 3 })
        .leave('A', 10_003),
  ],
  [
    'R3 nor does an inherent overlap that was the fault of the second hide that the first knew',
    'stale-belief',
    'A enter 2, B enter 15202, A step 20000',
    () =>
      inside()
        .pause('A', 3, 20_000)
        .acquire('C', 5_000)
        .pause('C', 5_010, 15_100)
        .enter('C', 15_100, { calledMs: 5_010 })
        .leave('C', 15_100)
        .acquire('B', 15_200)
        .enter('B', 15_202)
        .leave('B', 15_210)
        .step('A', 20_000),
  ],
  [
    'R3 nor that yet another one was granted when a renewal had been confirmed',
    'double-grant',
    'A enter 2, C enter 12000, A step 12000',
    () =>
      inside()
        .renew('A', 9_000, { ackedMs: 12_000 })
        .leaseEnd('A', 9_001, 'lost')
        .pause('A', 9_500, 12_000)
        .acquire('B', 10_100)
        .enter('B', 10_102)
        .leave('B', 10_110)
        .acquire('C', 11_000)
        .enter('C', 12_000)
        .told('A', 12_000)
        .step('A', 12_000, { calledMs: 9_500 })
        .leave('A', 12_000),
  ],
  [
    'R3 a double grant that comes of a renewal is found after a stale belief',
    'double-grant: resurrected',
    'A enter 2, C enter 11002, A step 12005',
    () =>
      story('A', 'B', 'C', 'D')
        .acquire('A', 0)
        .enter('A', 2)
        .acquire('D', 0, { on: [] })
        .enter('D', 3)
        .leave('D', 10_001)
        .pause('A', 3, 12_000)
        .leaseEnd('A', 10_000.5, 'expired')
        .acquire('C', 11_000)
        .enter('C', 11_002)
        .exit('C', 11_003)
        .release('C', 11_003)
        .renew('A', 12_000, { extends: false })
        .step('A', 12_005),
  ],
  [
    'R3 the second enters on a grant that is over, and is to blame',
    'stale-belief',
    'A enter 10003, B enter 10502',
    () =>
      story('A', 'B')
        .acquire('B', 0, { ackedMs: 10_501 })
        .leaseEnd('B', 10_000.5, 'expired')
        .acquire('A', 10_001)
        .enter('A', 10_003)
        .enter('B', 10_502)
        .exit('A', 10_503),
  ],
  [
    'R3 the second is paused inside its enter until its grant is over',
    'inherent-overlap: pause-inside-call',
    'A enter 10003, B enter 10502',
    () =>
      story('A', 'B')
        .acquire('B', 0)
        .pause('B', 2, 10_502)
        .leaseEnd('B', 10_000.5, 'expired')
        .acquire('A', 10_001)
        .enter('A', 10_003)
        .enter('B', 10_502, { calledMs: 2 })
        .exit('A', 10_503),
  ],
  [
    'R3 the pause is over when the call is entered',
    'stale-belief',
    'A enter 2, B enter 10002, A step 10003',
    () => expired().pause('A', 3, 10_003).step('A', 10_003),
  ],
  [
    'R3 a pause that ended at the instant of the call does not lie inside it',
    'inherent-overlap: client-clock',
    'A enter 2, B enter 10002, A step 10003',
    () => expired().clock('A', 'mono', 0, 0, -50_000).pause('A', 3, 10_003).step('A', 10_003),
  ],
  [
    'R3 a call that lasts without a pause, as on real servers: nobody could know, no cause',
    'inherent-overlap',
    'A enter 2, B enter 10002, A step 10002',
    () => expired().step('A', 10_002, { calledMs: 9_999 }).leave('A', 10_002),
  ],
  [
    'R3 told at the instant at which it runs on: it knew',
    'stale-belief',
    'A enter 2, B enter 10002',
    () => expired().clock('A', 'mono', 0, 0, -50_000).told('A', 10_002).leave('A', 10_003),
  ],
  [
    'R3 told after the call was entered: it did not know',
    'inherent-overlap: client-clock',
    'A enter 2, B enter 10002, A step 10002',
    () =>
      expired()
        .clock('A', 'mono', 0, 0, -50_000)
        .step('A', 10_002)
        .told('A', 10_002)
        .leave('A', 10_002),
  ],
];

test.each(rejected)('rejects: %s → %s', (_name, outcome, witness, told) => {
  const { records } = told().history();
  const verdict = judge(mutualExclusion, told());
  expect(inShort(verdict)).toBe(`invalid: ${outcome.replace(': ', ', ')}`);
  const said = verdict.witness.map((at) => {
    const record = records[at]!;
    const who = 'client' in record ? record.client : 'host' in record ? record.host : '';
    return `${who} ${record.type === 'host' ? record.state : record.type} ${record.atUs / 1000}`;
  });
  expect(said.join(', ')).toBe(witness);
});

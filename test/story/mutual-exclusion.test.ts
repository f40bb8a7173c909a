/**
 * Narratives of overlaps: each kind of knowledge, each inherent cause, each fate of a lease (R3).
 */
import { expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { narrate } from '../../src/story/narrative/index.js';
import { type Story, story } from '../checkers/history-builder.js';
import { traceOf } from './telling.js';

const holder = () => story('A', 'B', 'C').ttl(10_000).acquire('A', 0).enter('A', 2);
const replaced = () =>
  holder().leaseEnd('A', 10_000.5, 'expired').acquire('B', 10_001).enter('B', 10_002);
const session = () =>
  story('A', 'B')
    .acquire('A', 0, { term: 'session' })
    .enter('A', 2)
    .leaseEnd('A', 100, 'session')
    .acquire('B', 101, { term: 'session' })
    .enter('B', 102);

interface Case {
  readonly name: string;
  readonly tell: () => Story;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'R3 knew by its clock, after a pause between calls',
    tell: () => replaced().pause('A', 3, 10_003).step('A', 10_003),
    says: [
      "A's lease ended at 10.0005 s: its 10 s were over.",
      'by its own monotonic clock 10.003 s had passed since it asked for the lease at 0 ms',
      'A had been paused from 3 ms to 10.003 s, and did not look when it woke.',
      'At 10.003 s A acted as holder',
    ],
  },
  {
    name: 'R3 knew by its monotonic clock, whatever its wall clock said',
    tell: () => replaced().clock('A', 'wall', 5_000, 1_000).exit('A', 11_000),
    says: ['Its wall clock had been set back by 4.000 s at 5.000 s'],
  },
  {
    name: 'R3 knew because it had been told',
    tell: () =>
      holder()
        .told('A', 5_000)
        .leaseEnd('A', 5_000, 'lost')
        .acquire('B', 5_001)
        .enter('B', 5_002)
        .leave('A', 5_010),
    says: ['A had been told: its signal was aborted at 5.000 s.'],
  },
  {
    name: 'R3 knew because it had released',
    tell: () => holder().exit('A', 5).release('A', 6).acquire('B', 8).enter('B', 10).step('A', 11),
    says: ['A had given the lock back itself: its release left at 6 ms.'],
  },
  {
    name: 'R3 knew because a reply said so',
    tell: () => session().lossDelivered('A', 101).step('A', 103),
    says: ['a reply that it no longer held the lock had arrived from r1 at 101 ms'],
  },
  {
    name: 'R3 knew because it had no quorum',
    tell: () =>
      story('A', 'B')
        .servers('r1', 'r2', 'r3', 'r4', 'r5')
        .acquire('A', 0, { on: ['r1', 'r2'] })
        .enter('A', 2)
        .acquire('B', 5, { on: ['r3', 'r4', 'r5'] })
        .enter('B', 7)
        .exit('A', 8),
    says: [
      'it counted itself as holder with 2 of 5 leases, and 3 make the lock',
      'because r3, r4 and r5 never had a key of A',
    ],
  },
  {
    name: 'R3 entered on a grant that was answered too late',
    tell: () =>
      story('A', 'B')
        .acquire('A', 0, { ackedMs: 10_500 })
        .leaseEnd('A', 10_000.5, 'expired')
        .acquire('B', 10_400)
        .enter('B', 10_402)
        .enter('A', 10_501)
        .exit('A', 10_510)
        .exit('B', 10_520),
    says: [
      'Its request of 0 ms was answered only at 10.500 s, and A took that for a grant.',
      'A entered all the same at 10.501 s; B had been inside since 10.402 s: two holders.',
    ],
  },
  {
    name: 'R3 could not know of the end of its session',
    tell: () => session().step('A', 103),
    says: [
      'the end of its session had not been delivered to it yet',
      'Only a fencing token that the resource checks helps.',
    ],
  },
  {
    name: 'R3 could not know by a clock that ran slow',
    tell: () => replaced().clock('A', 'mono', 0, 0, -50_000).exit('A', 10_300),
    says: ['its monotonic clock ran 5 % slow', 'nothing was taken off for drift'],
  },
  {
    name: 'R3 a foreign delete opens the lock',
    tell: () =>
      holder()
        .acquire('C', 3, { on: [], ends: 'fail' })
        .leaseEnd('A', 5, 'deleted', { by: 'C' })
        .acquire('B', 6)
        .enter('B', 8)
        .exit('A', 9),
    says: [
      "C (operation C1) deleted A's lease at 5 ms.",
      'only if it still holds your own owner id',
    ],
  },
  {
    name: 'R3 a fast server clock ends a lease early',
    tell: () =>
      holder()
        .clock('r1', 'wall', 0, 0, 50_000)
        .leaseEnd('A', 9_524, 'expired')
        .acquire('B', 9_530)
        .enter('B', 9_532)
        .exit('A', 9_900),
    says: ['before its time: the clock of r1 ran 5 % fast'],
  },
  {
    name: 'R3 a renewal makes the key anew',
    tell: () =>
      holder()
        .leaseEnd('A', 10_000.5, 'expired')
        .pause('A', 3, 12_000)
        .acquire('B', 10_100)
        .enter('B', 10_102)
        .exit('B', 10_110)
        .release('B', 10_111)
        .renew('A', 12_000, { extends: false })
        .step('A', 12_005),
    says: [
      'Then a renewal by A, applied at 12.0005 s, made the key anew',
      'after B had come and gone',
    ],
  },
  {
    name: 'R3 a pooler shares one session among two clients',
    tell: () =>
      story('A', 'B')
        .acquire('A', 0, { term: 'session' })
        .enter('A', 2)
        .acquire('B', 5, { term: 'session' })
        .enter('B', 7)
        .exit('A', 9),
    says: ['r1 still had the lease of A and granted the lock all the same'],
  },
  {
    name: 'R3 a client meets its own other grant',
    tell: () =>
      holder().leaseEnd('A', 5, 'lost').acquire('A', 6).enter('A', 8).step('A', 9, { grant: 'A1' }),
    says: ["r1 lost A1's lease at 5 ms", 'A in A2 was granted the lock at 7 ms'],
  },
];

test.each(CASES)('$name', ({ tell, says }) => {
  const trace = traceOf(tell());
  const verdict = mutualExclusion.check(indexHistory(trace.history));
  expect(verdict.verdict).toBe('invalid');
  const why = narrate(verdict, trace);
  for (const words of says) expect(why).toContain(words);
  expect(why).not.toMatch(/undefined|NaN|\[object/);
});

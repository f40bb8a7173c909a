/**
 * Narratives of overlaps: each kind of knowledge, each inherent cause, each fate of a lease (R3).
 */
import { describe, expect, test } from 'vitest';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { indexHistory } from '../../src/checkers/sections.js';
import type { Fault } from '../../src/fault.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import { canonicalStory, holder } from '../checkers/canonical-stories.js';
import { type Story, story } from '../checkers/history-builder.js';
import { traceOf } from './telling.js';

interface Case {
  readonly name: string;
  /** The name of a canonical story, or one of its own. */
  readonly tell: string | (() => Story);
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'R3 knew by its clock, after a pause between calls',
    tell: 'SET NX, never checks, paused between two calls past the TTL, then acts',
    says: [
      "A's lease ended at 10.0005 s: its 10 s were over.",
      'by its own monotonic clock 10.003 s had passed since it asked for the lease at 0 ms',
      'A had been paused from 3 ms to 10.003 s, and did not look when it woke.',
      'At 10.003 s A acted as holder',
    ],
  },
  {
    name: 'R3 knew by its monotonic clock, whatever its wall clock said',
    tell: 'the wall clock of the client steps back, its lock reckons by it',
    says: ['Its wall clock had been set back by 4.000 s at 5.000 s'],
  },
  {
    name: 'R3 knew because it had been told',
    tell: 'told of the loss, slow to leave, the other enters meanwhile',
    says: ['A had been told: its signal was aborted at 5.000 s.'],
  },
  {
    name: 'R3 knew because it had released',
    tell: 'acts after its own release',
    says: ['A had given the lock back itself: its release left at 6 ms.'],
  },
  {
    name: 'R3 knew because a reply said so',
    tell: 'session lock, its end delivered, acts',
    says: ['a reply that it no longer held the lock had arrived from r1 at 101 ms'],
  },
  {
    name: 'R3 knew because it had no quorum',
    tell: 'Redlock counted without a quorum',
    says: [
      'it counted itself as holder with 2 of 5 leases, and 3 make the lock',
      'because r3, r4 and r5 never had a key of A',
    ],
  },
  {
    name: 'R3 entered on a grant that was answered too late',
    tell: 'reply to the acquire later than the TTL, entered all the same',
    says: [
      'Its request of 0 ms was answered only at 10.500 s, and A took that for a grant.',
      'A entered all the same at 10.501 s; B had been inside since 10.402 s: two holders.',
    ],
  },
  {
    name: 'R3 could not know of the end of its session',
    tell: 'session lock, its end not yet delivered, acts',
    says: [
      'the end of its session had not been delivered to it yet',
      'Only a fencing token that the resource checks helps.',
    ],
  },
  {
    name: 'R3 could not know by a clock that ran slow',
    tell: 'monotonic clock of the client 5 % slow',
    says: ['its monotonic clock ran 5 % slow', 'nothing was taken off for drift'],
  },
  {
    name: 'R3 a foreign delete opens the lock',
    tell: 'blind delete by a third client',
    says: [
      "C (operation C1) deleted A's lease at 5 ms.",
      'only if it still holds your own owner id',
    ],
  },
  {
    name: 'R3 a fast server clock ends a lease early',
    tell: 'clock of the server 5 % fast',
    says: ['before its time: the clock of r1 ran 5 % fast'],
  },
  {
    name: 'R3 a renewal makes the key anew',
    tell: 'a renewal silently re-creates an expired key after the other has come and gone',
    says: [
      'Then a renewal by A, applied at 12.0005 s, made the key anew',
      'after B had come and gone',
    ],
  },
  {
    name: 'R3 a pooler shares one session among two clients',
    tell: 'session lock behind a transaction pooler',
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
  const trace = traceOf(typeof tell === 'string' ? canonicalStory(tell) : tell());
  const verdict = mutualExclusion.check(indexHistory(trace.history));
  expect(verdict.verdict).toBe('invalid');
  const why = narrate(verdict, trace);
  for (const words of says) expect(why).toContain(words);
  expect(why).not.toMatch(/undefined|NaN|\[object/);
});

test('R3 who stood in a queue was granted because the key before its own was gone', () => {
  const trace = traceOf(
    holder()
      .acquire('B', 3, { endMs: 10_105 })
      .renew('A', 100)
      .renew('B', 10_050)
      .leaseEnd('A', 10_100.5, 'expired')
      .enter('B', 10_106)
      .step('A', 10_107),
  );
  const records = trace.history.records.map((record) =>
    record.type === 'lease' ? { ...record, key: `lock/${record.host}` } : record,
  );
  const queue = { ...trace, history: { ...trace.history, records } };
  const why = narrate(mutualExclusion.check(indexHistory(queue.history)), queue);
  expect(why).toContain('because the key was gone, and entered at 10.106 s.');
  expect(why).not.toContain('still had the lease');
});

test('R16 a failover of PostgreSQL is told by its standby, whichever number it bears', () => {
  const fault: Fault = {
    id: 'f1',
    class: 'failover',
    at: { atUs: 5_000 },
    host: 'p1',
    replica: 3,
  };
  const struck = { type: 'fault', atUs: 5_000, fault: 'f1', class: 'failover' } as const;
  const told = story('A', 'B')
    .servers('p1')
    .acquire('A', 0)
    .enter('A', 2)
    .add({ ...struck, edge: 'start' })
    .add({ ...struck, edge: 'touched' })
    .leaseEnd('A', 5, 'lost')
    .acquire('B', 6)
    .enter('B', 8)
    .step('A', 9);
  const trace = traceOf(told, { faults: [fault] });
  const verdict = mutualExclusion.check(indexHistory(trace.history));
  expect(narrate(verdict, trace)).toContain('p1 was replaced at 5 ms by its standby');
  const fallen = storyRows(trace, verdict).filter(({ kind }) => kind === 'fault');
  expect(fallen.map(({ text }) => text)).toEqual(['fails over to its standby']);
});

describe('R16 a lease of an etcd cluster that ended before its time', () => {
  /** A holds a lease, a fault of the cluster's leader strikes, and the lease ends at 12 ms. */
  const toldOf = (replica: number, endsMs?: number) => {
    const host = 'e1';
    const fault: Fault = { id: 'f1', class: 'failover', at: { atUs: 5_000 }, host, replica };
    const record = { type: 'fault', fault: 'f1', class: 'failover' } as const;
    const struck = story('A', 'B')
      .servers('e1')
      .acquire('A', 0)
      .enter('A', 2)
      .add({ ...record, atUs: 5_000, edge: 'start' });
    if (endsMs !== undefined) struck.add({ ...record, atUs: endsMs * 1_000, edge: 'end' });
    struck.leaseEnd('A', 12, 'expired').acquire('B', 13).enter('B', 15).step('A', 16);
    const trace = traceOf(struck, { faults: [fault] });
    return narrate(mutualExclusion.check(indexHistory(trace.history)), trace);
  };

  test('R16 was revoked by a leader that stalled and came back', () => {
    const why = toldOf(3, 12);
    expect(why).toContain(
      "A's lease ended at 12 ms, before its time: the leader of e1, stalled since 5 ms, came " +
        'back and had it revoked, for it had not heard of the renewals.',
    );
    expect(why).toContain('What helps: etcd 3.4.31, 3.5.13 or later');
  });

  test.each([
    [3, 'stalled'],
    [2, 'was cut off from the other members'],
  ])('R16 was renewed by a leader that is none any more: %i', (replica, what) => {
    expect(toldOf(replica)).toContain(
      `before its time: the leader of e1 ${what} at 5 ms, and renewals that it answered counted ` +
        'for nothing where another one led.',
    );
  });

  test('R16 is not explained by a mere change of leader', () => {
    const why = toldOf(1);
    expect(why).toContain("A's lease ended at 12 ms: before its time.");
    expect(why).toContain('What helps: a fencing token');
  });
});

/**
 * What is said of leases: which request made one, that a call cut short renewed nothing, how a
 * session was lost, and what ended a lease that nobody held (docs/semantics.md, R1, R3, R9).
 */
import { describe, expect, test } from 'vitest';
import type { Checker } from '../../src/checkers/checker.js';
import { leak } from '../../src/checkers/leak.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import type { HistoryRecord, LeaseRecord } from '../../src/history.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import type { TraceMessage } from '../../src/trace.js';
import { type Story, story } from '../checkers/history-builder.js';
import { judge } from '../checkers/judging.js';
import { extension } from '../checkers/leak-records.js';
import { type Beneath, traceOf } from './telling.js';

function tell(checker: Checker, of: Story, beneath: Beneath = {}) {
  const verdict = judge(checker, of);
  expect(verdict.verdict).toBe('invalid');
  const trace = traceOf(of, beneath);
  const rows = storyRows(trace, verdict);
  return { why: narrate(verdict, trace), rows: rows.map(({ text }) => text), placed: rows };
}

const message = (sentAtMs: number, atMs: number, text: string, place: string): TraceMessage => ({
  from: 'A',
  to: 'e1',
  sentAtUs: sentAtMs * 1_000,
  dueUs: atMs * 1_000,
  endedAtUs: atMs * 1_000,
  fate: 'delivered',
  text,
  place,
});

describe('R1 the request that made a lease', () => {
  /** The term counts from the grant of the lease; a later request attaches the key to it. */
  const attached = () =>
    story('A', 'B')
      .servers('e1')
      .acquire('A', 0, { sentMs: 30, appliedMs: 86, endMs: 87 })
      .enter('A', 88)
      .acquire('B', 100)
      .enter('B', 102)
      .step('A', 103);

  test('is the one that was applied then', () => {
    const messages = [
      message(30, 30.5, 'lease keep-alive 1', 'lock.ts:1'),
      message(85, 86, 'txn', 'lock.ts:2'),
    ];
    const { rows, placed } = tell(mutualExclusion, attached(), { messages });
    expect(rows.join()).not.toContain('its request of');
    expect(placed.find(({ kind }) => kind === 'lease')?.place).toBe('lock.ts:2');
  });

  test('is told with its departure if it was under way for long', () => {
    const messages = [message(30, 86, 'txn', 'lock.ts:2')];
    expect(tell(mutualExclusion, attached(), { messages }).rows).toContain(
      'its request of 30 ms is applied, TTL 10 s',
    );
  });
});

test('R9 what a client had sent before it died made its lease, and renewed nothing', () => {
  const died = story('A')
    .acquire('A', 0, { appliedMs: 0.6, endMs: 0, ends: 'info' })
    .crash('A', 0)
    .leaseEnd('A', 10_000, 'expired')
    .end(20_000);
  expect(tell(leak, died).rows.join()).not.toContain('renews');
});

describe('R3 the end of a session', () => {
  const lost = (endedMs: number) =>
    story('A', 'B')
      .servers('p1')
      .acquire('A', 0, { term: 'session' })
      .enter('A', 2)
      .leaseEnd('A', endedMs, 'session')
      .lossDelivered('A', 6)
      .acquire('B', 8, { term: 'session' })
      .enter('B', 10)
      .step('A', 11);

  test('is no reply', () => {
    const { why, rows } = tell(mutualExclusion, lost(5));
    expect(why).toContain('its connection to p1 was closed at 6 ms, and its session with it');
    expect(rows).toContain('its connection to p1 is closed');
  });

  test('is its own doing if it closed the connection itself', () => {
    const { why, rows } = tell(mutualExclusion, lost(7));
    expect(why).toContain('it had closed its connection to p1 itself at 6 ms');
    expect(rows).toContain('closes its connection to p1');
  });
});

test('R1 who is granted a session that had ended is no holder until then', () => {
  const told = story('A', 'B')
    .servers('p1')
    .acquire('A', 0, { term: 'session', endMs: 3 })
    .leaseEnd('A', 1, 'session')
    .enter('A', 3)
    .acquire('B', 4, { term: 'session' })
    .enter('B', 6)
    .step('A', 7);
  const { rows } = tell(mutualExclusion, told);
  expect(rows).toContain('granted, though its session ended at 1 ms');
});

describe('R9 the end of a lease that nobody held', () => {
  test('one without a TTL that its server lost', () => {
    const told = story('A')
      .acquire('A', 0, { term: 'none' })
      .release('A', 10, { on: [], endMs: 11, ends: 'info' })
      .leaseEnd('A', 12, 'lost')
      .end(50_000);
    const { why } = tell(leak, told);
    expect(why).toContain('that r1 lost it at 12 ms is all that ended it');
  });

  test('one that somebody else extends', () => {
    const told = story('A', 'B')
      .acquire('A', 0)
      .release('A', 10, { on: [], endMs: 11, ends: 'info' });
    told.add(extension(20, { host: 'B', operation: 'B1' }));
    const { why } = tell(leak, told.end(50_000));
    expect(why).toContain('B renews without a look at whose the key is');
    expect(why).toContain('renew a key only if it still holds your own owner id, in one script');
  });

  test('one that is back has the TTL that was asked for', () => {
    const told = story('A').acquire('A', 0).release('A', 10);
    const made = told.history().records.find(({ type }) => type === 'lease') as LeaseRecord;
    const back: HistoryRecord = { ...made, atUs: 20_000, lease: 9, termUs: 9_980_000 };
    const end = { type: 'lease-end', atUs: 10_000_000, lease: 9, cause: 'expired' } as const;
    const { why } = tell(leak, told.add(back).add(end).end(30_000));
    expect(why).toContain('its lease on r1 was there again from 20 ms on');
    expect(why).toContain('(its TTL is 10 s)');
    expect(why).not.toContain('release also');
  });

  test('one of several permits keeps out nobody', () => {
    const told = story('A')
      .declares({ permits: 3 })
      .acquire('A', 0)
      .release('A', 10, { on: [], endMs: 11, ends: 'info' })
      .leaseEnd('A', 10_000, 'expired')
      .end(30_000);
    expect(tell(leak, told).why).toContain('It took one of 3 permits until 10.000 s');
  });

  test('several servers that have one', () => {
    const told = story('A')
      .servers('r1', 'r2', 'r3')
      .acquire('A', 0, { on: ['r1', 'r3'] })
      .crash('A', 5)
      .leaseEnd('A', 10_000, 'expired', { server: 'r1' })
      .leaseEnd('A', 10_000, 'expired', { server: 'r3' })
      .end(30_000);
    expect(tell(leak, told).why).toMatch(/It left one on r[13] as well\./);
  });
});

/** The bound to the microsecond, D, and what is reported of progress (R10). */
import { describe, expect, test } from 'vitest';
import { progress } from '../../src/checkers/progress.js';
import type { InvokeRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { cutShort, inShort, inWorld, judge, witnessTypes } from './judging.js';
import { leaseOfNobody, probed, refusedAt, waiting, world } from './waiting-stories.js';

describe('R10 to the microsecond', () => {
  const verdictAt = (endMs: number | null, runEndsMs = 200) =>
    judge(progress, probed(world('A'), endMs).end(runEndsMs)).verdict;

  test('the bound itself is in time', () => {
    expect(verdictAt(70)).toBe('valid');
    expect(verdictAt(70.001)).toBe('invalid');
  });
  test('a run that ends before the bound of a pending call proves nothing', () => {
    expect(verdictAt(null, 69.999)).toBe('unknown');
    expect(verdictAt(null, 70)).toBe('invalid');
  });
  test('what ended when the faults did is not judged by their end', () => {
    const told = world('A').acquire('A', 0, { waitMs: null, endMs: 50 });
    expect(judge(progress, told).verdict).toBe('valid');
  });
  test('the bound of a later call counts from its invocation', () => {
    const release = (endMs: number) => probed(world('A')).release('P', 61, { on: [], endMs });
    expect(judge(progress, release(81)).verdict).toBe('valid');
    expect(judge(progress, release(81.001)).verdict).toBe('invalid');
  });
  test('a pause that begins before the call, or outlasts it, counts where it overlaps', () => {
    const early = (endMs: number) =>
      world('A').pause('A', 5, 15).acquire('A', 10, refusedAt(endMs));
    expect(judge(progress, early(65)).verdict).toBe('valid');
    expect(judge(progress, early(65.001)).verdict).toBe('invalid');
    const late = (endMs: number) =>
      world('A')
        .acquire('A', 0, { ...refusedAt(50), endMs: null })
        .pause('A', 40, 60)
        .end(endMs)
        .healed(200);
    expect(judge(progress, late(70)).verdict).toBe('unknown');
    expect(judge(progress, late(70.001)).verdict).toBe('invalid');
  });
  test('nor is a pause before the wait', () => {
    const told = world('A').pause('A', 10, 20).healed(100);
    expect(judge(progress, told.acquire('A', 40, refusedAt(90))).verdict).toBe('valid');
  });
  test('nor is a pause after the wait', () => {
    const told = world('A').pause('A', 10, 40).pause('A', 120, 190).healed(200);
    expect(judge(progress, told.acquire('A', 0, refusedAt(80))).verdict).toBe('valid');
  });
  test('a pause that nothing ends begins too late', () => {
    const told = (atMs: number) =>
      world('A')
        .acquire('A', 0, { ...refusedAt(50), endMs: null })
        .add({ type: 'host', atUs: atMs * 1000, host: 'A', incarnation: 1, state: 'paused' })
        .healed(200);
    expect(judge(progress, told(50)).verdict).toBe('unknown');
    expect(judge(progress, told(51)).verdict).toBe('invalid');
  });
  test('pauses of another client are no excuse', () => {
    const told = world('A', 'B').pause('B', 10, 40).acquire('A', 0, refusedAt(80));
    expect(judge(progress, told).verdict).toBe('invalid');
  });
});

describe('R10 D, from which on leases nobody stands behind are out of the way', () => {
  const due = (told: Story) => judge(progress, told.acquire('P', 50, waiting)).details;

  test('a lease of a dead client', () => {
    const told = world('A').acquire('A', 0).crash('A', 10).leaseEnd('A', 100.5, 'expired');
    expect(due(told)).toMatchObject({ drainedUs: 100_500, boundUs: 20_000, dueUs: 120_500 });
  });
  test('of a client that dies at the very end of the faults', () => {
    const told = world('A').acquire('A', 0).leaseEnd('A', 100.5, 'expired').crash('A', 50);
    expect(due(told)).toMatchObject({ drainedUs: 100_500 });
  });
  test('not of a client that dies later', () => {
    const told = world('A').acquire('A', 0).leaseEnd('A', 100.5, 'expired').crash('A', 51);
    expect(due(told)).toMatchObject({ drainedUs: 50_000 });
  });
  test('of a client that was told, but not of one that will be', () => {
    const told = (atMs: number) =>
      world('A').acquire('A', 0).told('A', atMs).leaseEnd('A', 100.5, 'expired');
    expect(due(told(50))).toMatchObject({ drainedUs: 100_500 });
    expect(due(told(51))).toMatchObject({ drainedUs: 50_000 });
  });
  test('of a client that has called release, but not of one that will', () => {
    const told = (atMs: number) =>
      world('A')
        .acquire('A', 0)
        .release('A', atMs, { on: [], endMs: 52 })
        .leaseEnd('A', 100.5, 'expired');
    expect(due(told(50))).toMatchObject({ drainedUs: 100_500 });
    expect(due(told(51))).toMatchObject({ drainedUs: 50_000 });
  });
  test('of an acquire that was refused, threw, or has not returned', () => {
    const told = (endMs: number | null, ends: 'ok' | 'fail' | 'info') =>
      world('A').acquire('A', 0, { endMs, ends, waitMs: null }).leaseEnd('A', 100.5, 'expired');
    expect(due(told(10, 'fail'))).toMatchObject({ drainedUs: 100_500 });
    expect(due(told(10, 'info'))).toMatchObject({ drainedUs: 100_500 });
    expect(due(told(51, 'ok'))).toMatchObject({ drainedUs: 100_500 });
    expect(due(told(50, 'ok'))).toMatchObject({ drainedUs: 50_000 });
  });
  test('not a lease that ended with the faults, nor one that was made later', () => {
    const ended = world('A').acquire('A', 0).crash('A', 10).leaseEnd('A', 50, 'expired');
    expect(due(ended)).toMatchObject({ drainedUs: 50_000 });
    const later = world('A')
      .acquire('A', 40, { appliedMs: 50.001, endMs: 45, ackedMs: null, ends: 'fail' })
      .leaseEnd('A', 150, 'expired');
    expect(due(later)).toMatchObject({ drainedUs: 50_000 });
  });
  test('a lease that somebody extends after the faults counts to the end it had then', () => {
    const told = () =>
      world('A')
        .acquire('A', 0)
        .crash('A', 10)
        .renew('A', 90, { endMs: null, ackedMs: null })
        .end(190);
    expect(due(told())).toMatchObject({ drainedUs: 100_500 });
    const stepped = inWorld(told().acquire('P', 50, waiting), { largestClockStepUs: 3_000 });
    expect(judge(progress, stepped).details).toMatchObject({ drainedUs: 103_500 });
  });
  test('so does one that did end, later', () => {
    const told = world('A')
      .acquire('A', 0)
      .crash('A', 10)
      .renew('A', 90, { endMs: null, ackedMs: null })
      .leaseEnd('A', 190, 'expired');
    expect(due(told)).toMatchObject({ drainedUs: 100_500 });
  });
  test('a lease of nobody’s operation', () => {
    const told = world('A').add(leaseOfNobody(9, 10));
    expect(due(told)).toMatchObject({ drainedUs: 110_000 });
  });
  test('one that nobody has seen end counts to the end of its term', () => {
    const told = world('A').acquire('A', 0).crash('A', 10);
    expect(due(told)).toMatchObject({ drainedUs: 100_500 });
  });
  test.each(['none', 'session'] as const)(
    'a lease without an end (%s) leaves nothing to judge',
    (term) => {
      const told = world('A').acquire('A', 0, { term }).crash('A', 10).acquire('P', 50, waiting);
      expect(judge(progress, told)).toMatchObject({
        verdict: 'not-applicable',
        reason: 'a lease that nobody ends stands in the way for ever: see leak',
      });
    },
  );
  test('unless its holder is inside, or it did end', () => {
    const inside = world('A').acquire('A', 0, { term: 'none' }).acquire('P', 50, waiting);
    expect(inShort(judge(progress, inside))).toBe('invalid: not-completed');
    const ended = world('A')
      .acquire('A', 0, { term: 'session' })
      .crash('A', 10)
      .leaseEnd('A', 60, 'session');
    expect(due(ended)).toMatchObject({ drainedUs: 60_000 });
  });
});

test('R10 of several overdue calls the first due is reported, with what it waited for', () => {
  const told = world('A', 'B').acquire('A', 60, waiting).acquire('B', 55, waiting);
  const verdict = judge(progress, told);
  expect(verdict).toMatchObject({ offender: { host: 'B', operation: 'B1' } });
  expect(verdict.details).toEqual({
    boundUs: 20_000,
    drainedUs: 50_000,
    key: 'lock',
    action: 'acquire',
    dueUs: 75_000,
    invokedAtUs: 55_000,
  });
  expect(witnessTypes(told, verdict)).toEqual(['invoke']);
});

test('R10 a release that is due later than a later acquire does not hide it', () => {
  const told = world('A', 'B')
    .acquire('A', 40)
    .acquire('B', 55, waiting)
    .release('A', 61, { on: [], endMs: null });
  expect(judge(progress, told)).toMatchObject({ offender: { host: 'B', operation: 'B1' } });
});

test('R10 a late call is shown with its end', () => {
  const told = probed(world('A'), 90);
  const verdict = judge(progress, told);
  expect(verdict.details).toMatchObject({ completedAtUs: 90_000, dueUs: 70_000 });
  expect(witnessTypes(told, verdict)).toEqual(['invoke', 'ok']);
});

test('R10 an overlong wait is shown with the instant at which it should have ended', () => {
  const told = world('A').acquire('A', 5, { waitMs: 10, endMs: 45 });
  const verdict = judge(progress, told);
  expect(verdict).toMatchObject({ cause: 'overlong-wait', details: { dueUs: 35_000 } });
  expect(witnessTypes(told, verdict)).toEqual(['invoke', 'ok']);
});

describe('R10 a run that hit a limit', () => {
  test('is unknown, even if nothing is pending', () => {
    const verdict = judge(progress, cutShort(world('A').acquire('A', 0).release('A', 10)));
    expect(verdict).toMatchObject({ verdict: 'unknown', reason: '1,000 events', witness: [] });
  });
  test('unless something was late before', () => {
    expect(judge(progress, cutShort(probed(world('A'), null))).verdict).toBe('invalid');
    const overlong = world('A').acquire('A', 0, { waitMs: 10, endMs: 45 });
    expect(judge(progress, cutShort(overlong)).verdict).toBe('invalid');
  });
  test('or a lease that nobody ends leaves nothing to judge', () => {
    const told = world('A').acquire('A', 0, { term: 'none' }).crash('A', 10);
    expect(judge(progress, cutShort(told)).verdict).toBe('not-applicable');
  });
});

test('R10 a run that ended by itself before the bound says when', () => {
  const verdict = judge(progress, probed(world('A'), null).end(60));
  expect(verdict).toMatchObject({ verdict: 'unknown', witness: [] });
  expect(verdict.reason).toBe('the run ended at 0.06 s, before the bound of a pending call');
});

test('R10 without a declared bound it is computed from the world', () => {
  const told = story('A').ttl(100).healed(50).end(10_000).acquire('P', 50, waiting);
  const facts = { longestSectionUs: 10_000, longestRetryUs: 1_000, longestLatencyUs: 500 };
  // One client waits, one holds: two turns of 10 + 1 + 6 × 0.5 ms.
  expect(judge(progress, inWorld(told, facts)).details).toMatchObject({ boundUs: 28_000 });
});

test('R10 an acquire of which nothing is known of its wait is not judged by it', () => {
  const told = world('A').acquire('A', 0, refusedAt(150));
  const history = told.history();
  const records = history.records.map((record) => {
    if (record.type !== 'invoke') return record;
    const { waitMs: _, ...rest } = record;
    return rest satisfies InvokeRecord;
  });
  expect(inShort(judge(progress, { ...history, records, healedAtUs: 200_000 }))).toBe('valid');
});

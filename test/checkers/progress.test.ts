/** Progress: whoever waits is served within the bound once the faults are over (R10). */
import { describe, expect, test } from 'vitest';
import { progress } from '../../src/checkers/progress.js';
import type { InvokeRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { cutShort, inShort, inWorld, judge, witnessTypes } from './judging.js';

const BOUND = 20;
/** TTL 100 ms, bound 20 ms; faults end at 50 ms, the run at 200 ms. */
const world = (...clients: string[]) =>
  story(...clients)
    .ttl(100)
    .declares({ progressBoundMs: BOUND })
    .healed(50)
    .end(200);
/** The probe waits from 50 ms on; `null`: for ever. */
const probed = (told: Story, endMs: number | null = 60) =>
  told.acquire('P', 50, { waitMs: null, endMs, on: endMs === null ? [] : ['r1'] });
const waiting = { waitMs: null, on: [], endMs: null } as const;
/** A refused acquire that may wait for 30 ms. */
const refusedAt = (endMs: number) => ({ waitMs: 30, on: [], endMs, ends: 'fail' }) as const;

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['nothing waits', () => world('A').acquire('A', 0).release('A', 10)],
  ['the probe is granted and releases', () => probed(world('A')).release('P', 61)],
  [
    'what was pending when the faults ended is done at the last moment',
    () => world('A').acquire('A', 40, { waitMs: null, endMs: 70 }),
  ],
  [
    'the probe waits for the lease of a dead client',
    () =>
      world('A')
        .acquire('A', 0)
        .crash('A', 10)
        .leaseEnd('A', 100.5, 'expired')
        .acquire('P', 50, { waitMs: null, sentMs: 119, endMs: 120.5 }),
  ],
  [
    'the probe waits for a lease that its client no longer knows of',
    () =>
      world('A')
        .acquire('A', 45, { ackedMs: null, endMs: null, waitMs: null })
        .leaseEnd('A', 145.5, 'expired')
        .crash('A', 160)
        .acquire('P', 50, { waitMs: null, sentMs: 150, endMs: 165 }),
  ],
  ['a client that died waits no more', () => world('A').acquire('A', 0, waiting).crash('A', 20)],
  [
    'a release that was called after the faults has its own bound',
    () => probed(world('A'), 69).release('P', 100, { endMs: 120 }),
  ],
  [
    'a refusal comes when the wait and the bound are over',
    () => world('A').acquire('A', 0, refusedAt(50)),
  ],
  [
    'a pause does not count as waiting',
    () => world('A').pause('A', 10, 40).acquire('A', 0, refusedAt(80)).healed(100),
  ],
  [
    'the clock of the client is slow, and it waits by that clock',
    () => world('A').clock('A', 'mono', 0, 0, -500_000).acquire('A', 0, refusedAt(70)),
  ],
  [
    'an acquire without a limit may wait long under faults',
    () => world('A').acquire('A', 0, { waitMs: null, endMs: 49 }),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  [
    'the probe is never granted, and nobody has the key',
    'invalid: lost-wake-up',
    () => probed(world('A'), null),
  ],
  [
    'the probe is granted too late, and nobody had the key',
    'invalid: lost-wake-up',
    () => probed(world('A'), 70.001),
  ],
  [
    'a client waits for ever for a holder that renews',
    'invalid: not-completed',
    () => world('A').acquire('A', 0, { push: true }).renew('A', 90).acquire('P', 50, waiting),
  ],
  [
    'a release never ends',
    'invalid: not-completed',
    () => world('A').acquire('A', 0).release('A', 40, { endMs: null }),
  ],
  [
    'a renewal never ends',
    'invalid: not-completed',
    () => world('A').acquire('A', 0).renew('A', 40, { endMs: null }).end(90),
  ],
  [
    'a release that was called after the faults never ends',
    'invalid: not-completed',
    () => probed(world('A')).release('P', 61, { endMs: null }),
  ],
  [
    'the key becomes free when the holder releases, and nobody wakes the waiter',
    'invalid: lost-wake-up',
    () => world('A').acquire('A', 0).acquire('P', 50, waiting).release('A', 90),
  ],
  [
    'two acquires keep out each other for ever',
    'invalid: lost-wake-up',
    () =>
      world('A', 'B')
        .servers('r1', 'r2', 'r3', 'r4')
        .acquire('A', 40, { on: ['r1', 'r2'], endMs: null, waitMs: null })
        .acquire('B', 40, { on: ['r3', 'r4'], endMs: null, waitMs: null })
        .leaseEnd('A', 60, 'released', { server: 'r1', by: 'A' })
        .leaseEnd('A', 60, 'released', { server: 'r2', by: 'A' })
        .leaseEnd('B', 60, 'released', { server: 'r3', by: 'B' })
        .leaseEnd('B', 60, 'released', { server: 'r4', by: 'B' }),
  ],
  [
    'two clients hold a key each and wait for the other one',
    'invalid: deadlock',
    () =>
      world('A', 'B')
        .acquire('A', 0, { key: 'left' })
        .acquire('B', 0, { key: 'right' })
        .acquire('A', 10, { ...waiting, key: 'right' })
        .acquire('B', 10, { ...waiting, key: 'left' }),
  ],
  [
    'a client waits for a key that it holds itself',
    'invalid: deadlock',
    () => world('A').acquire('A', 0).acquire('A', 10, waiting),
  ],
  [
    'a client waits for somebody who is in a circle',
    'invalid: deadlock',
    () =>
      world('A', 'B', 'C')
        .acquire('A', 0, { key: 'left' })
        .acquire('B', 0, { key: 'right' })
        .acquire('C', 9, { ...waiting, key: 'left' })
        .acquire('A', 10, { ...waiting, key: 'right' })
        .acquire('B', 10, { ...waiting, key: 'left' }),
  ],
  [
    'a refusal comes too late',
    'invalid: overlong-wait',
    () => world('A').acquire('A', 0, refusedAt(50.001)).end(51).healed(60),
  ],
  [
    'a grant comes too late under faults',
    'invalid: overlong-wait',
    () => world('A').acquire('A', 0, { waitMs: 10, endMs: 45 }),
  ],
  [
    'an acquire is still waiting when it should have given up, under faults',
    'invalid: overlong-wait',
    () => world('A').acquire('A', 0, { waitMs: 10, endMs: null, on: [] }).healed(200),
  ],
  [
    'the clock of the client is fast, and it waits by world time',
    'invalid: overlong-wait',
    () => world('A').clock('A', 'mono', 0, 0, 500_000).acquire('A', 0, refusedAt(49)),
  ],
  [
    'a client waits too long before it dies',
    'invalid: overlong-wait',
    () =>
      world('A')
        .acquire('A', 0, { ...refusedAt(50), endMs: 180, ends: 'info' })
        .crash('A', 180)
        .healed(190),
  ],
];

describe('progress accepts', () => {
  test.each(accepted)('R10 %s', (_, told) => {
    expect(inShort(judge(progress, told()))).toBe('valid');
  });
});

describe('progress rejects', () => {
  test.each(rejected)('R10 %s', (_, short, told) => {
    expect(inShort(judge(progress, told()))).toBe(short);
  });
});

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
  test('a pause that began before the call, or outlasts it, counts in so far as it overlaps', () => {
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

describe('R10 a free key that nobody is given', () => {
  const cause = (told: Story) => judge(progress, told.acquire('P', 50, waiting)).cause;
  /** Free from 90 ms on, for so long. */
  const freeFor = (ms: number) =>
    world('A', 'B')
      .acquire('A', 0)
      .release('A', 89, { endMs: 90 })
      .acquire('B', 85, { sentMs: 89.9, endMs: 90 + ms, waitMs: null })
      .renew('B', 150);

  test('free for the bound is not yet free for longer', () => {
    expect(cause(freeFor(20))).toBe('not-completed');
    expect(cause(freeFor(20.001))).toBe('lost-wake-up');
  });
  test('a grant in between starts the time anew', () => {
    const told = () =>
      world('A', 'B')
        .acquire('A', 0)
        .release('A', 89, { endMs: 90 })
        .acquire('B', 85, { endMs: 100, waitMs: null })
        .release('B', 101, { endMs: 102 });
    expect(cause(told().end(121.999))).toBe('not-completed');
    expect(cause(told().end(122))).toBe('lost-wake-up');
  });
  test('the time before the waiter came does not count', () => {
    const told = world('A', 'B')
      .acquire('B', 58, { sentMs: 74, endMs: 75, waitMs: null })
      .acquire('A', 60, waiting);
    expect(judge(progress, told).cause).toBe('not-completed');
  });
  test('nor does the time before D', () => {
    const told = world('A', 'B')
      .acquire('A', 0)
      .crash('A', 10)
      .leaseEnd('A', 80, 'expired')
      .acquire('B', 50, { sentMs: 94, endMs: 95, waitMs: null });
    expect(cause(told)).toBe('not-completed');
  });
  test('a lease that nobody stands behind is in the way, alone on one server', () => {
    const told = world('A').acquire('A', 55, { ends: 'fail', waitMs: null }).end(150);
    expect(cause(told)).toBe('not-completed');
  });
  test('it is not once it has ended', () => {
    const told = world('A').acquire('A', 55, { ends: 'fail', waitMs: null });
    expect(cause(told.leaseEnd('A', 155.5, 'expired').end(175))).toBe('not-completed');
    const longer = world('A').acquire('A', 55, { ends: 'fail', waitMs: null });
    expect(cause(longer.leaseEnd('A', 155.5, 'expired').end(176))).toBe('lost-wake-up');
  });
  test('nor on a minority of three', () => {
    const told = (on: readonly string[]) =>
      world('A')
        .servers('r1', 'r2', 'r3')
        .acquire('A', 55, { on, ends: 'fail', waitMs: null })
        .end(150);
    expect(cause(told(['r1']))).toBe('lost-wake-up');
    expect(cause(told(['r1', 'r2']))).toBe('not-completed');
  });
  test('leases and holders of another key do not count', () => {
    const told = world('A', 'B')
      .acquire('A', 55, { key: 'other', ends: 'fail', waitMs: null })
      .acquire('B', 55, { key: 'third', waitMs: null });
    expect(cause(told)).toBe('lost-wake-up');
  });
  test('a lease of nobody’s operation is in the way', () => {
    const told = world('A').add({
      type: 'lease',
      atUs: 51_000,
      lease: 9,
      key: 'lock',
      server: 'r1',
      host: 'A',
      incarnation: 1,
      operation: '',
      sentAtUs: 51_000,
      termUs: 100_000,
      extends: false,
    });
    expect(cause(told)).toBe('not-completed');
  });
});

describe('R10 a circle of waits', () => {
  const two = (modeA: 'exclusive' | 'shared', modeB: 'exclusive' | 'shared') =>
    world('A', 'B')
      .acquire('A', 0, { key: 'left', mode: modeA })
      .acquire('B', 0, { key: 'right' })
      .acquire('B', 10, { ...waiting, key: 'left', mode: modeB })
      .acquire('A', 10, { ...waiting, key: 'right' });

  test('names the clients', () => {
    expect(judge(progress, two('exclusive', 'exclusive')).details).toMatchObject({ cycle: 'B, A' });
  });
  test('shared holders do not keep out shared waiters, all others do', () => {
    expect(judge(progress, two('shared', 'shared')).cause).not.toBe('deadlock');
    expect(judge(progress, two('shared', 'exclusive')).cause).toBe('deadlock');
    expect(judge(progress, two('exclusive', 'shared')).cause).toBe('deadlock');
  });
  test('is broken by a holder that was told, released or died', () => {
    const broken = (how: (told: Story) => Story) =>
      judge(progress, how(two('exclusive', 'exclusive'))).cause;
    expect(broken((told) => told.told('A', 20, 'signal', { grant: 'A1' }))).not.toBe('deadlock');
    expect(broken((told) => told.release('A', 20, { grant: 'A1' }))).not.toBe('deadlock');
    expect(broken((told) => told.crash('A', 20))).not.toBe('deadlock');
  });
  test('needs a key that is waited for', () => {
    const told = world('A', 'B')
      .acquire('A', 0, { key: 'left' })
      .acquire('B', 0, { key: 'right' })
      .acquire('B', 10, { ...waiting, key: 'left' })
      .acquire('A', 10, { ...waiting, key: 'third' });
    expect(judge(progress, told).cause).not.toBe('deadlock');
  });
  test('a chain that meets itself without closing is none', () => {
    const told = world('A', 'B', 'C')
      .acquire('B', 0, { key: 'b' })
      .acquire('C', 0, { key: 'c' })
      .acquire('A', 5, { ...waiting, key: 'b' })
      .acquire('A', 5, { ...waiting, key: 'c' })
      .acquire('B', 6, { ...waiting, key: 'c' });
    expect(judge(progress, told).cause).not.toBe('deadlock');
  });
  test('an acquire that ended late was in none', () => {
    const told = world('A')
      .acquire('A', 0)
      .acquire('A', 10, { ...waiting, endMs: 150, ends: 'fail' });
    expect(judge(progress, told).cause).toBe('not-completed');
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
  expect(verdict.reason).toBe('the run ended at 60000 µs, before the bound of a pending call');
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

/** Why somebody waits too long: a free key that nobody is given, and circles of waits (R10). */
import { describe, expect, test } from 'vitest';
import { progress } from '../../src/checkers/progress.js';
import type { Story } from './history-builder.js';
import { judge } from './judging.js';
import { leaseOfNobody, waiting, world } from './waiting-stories.js';

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
  test('a release that never ends waits for no key', () => {
    const told = world('A')
      .acquire('A', 0)
      .told('A', 30)
      .leaseEnd('A', 40, 'expired')
      .release('A', 45, { on: [], endMs: null });
    expect(judge(progress, told).cause).toBe('not-completed');
  });
  test('what happens after the wait does not count', () => {
    const told = (endMs: number) =>
      world('A', 'B')
        .acquire('A', 0)
        .release('A', 55, { endMs: 60 })
        .acquire('P', 50, { waitMs: null, on: [], endMs, ends: 'fail' })
        .acquire('B', 100, { endMs: 110, waitMs: null });
    expect(judge(progress, told(80)).cause).toBe('not-completed');
    expect(judge(progress, told(80.001)).cause).toBe('lost-wake-up');
  });
  test('and if nothing happens, the end of the wait does', () => {
    const told = (endMs: number) =>
      world('A')
        .acquire('A', 0)
        .release('A', 54, { endMs: 55 })
        .acquire('P', 50, { waitMs: null, on: [], endMs, ends: 'fail' });
    expect(judge(progress, told(75)).cause).toBe('not-completed');
    expect(judge(progress, told(75.001)).cause).toBe('lost-wake-up');
  });
  test('a minority that is taken meanwhile leaves the key free', () => {
    const told = world('A')
      .servers('r1', 'r2', 'r3')
      .acquire('A', 61, { on: ['r1'], endMs: 62, ends: 'fail', waitMs: null })
      .end(80);
    expect(cause(told)).toBe('lost-wake-up');
  });
  test('a lease that is applied late is in the way from then on', () => {
    const told = world('A').acquire('A', 50.5, {
      appliedMs: 75,
      ackedMs: null,
      endMs: 52,
      ends: 'fail',
      waitMs: null,
    });
    expect(cause(told)).toBe('lost-wake-up');
  });
  test('a lease that ends when its acquire is refused was never in the way', () => {
    const told = world('A')
      .acquire('A', 58, { endMs: 60, ends: 'fail', waitMs: null })
      .leaseEnd('A', 60, 'released', { by: 'A' })
      .end(75);
    expect(cause(told)).toBe('lost-wake-up');
  });
  test('leases and holders of another key do not count', () => {
    const told = world('A', 'B')
      .acquire('A', 55, { key: 'other', ends: 'fail', waitMs: null })
      .acquire('B', 55, { key: 'third', waitMs: null });
    expect(cause(told)).toBe('lost-wake-up');
  });
  test('a lease of nobody’s operation is in the way', () => {
    const told = world('A').add(leaseOfNobody(51, 51));
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

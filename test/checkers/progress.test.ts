/** Progress: whoever waits is served within the bound once the faults are over (R10). */
import { describe, expect, test } from 'vitest';
import { progress } from '../../src/checkers/progress.js';
import type { Story } from './history-builder.js';
import { inShort, judge } from './judging.js';
import { probed, refusedAt, waiting, world } from './waiting-stories.js';

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

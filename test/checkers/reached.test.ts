/** What a run reached of the goals of a campaign (docs/semantics.md, R13). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  addReached,
  GOALS,
  type Goal,
  nothingReached,
  type Reached,
  reachedIn,
} from '../../src/checkers/reached.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { FAULT_CLASSES, type FaultClass } from '../../src/fault.js';
import type { FaultRecord, RequestRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { RUNS } from './judging.js';
import { request as requestSent } from './leak-records.js';

const reachedBy = (told: Story): Reached => reachedIn(indexHistory(told.history()));
const fault = (atMs: number, name: FaultClass, edge: FaultRecord['edge']): FaultRecord => ({
  type: 'fault',
  atUs: atMs * 1000,
  fault: 'f1',
  class: name,
  edge,
});
const request = (atMs: number, more: Partial<RequestRecord> = {}) => requestSent(atMs, atMs, more);

const held = () => story('A', 'B').ttl(100).acquire('A', 0).enter('A', 2);
const expired = () => held().leaseEnd('A', 100.5, 'expired');
const three = () => story('A', 'B').ttl(100).servers('r1', 'r2', 'r3');
const failover = fault(50, 'failover', 'start');
const refused = { on: [], ends: 'fail' } as const;

const cases: readonly (readonly [Goal, name: string, reached: 0 | 1, () => Story])[] = [
  ['contention', 'a client asks while another one holds', 1, () => held().acquire('B', 5, refused)],
  [
    'contention',
    'two acquires are under way',
    1,
    () => story('A', 'B').acquire('A', 0).acquire('B', 0.5),
  ],
  [
    'contention',
    'a client asks while another one waits for ever',
    1,
    () => story('A', 'B').acquire('A', 0, { on: [], endMs: null }).acquire('B', 500),
  ],
  [
    'contention',
    'the longest of several grants of one client counts',
    1,
    () => story('A', 'B').acquire('A', 0).acquire('A', 2, refused).acquire('B', 5, refused),
  ],
  [
    'contention',
    'a client asks while another one holds that has renewed',
    1,
    () => held().renew('A', 3).acquire('B', 8, refused),
  ],
  ['contention', 'one after the other', 0, () => held().release('A', 5).acquire('B', 7)],
  [
    'contention',
    'after a refusal',
    0,
    () => story('A', 'B').acquire('A', 0, refused).acquire('B', 5),
  ],
  ['contention', 'after a death', 0, () => held().crash('A', 5).acquire('B', 7, refused)],
  ['contention', 'after a notice', 0, () => held().told('A', 5).acquire('B', 7, refused)],
  ['contention', 'of one client with itself', 0, () => held().acquire('A', 5, refused)],
  ['contention', 'for two keys', 0, () => held().acquire('B', 5, { key: 'other' })],
  ['expiryWhileHolding', 'the lease expires inside', 1, () => expired().exit('A', 120)],
  ['expiryWhileHolding', 'the holder never leaves', 1, expired],
  ['expiryWhileHolding', 'a holder that left before', 0, () => expired().exit('A', 90)],
  [
    'expiryWhileHolding',
    'a holder that enters later',
    0,
    () =>
      story('A')
        .ttl(100)
        .acquire('A', 0, { endMs: 150 })
        .leaseEnd('A', 100, 'expired')
        .enter('A', 151),
  ],
  [
    'expiryWhileHolding',
    'a holder that never enters',
    0,
    () => story('A').ttl(100).acquire('A', 0).leaseEnd('A', 100, 'expired'),
  ],
  [
    'expiryWhileHolding',
    'a holder whose session ends',
    1,
    () => held().leaseEnd('A', 100.5, 'session'),
  ],
  ['expiryWhileHolding', 'a lease that its server lost', 0, () => held().leaseEnd('A', 50, 'lost')],
  [
    'releaseAfterExpiry',
    'the request finds the lease expired',
    1,
    () => expired().add(request(110)),
  ],
  ['releaseAfterExpiry', 'the request comes before', 0, () => expired().add(request(90))],
  ['releaseAfterExpiry', 'a renewal', 0, () => expired().add(request(110, { action: 'renew' }))],
  [
    'releaseAfterExpiry',
    'of another operation',
    0,
    () => expired().add(request(110, { operation: 'A2' })),
  ],
  [
    'releaseAfterExpiry',
    'at another server',
    0,
    () => three().acquire('A', 0).leaseEnd('A', 100, 'expired', { server: 'r2' }).add(request(110)),
  ],
  [
    'releaseAfterExpiry',
    'a lease that its server lost',
    0,
    () => held().leaseEnd('A', 50, 'lost').add(request(60)),
  ],
  ['renewalLost', 'a renewal is refused', 1, () => held().renew('A', 20, { on: [], ends: 'fail' })],
  ['renewalLost', 'a renewal ends uncertainly', 0, () => held().renew('A', 20, { ends: 'info' })],
  ['renewalLost', 'a renewal is pending', 0, () => held().renew('A', 20, { endMs: null })],
  ['renewalLost', 'a release is refused', 0, () => held().release('A', 20, { ends: 'fail' })],
  [
    'splitVote',
    'one of three, and refused',
    1,
    () => three().acquire('A', 0, { on: ['r1'], ends: 'fail' }),
  ],
  [
    'splitVote',
    'one of three, and uncertain',
    1,
    () => three().acquire('A', 0, { on: ['r1'], ends: 'info' }),
  ],
  [
    'splitVote',
    'the same one twice',
    1,
    () => three().acquire('A', 0, { on: ['r1', 'r1'], ends: 'fail' }),
  ],
  [
    'splitVote',
    'two of three',
    0,
    () => three().acquire('A', 0, { on: ['r1', 'r2'], ends: 'fail' }),
  ],
  ['splitVote', 'none of three', 0, () => three().acquire('A', 0, refused)],
  ['splitVote', 'one of three, and granted', 0, () => three().acquire('A', 0, { on: ['r1'] })],
  [
    'splitVote',
    'one of three, and pending',
    0,
    () => three().acquire('A', 0, { on: ['r1'], endMs: null }),
  ],
  ['restart', 'a client comes back', 1, () => held().crash('A', 5, 7)],
  ['restart', 'a client does not come back', 0, () => held().crash('A', 5)],
  ['restart', 'a client wakes up', 0, () => held().pause('A', 5, 7)],
  ['failoverWhileHeld', 'while a client holds', 1, () => held().add(failover)],
  ['failoverWhileHeld', 'the end of a failover', 0, () => held().add(fault(50, 'failover', 'end'))],
  ['failoverWhileHeld', 'another fault', 0, () => held().add(fault(50, 'pause', 'start'))],
  ['failoverWhileHeld', 'after the release', 0, () => held().release('A', 5).add(failover)],
  ['failoverWhileHeld', 'before the release', 1, () => held().add(failover).release('A', 60)],
  ['failoverWhileHeld', 'before the grant', 0, () => story('A').acquire('A', 60).add(failover)],
  [
    'failoverWhileHeld',
    'after a refusal',
    0,
    () => story('A').acquire('A', 0, refused).add(failover),
  ],
  ['refused', 'an acquire fails', 1, () => held().acquire('B', 5, refused)],
  ['refused', 'an acquire ends uncertainly', 0, () => story('A').acquire('A', 0, { ends: 'info' })],
  ['refused', 'an acquire is pending', 0, () => story('A').acquire('A', 0, { endMs: null })],
  ['refused', 'an acquire is granted', 0, held],
  ['lossTold', 'a holder is told', 1, () => held().told('A', 50)],
  ['lossTold', 'nobody is told', 0, held],
];

describe('R13 the goals of a campaign', () => {
  test.each(cases)('%s: %s → %i', (goal, _, expected, told) => {
    expect(reachedBy(told())[goal]).toBe(expected);
  });
  test('each goal has a history that reaches it and one that does not', () => {
    for (const goal of GOALS) {
      const outcomes = new Set(cases.filter(([name]) => name === goal).map(([, , is]) => is));
      expect([...outcomes].sort(), goal).toEqual([0, 1]);
    }
  });
});

describe('R13 faults that met an operation', () => {
  test('count by class, once a run', () => {
    const told = held()
      .add(fault(5, 'pause', 'touched'))
      .add(fault(6, 'pause', 'touched'))
      .add(fault(7, 'delay', 'touched'));
    const { touched } = reachedBy(told);
    expect(touched).toEqual({ ...nothingReached().touched, pause: 1, delay: 1 });
  });
  test('and those that met nothing do not', () => {
    const told = held()
      .add(fault(5, 'pause', 'start'))
      .add(fault(6, 'pause', 'end'));
    expect(reachedBy(told).touched).toEqual(nothingReached().touched);
  });
});

test('R13 expiry is something to reach if some lease ends by itself', () => {
  const session = () => story('A', 'B').acquire('A', 0, { term: 'session' });
  expect(reachedBy(session()).expiring).toBe(0);
  expect(reachedBy(session().acquire('B', 1, { term: 'none' })).expiring).toBe(0);
  expect(reachedBy(session().acquire('B', 1)).expiring).toBe(1);
});

test('R13 what a campaign reached is the sum over its runs', () => {
  const sum = nothingReached();
  const run = reachedBy(
    held()
      .told('A', 50)
      .add(fault(5, 'pause', 'touched')),
  );
  addReached(sum, run);
  addReached(sum, run);
  addReached(sum, nothingReached());
  expect(sum).toMatchObject({
    lossTold: 2,
    contention: 0,
    expiring: 2,
    touched: { pause: 2, delay: 0 },
  });
});

test('R13 an empty run reached nothing, and nothing is listed twice', () => {
  const nothing = reachedBy(story('A'));
  expect(nothing).toEqual(nothingReached());
  expect(Object.keys(nothing).sort()).toEqual([...GOALS, 'expiring', 'touched'].sort());
  expect(Object.keys(nothing.touched).sort()).toEqual([...FAULT_CLASSES].sort());
});

interface Attempt {
  readonly client: string;
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
}
const attempts: fc.Arbitrary<Attempt[]> = fc
  .array(
    fc.record({
      client: fc.constantFrom('A', 'B'),
      key: fc.constantFrom('lock', 'lock', 'other'),
      fromMs: fc.nat(12),
      forMs: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 5 },
  )
  // An offset of its own for each attempt: no two events fall on one instant.
  .map((list) =>
    list.map(({ client, key, fromMs, forMs }, i) => {
      const startMs = fromMs + i / 100;
      return { client, key, startMs, endMs: startMs + forMs };
    }),
  );

/** Compares all pairs of attempts. */
const contended = (list: readonly Attempt[]): boolean =>
  list.some((a) =>
    list.some(
      (b) =>
        a.client !== b.client && a.key === b.key && a.startMs <= b.startMs && b.startMs < a.endMs,
    ),
  );

property.prop([attempts], RUNS)(
  'R13 contention agrees with a comparison of all pairs of attempts',
  (list) => {
    const told = story('A', 'B');
    for (const { client, key, startMs, endMs } of list) {
      told.acquire(client, startMs, { ...refused, key, endMs });
    }
    expect(reachedBy(told).contention).toBe(contended(list) ? 1 : 0);
  },
);

test('R13 some of those attempts contend and some do not', () => {
  expect(new Set(fc.sample(attempts, RUNS).map(contended)).size).toBe(2);
});

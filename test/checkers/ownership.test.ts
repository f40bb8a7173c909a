/** Ownership: nobody's request ends or extends a lease of another owner (docs/semantics.md, R0). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { ownership } from '../../src/checkers/ownership.js';
import type { HistoryRecord, LeaseEndRecord, LeaseRecord } from '../../src/history.js';
import type { Verdict } from '../../src/verdict.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge, RUNS, witnessTypes } from './judging.js';

const held = () => story('A', 'B', 'C').acquire('A', 0).enter('A', 2);
/** B and C tried and were refused: they have an operation in hand. */
const contended = () =>
  held().acquire('B', 3, { on: [], ends: 'fail' }).acquire('C', 3, { on: [], ends: 'fail' });

const lease = (atMs: number, more: Partial<LeaseRecord>): LeaseRecord => ({
  type: 'lease',
  atUs: atMs * 1000,
  lease: 100,
  key: 'lock',
  server: 'r1',
  host: 'B',
  incarnation: 1,
  operation: 'B1',
  sentAtUs: atMs * 1000 - 500,
  termUs: 10_000_000,
  extends: true,
  ...more,
});
const ownedByA = { host: 'A', incarnation: 1, operation: 'A1' } as const;

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['a client releases its own lease', () => held().exit('A', 5).release('A', 6)],
  ['a client renews its own lease', () => held().renew('A', 5).exit('A', 6).release('A', 7)],
  [
    'the next client creates the key that has expired',
    () => held().leaseEnd('A', 10_000, 'expired').acquire('B', 10_001).release('B', 10_003),
  ],
  [
    'the next client creates the key at the instant at which it expires',
    () => held().leaseEnd('A', 10_000, 'expired').acquire('B', 9_999, { appliedMs: 10_000 }),
  ],
  [
    'a late release compares, finds the lease of another, and does nothing',
    () =>
      held()
        .leaseEnd('A', 10_000, 'expired')
        .acquire('B', 10_001)
        .release('A', 10_005, { ends: 'fail' }),
  ],
  [
    'a server that lost the key grants it to the next client',
    () => held().leaseEnd('A', 5, 'lost').acquire('B', 6).release('B', 8),
  ],
  [
    'a retry overwrites the key of its own grant',
    () => held().leaseEnd('A', 1, 'overwritten', { by: 'A' }),
  ],
  ['a session ends', () => held().leaseEnd('A', 5, 'session')],
  [
    'a keep-alive that one operation began extends the lease of etcd that all of its client share',
    () => {
      const ofA2 = { host: 'A', operation: 'A2', server: 'e1', owner: ownedByA } as const;
      const shared = story('A').servers('e1').acquire('A', 0).enter('A', 2);
      return shared.acquire('A', 3, { on: [], ends: 'fail' }).add(lease(5, ofA2));
    },
  ],
  [
    'a request of a key that holds no owner id extends what it made itself',
    () => contended().add(lease(5, { extends: true })),
  ],
  [
    'a forgotten timer of the client renews and deletes outside of any operation',
    () =>
      held()
        .add(lease(5, { host: 'A', operation: '', owner: ownedByA }))
        .add({
          type: 'lease-end',
          atUs: 6_000,
          lease: 100,
          cause: 'deleted',
          by: { ...ownedByA, operation: '' },
        }),
  ],
  [
    'a client takes a free key with the owner id of somebody else',
    () =>
      held()
        .release('A', 5)
        .add(lease(9, { owner: ownedByA, extends: false })),
  ],
  [
    'a client takes a free key with an owner id that it made in an earlier operation',
    () =>
      held()
        .release('A', 5)
        .add(lease(9, { host: 'A', operation: 'A2', owner: ownedByA, extends: false })),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  [
    'a third client deletes the key blindly',
    'invalid: deleted',
    () => contended().leaseEnd('A', 5, 'deleted', { by: 'C' }),
  ],
  [
    'a client sets the key without NX',
    'invalid: overwritten',
    () => contended().leaseEnd('A', 5, 'overwritten', { by: 'B' }),
  ],
  [
    'a release that does not compare deletes the lease of the next client',
    'invalid: deleted',
    () =>
      held()
        .leaseEnd('A', 10_000, 'expired')
        .acquire('B', 10_001)
        .leaseEnd('B', 10_005, 'deleted', { by: 'A' }),
  ],
  [
    'a waiting client refreshes the TTL of the holder',
    'invalid: extended',
    () => contended().add(lease(5, { owner: ownedByA })),
  ],
  [
    'a client deletes the lease of its own earlier grant',
    'invalid: deleted',
    () =>
      held()
        .acquire('A', 5, { on: [], ends: 'fail' })
        .leaseEnd('A', 6, 'deleted', { grant: 'A1', by: 'A' }),
  ],
  [
    'a restarted client deletes the lease of its former life',
    'invalid: deleted',
    () =>
      held()
        .crash('A', 4, 5)
        .acquire('A', 5, { on: [], ends: 'fail' })
        .leaseEnd('A', 6, 'deleted', { grant: 'A1', by: 'A' }),
  ],
  [
    'a watchdog of another operation of the same client extends the lease',
    'invalid: extended',
    () =>
      held()
        .acquire('A', 5, { on: [], ends: 'fail' })
        .add(lease(6, { host: 'A', operation: 'A2', owner: ownedByA })),
  ],
  [
    'a restarted client extends the lease of its former life',
    'invalid: extended',
    () =>
      held()
        .crash('A', 4, 5)
        .add(lease(6, { host: 'A', incarnation: 2, operation: 'A1', owner: ownedByA })),
  ],
  [
    'another client deletes what a refused acquire had left on one server',
    'invalid: deleted',
    () =>
      story('A', 'B')
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, { on: ['r1'], ends: 'fail' })
        .acquire('B', 3, { on: ['r2', 'r3'] })
        .leaseEnd('A', 4, 'deleted', { by: 'B' }),
  ],
  [
    'a client deletes, outside of any operation, what another one made outside of any',
    'invalid: deleted',
    () =>
      story('A', 'B')
        .add(lease(1, { host: 'A', operation: '', extends: false }))
        .add({
          type: 'lease-end',
          atUs: 2_000,
          lease: 100,
          cause: 'deleted',
          by: { host: 'B', incarnation: 1, operation: '' },
        }),
  ],
  [
    'a release that the server took for the owner is of another grant',
    'invalid: released',
    () => contended().leaseEnd('A', 5, 'released', { by: 'B' }),
  ],
];

describe('ownership accepts', () => {
  test.each(accepted)('R0 %s', (_, told) => {
    expect(inShort(judge(ownership, told()))).toBe('valid');
  });
});

describe('ownership rejects', () => {
  test.each(rejected)('R0 %s', (_, short, told) => {
    expect(inShort(judge(ownership, told()))).toBe(short);
  });
});

test('R0 the offender, the victim, the lease and how it ended are named', () => {
  const told = contended()
    .leaseEnd('A', 5, 'deleted', { by: 'C' })
    .acquire('B', 6)
    .leaseEnd('B', 8, 'deleted', { by: 'C' });
  const verdict = judge(ownership, told);
  expect(verdict).toMatchObject({
    offender: { host: 'C', operation: 'C1' },
    victim: { host: 'A', operation: 'A1' },
    details: { key: 'lock', server: 'r1', violations: 2 },
  });
  expect(witnessTypes(told, verdict)).toEqual(['lease', 'lease-end']);
  expect(told.history().records[verdict.witness[1]!]!.atUs).toBe(5_000);
});

test('R0 of two violations the one that happened first is reported', () => {
  const told = contended()
    .add(lease(5, { owner: ownedByA }))
    .leaseEnd('A', 9, 'deleted', { by: 'C' });
  const verdict = judge(ownership, told);
  expect(verdict).toMatchObject({ cause: 'extended', offender: { host: 'B', operation: 'B1' } });
  expect(witnessTypes(told, verdict)).toEqual(['lease']);
  expect(verdict.details).toMatchObject({ violations: 2 });
});

const nameless = (cause: LeaseEndRecord['cause']) => held().leaseEnd('A', 5, cause);

test.each(['deleted', 'overwritten', 'released'] as const)(
  'R0 a lease %s by a request without a name leaves it unknown',
  (cause) => {
    const told = nameless(cause);
    const verdict = judge(ownership, told);
    expect(verdict.verdict).toBe('unknown');
    expect(verdict.reason).toContain('does not say whose request');
    expect(witnessTypes(told, verdict)).toEqual(['lease-end']);
  },
);

test('R0 a proven violation outweighs a nameless request', () => {
  const told = nameless('deleted')
    .acquire('B', 6)
    .acquire('C', 8, { on: [], ends: 'fail' })
    .leaseEnd('B', 9, 'deleted', { by: 'C' });
  expect(inShort(judge(ownership, told))).toBe('invalid: deleted');
});

test('R0 a run in which no lease was made is not applicable', () => {
  const told = story('A').acquire('A', 0, { on: [], ends: 'fail' });
  expect(judge(ownership, told)).toMatchObject({
    verdict: 'not-applicable',
    reason: 'no lease was made',
  });
});

/** A key server under random requests, which knows at each step whom it wrongs. */
type Request = readonly [
  'set-nx' | 'set' | 'delete' | 'compare-delete' | 'touch' | 'expire',
  number,
];

function serve(requests: readonly Request[]): { told: Story; outcome: Verdict } {
  const actors = ['A', 'B', 'C'];
  const told = story(...actors);
  for (const [i, actor] of actors.entries()) told.acquire(actor, i, { on: [], ends: 'fail' });
  const who = (actor: string) => ({ host: actor, incarnation: 1, operation: `${actor}1` });
  let holder: { actor: string; lease: number } | undefined;
  let leases = 0;
  let wronged = false;
  const records: HistoryRecord[] = [];
  requests.forEach(([request, n], i) => {
    const actor = actors[n]!;
    const atUs = 10_000 + i * 1000;
    const end = (cause: LeaseEndRecord['cause']) => {
      const by = cause === 'expired' ? {} : { by: who(actor) };
      records.push({ type: 'lease-end', atUs, lease: holder!.lease, cause, ...by });
      if (cause !== 'expired' && holder!.actor !== actor) wronged = true;
      holder = undefined;
    };
    const set = (owner: string, extended: boolean) => {
      const sent = { atUs, sentAtUs: atUs - 500, lease: ++leases, owner: who(owner) };
      records.push(lease(0, { ...who(actor), ...sent, extends: extended }));
      holder = { actor: owner, lease: leases };
    };
    if (request === 'expire' && holder !== undefined) end('expired');
    if (request === 'set-nx' && holder === undefined) set(actor, false);
    if (request === 'set') {
      if (holder !== undefined) end('overwritten');
      set(actor, false);
    }
    if (request === 'delete' && holder !== undefined) end('deleted');
    if (request === 'compare-delete' && holder?.actor === actor) end('released');
    if (request === 'touch' && holder !== undefined) {
      if (holder.actor !== actor) wronged = true;
      set(holder.actor, true);
    }
  });
  for (const record of records) told.add(record);
  const outcome = leases === 0 ? 'not-applicable' : wronged ? 'invalid' : 'valid';
  return { told, outcome };
}

const requests = fc.array(
  fc.tuple(
    fc.constantFrom(...(['set-nx', 'set', 'delete', 'compare-delete', 'touch', 'expire'] as const)),
    fc.nat(2),
  ),
  { minLength: 1, maxLength: 8 },
);

property.prop([requests], RUNS)(
  'R0 ownership agrees with a key server that knows whom it wrongs',
  (sequence) => {
    const { told, outcome } = serve(sequence);
    expect(judge(ownership, told).verdict).toBe(outcome);
  },
);

test('R0 every verdict occurs among those requests', () => {
  const seen = new Set(fc.sample(requests, RUNS).map((sequence) => serve(sequence).outcome));
  expect([...seen].sort()).toEqual(['invalid', 'not-applicable', 'valid']);
});

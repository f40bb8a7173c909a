/** Leak: leases that nobody will end, until the TTL or for ever (docs/semantics.md, R9). */
import { describe, expect, test } from 'vitest';
import { leak } from '../../src/checkers/leak.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge } from './judging.js';
import {
  atEnd,
  died,
  expiry,
  extension,
  held,
  ownedByA1,
  pending,
  releaseLost,
  request,
  TTL_MS,
} from './leak-records.js';

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['a client releases what it held', () => held().exit('A', 10).release('A', 10)],
  ['a holder is alive and inside at the end', () => held().end(1_000)],
  [
    'a holder stays inside until its lease has expired',
    () => held().leaseEnd('A', 100.5, 'expired').exit('A', 150).release('A', 150),
  ],
  [
    'a holder that was told is slow to leave, and its lease expires meanwhile',
    () => held().told('A', 90).leaseEnd('A', 100.5, 'expired').leave('A', 120).release('A', 120),
  ],
  ['a holder that was told is still inside at the end', () => held().told('A', 90).end(99)],
  [
    'an acquire is still under way at the end',
    () => story('A').ttl(TTL_MS).acquire('A', 0, { endMs: null }).end(90),
  ],
  [
    'a release is still under way at the end',
    () => held().release('A', 10, { on: [], endMs: null }),
  ],
  [
    'a release is still under way when the lease expires',
    () =>
      held()
        .exit('A', 10)
        .release('A', 10, { on: [], endMs: 200, ends: 'fail' })
        .leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'a release call has failed, but its request arrives and ends the lease',
    () => releaseLost().leaseEnd('A', 50, 'released', { by: 'A' }),
  ],
  [
    'the request of a release arrives after the lease has expired: it was in flight all the time',
    () => releaseLost().leaseEnd('A', 100.5, 'expired').add(request(10, 150)),
  ],
  ['a clean-up request is in flight at the end', () => releaseLost().add(atEnd(pending(1, 0), 50))],
  [
    'a timer is left at the end that may clean up',
    () => releaseLost().add(atEnd(pending(0, 1), 50)),
  ],
  [
    'a clean-up request of a dead client is in flight at the end',
    () =>
      releaseLost()
        .crash('A', 30)
        .add(atEnd(pending(1, 0), 50)),
  ],
  [
    'a refused acquire cleans up in the background',
    () =>
      story('A')
        .ttl(TTL_MS)
        .acquire('A', 0, { ends: 'fail' })
        .leaseEnd('A', 30, 'released', { by: 'A' }),
  ],
  [
    "the client's next grant replaces the lease it could not release",
    () => releaseLost().acquire('A', 20).release('A', 30),
  ],
  [
    "the client's next grant replaces the lease it could not release, and holds it",
    () => releaseLost().acquire('A', 20).enter('A', 22).end(60),
  ],
  [
    "the client's next grant extends the lease that it shares with the last one",
    () =>
      releaseLost()
        .acquire('A', 20, { on: [] })
        .add(extension(20.5, { operation: 'A2', owner: { ...ownedByA1, operation: 'A2' } }))
        .enter('A', 22)
        .end(60),
  ],
  [
    "the client's next grant replaces a lease without a term",
    () =>
      story('A')
        .ttl(TTL_MS)
        .acquire('A', 0, { term: 'none' })
        .release('A', 10, { on: [], endMs: 12 })
        .acquire('A', 20)
        .release('A', 30),
  ],
  [
    'a request outside of any operation replaces the lease',
    () => {
      const { owner: _, ...record } = extension(40, { operation: '', extends: false });
      return releaseLost().add(record).end(60);
    },
  ],
  [
    'the release ends a lease that somebody else had extended last',
    () =>
      held()
        .add(extension(5, { host: 'B', operation: 'B1' }))
        .exit('A', 10)
        .release('A', 10, { on: [] })
        .add({ ...expiry(10.5), cause: 'released', by: ownedByA1 }),
  ],
  [
    'somebody takes the orphan away before its time',
    () =>
      died().acquire('B', 20, { on: [], ends: 'fail' }).leaseEnd('A', 30, 'deleted', { by: 'B' }),
  ],
  [
    'the orphan is overwritten by the next client',
    () =>
      died()
        .acquire('B', 20, { on: [], endMs: null })
        .leaseEnd('A', 30, 'overwritten', { by: 'B' }),
  ],
  [
    'the holder dies at the instant at which its lease expires',
    () => held().leaseEnd('A', 100.5, 'expired').crash('A', 100.5),
  ],
  [
    'the lease expires at the instant at which its holder dies',
    () => held().crash('A', 100.5).leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'the holder dies after its lease has expired',
    () => held().leaseEnd('A', 100.5, 'expired').crash('A', 120),
  ],
];

test('R9 a living client that made a lease outside of any operation may still hold it', () => {
  const { owner: _, ...record } = extension(5, { operation: '', extends: false });
  expect(judge(leak, story('A').ttl(TTL_MS).add(record).end(50)).verdict).toBe('valid');
});

describe('leak accepts', () => {
  test.each(accepted)('R9 %s', (_, told) => {
    expect(inShort(judge(leak, told()))).toBe('valid');
  });
});

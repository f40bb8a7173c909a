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
  TTL,
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
    () => story('A').ttl(TTL).acquire('A', 0, { endMs: null }).end(90),
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
        .ttl(TTL)
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
        .ttl(TTL)
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

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  [
    'the holder dies and its lease stands until it expires',
    'invalid: until-ttl, client-died',
    () => died().leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'the request of the release is lost',
    'invalid: until-ttl, released',
    () => releaseLost().leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'a release that answered ok left a lease on one server',
    'invalid: until-ttl, released',
    () =>
      story('A')
        .ttl(TTL)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0)
        .release('A', 10, { on: ['r1', 'r2'] })
        .leaseEnd('A', 100.5, 'expired', { server: 'r3' }),
  ],
  [
    'a refused acquire leaves a lease on a minority',
    'invalid: until-ttl, not-granted',
    () =>
      story('A')
        .ttl(TTL)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, { on: ['r1'], ends: 'fail' })
        .leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'an acquire that threw had been granted by the server',
    'invalid: until-ttl, not-granted',
    () => story('A').ttl(TTL).acquire('A', 0, { ends: 'info' }).leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'a request of a refused acquire is applied late',
    'invalid: until-ttl, not-granted',
    () =>
      story('A')
        .ttl(TTL)
        .acquire('A', 0, { appliedMs: 50, ackedMs: null, endMs: 5, ends: 'fail' })
        .leaseEnd('A', 150, 'expired'),
  ],
  [
    'a holder that was told leaves and never releases',
    'invalid: until-ttl, told',
    () => held().told('A', 50).leave('A', 50).leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'the clean-up arrives before the lease it should have ended',
    'invalid: until-ttl, released',
    () =>
      story('A')
        .ttl(TTL)
        .acquire('A', 0, { appliedMs: 20, ackedMs: null, endMs: 5 })
        .release('A', 6, { on: [], endMs: 8 })
        .add(request(6, 7))
        .leaseEnd('A', 120, 'expired'),
  ],
  [
    'a failover brings the released lease back',
    'invalid: until-ttl, released',
    () =>
      held()
        .exit('A', 10)
        .release('A', 10)
        .add(extension(0, { atUs: 20_000 }))
        .add(expiry(80)),
  ],
  [
    'a failover brings a lease back that somebody else had extended for its owner',
    'invalid: until-ttl, client-died',
    () =>
      died()
        .leaseEnd('A', 15, 'lost')
        .add(extension(0, { host: 'B', atUs: 20_000 }))
        .end(50),
  ],
  [
    'a lease without an owner id is that of the request',
    'invalid: until-ttl, client-died',
    () => {
      const { owner: _, ...record } = extension(0.5, { extends: false });
      return story('A').ttl(TTL).acquire('A', 0, { on: [] }).add(record).crash('A', 10).end(50);
    },
  ],
  [
    'a lease of no operation is left by a dead client',
    'invalid: until-ttl, client-died',
    () => {
      const { owner: _, ...record } = extension(5, { operation: '', extends: false });
      return story('A').ttl(TTL).add(record).crash('A', 10).end(50);
    },
  ],
  [
    'a renewal is still under way when the lease expires: it is no release',
    'invalid: until-ttl, told',
    () =>
      held()
        .renew('A', 20, { on: [], endMs: null })
        .told('A', 50)
        .leave('A', 50)
        .leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'a request of the refused acquire takes the key again when it has expired',
    'invalid: until-ttl, not-granted',
    () =>
      story('A')
        .ttl(TTL)
        .acquire('A', 0, { ends: 'fail' })
        .leaseEnd('A', 100.5, 'expired')
        .add(extension(120, { extends: false }))
        .add(expiry(220)),
  ],
  [
    'the orphan is lost by its server before its time',
    'invalid: until-ttl, client-died',
    () => died().leaseEnd('A', 60, 'lost'),
  ],
  [
    'the session of a dead client ends by itself',
    'invalid: until-ttl, client-died',
    () =>
      story('A')
        .ttl(TTL)
        .acquire('A', 0, { term: 'session' })
        .crash('A', 10)
        .leaseEnd('A', 60_010, 'session'),
  ],
  [
    'a renewal that was under way when the client died is applied',
    'invalid: until-ttl, client-died',
    () =>
      died()
        .add(extension(9, { atUs: 40_000 }))
        .add(expiry(140)),
  ],
  [
    'a renewal leaves at the instant of the death',
    'invalid: until-ttl, client-died',
    () => died().add(extension(10)).add(expiry(110)),
  ],
  [
    'the orphan still stands when the run ends',
    'invalid: until-ttl, client-died',
    () => died().end(50),
  ],
  [
    'a timer of the next life cleans up for the former one no more',
    'invalid: until-ttl, client-died',
    () =>
      held()
        .crash('A', 10, 20)
        .add(atEnd(pending(1, 1, { incarnation: 2 }), 50)),
  ],
  [
    'a timer of a dead client never fires',
    'invalid: until-ttl, client-died',
    () => died().add(atEnd(pending(0, 1), 50)),
  ],
  [
    'what others have left does not count',
    'invalid: until-ttl, released',
    () => releaseLost().add(atEnd(pending(1, 1, { client: 'B' }), 50)),
  ],
  [
    'a host that has nothing left says so',
    'invalid: until-ttl, released',
    () => releaseLost().add(atEnd(pending(0, 0), 50)),
  ],
  [
    'the watchdog renews after the release has failed',
    'invalid: for-ever, extended',
    () => releaseLost().add(extension(40)).add(expiry(140)),
  ],
  [
    'the watchdog renews, and a timer is left to do it again',
    'invalid: for-ever, extended',
    () =>
      releaseLost()
        .add(extension(40))
        .add(atEnd(pending(0, 1), 50)),
  ],
  [
    'a renewal outside of any operation extends the released lease',
    'invalid: for-ever, extended',
    () => {
      const { owner: _, ...record } = extension(40, { operation: '' });
      return releaseLost().add(record);
    },
  ],
  [
    'a waiting client refreshes the lease of a dead holder',
    'invalid: for-ever, extended',
    () =>
      died()
        .add(extension(40, { host: 'B', operation: 'B1' }))
        .add(expiry(140)),
  ],
  [
    'a lease without a term is left by a dead client',
    'invalid: for-ever, no-term',
    () => story('A').ttl(TTL).acquire('A', 0, { term: 'none' }).crash('A', 10).end(50),
  ],
  [
    'a lease without a term is left, even if somebody deletes it in the end',
    'invalid: for-ever, no-term',
    () =>
      story('A', 'B')
        .ttl(TTL)
        .acquire('A', 0, { term: 'none' })
        .crash('A', 10)
        .acquire('B', 20, { on: [], ends: 'fail' })
        .leaseEnd('A', 30, 'deleted', { by: 'B' }),
  ],
  [
    'the next life of a dead client deletes its lease without a term: others could not have',
    'invalid: for-ever, no-term',
    () =>
      story('A')
        .ttl(TTL)
        .acquire('A', 0, { term: 'none' })
        .crash('A', 10, 20)
        .acquire('A', 20, { on: [], ends: 'fail' })
        .leaseEnd('A', 30, 'deleted', { grant: 'A1', by: 'A' }),
  ],
  [
    'milliseconds were taken for seconds',
    'invalid: for-ever, outlived',
    () =>
      story('A')
        .ttl(TTL)
        .acquire('A', 0, { term: { ms: TTL * 1000 } })
        .crash('A', 10)
        .end(5_000),
  ],
  [
    'the orphan is taken away too late',
    'invalid: for-ever, outlived',
    () =>
      story('A', 'B')
        .ttl(TTL)
        .acquire('A', 0, { term: { ms: 900 } })
        .crash('A', 10)
        .acquire('B', 20, { on: [], ends: 'fail' })
        .leaseEnd('A', 300, 'deleted', { by: 'B' }),
  ],
];

test('R9 a living client that made a lease outside of any operation may still hold it', () => {
  const { owner: _, ...record } = extension(5, { operation: '', extends: false });
  expect(judge(leak, story('A').ttl(TTL).add(record).end(50)).verdict).toBe('valid');
});

describe('leak accepts', () => {
  test.each(accepted)('R9 %s', (_, told) => {
    expect(inShort(judge(leak, told()))).toBe('valid');
  });
});

describe('leak rejects', () => {
  test.each(rejected)('R9 %s', (_, short, told) => {
    expect(inShort(judge(leak, told()))).toBe(short);
  });
});

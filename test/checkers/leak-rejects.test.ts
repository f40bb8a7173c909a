/** Leak: the leases that nobody will end, until the TTL and for ever (docs/semantics.md, R9). */
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
  pending,
  releaseLost,
  request,
  TTL_MS,
} from './leak-records.js';

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
        .ttl(TTL_MS)
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
        .ttl(TTL_MS)
        .servers('r1', 'r2', 'r3')
        .acquire('A', 0, { on: ['r1'], ends: 'fail' })
        .leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'an acquire that threw had been granted by the server',
    'invalid: until-ttl, not-granted',
    () => story('A').ttl(TTL_MS).acquire('A', 0, { ends: 'info' }).leaseEnd('A', 100.5, 'expired'),
  ],
  [
    'a request of a refused acquire is applied late',
    'invalid: until-ttl, not-granted',
    () =>
      story('A')
        .ttl(TTL_MS)
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
        .ttl(TTL_MS)
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
      return story('A').ttl(TTL_MS).acquire('A', 0, { on: [] }).add(record).crash('A', 10).end(50);
    },
  ],
  [
    'a lease of no operation is left by a dead client',
    'invalid: until-ttl, client-died',
    () => {
      const { owner: _, ...record } = extension(5, { operation: '', extends: false });
      return story('A').ttl(TTL_MS).add(record).crash('A', 10).end(50);
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
        .ttl(TTL_MS)
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
        .ttl(TTL_MS)
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
    () => story('A').ttl(TTL_MS).acquire('A', 0, { term: 'none' }).crash('A', 10).end(50),
  ],
  [
    'a lease without a term is left, even if somebody deletes it in the end',
    'invalid: for-ever, no-term',
    () =>
      story('A', 'B')
        .ttl(TTL_MS)
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
        .ttl(TTL_MS)
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
        .ttl(TTL_MS)
        .acquire('A', 0, { term: { ms: TTL_MS * 1000 } })
        .crash('A', 10)
        .end(5_000),
  ],
  [
    'the orphan is taken away too late',
    'invalid: for-ever, outlived',
    () =>
      story('A', 'B')
        .ttl(TTL_MS)
        .acquire('A', 0, { term: { ms: 900 } })
        .crash('A', 10)
        .acquire('B', 20, { on: [], ends: 'fail' })
        .leaseEnd('A', 300, 'deleted', { by: 'B' }),
  ],
  [
    'a key that lives with no session is replaced too late',
    'invalid: for-ever, outlived',
    () =>
      story('A')
        .servers('e1')
        .ttl(TTL_MS)
        .acquire('A', 0, { term: 'none', endMs: 10, ends: 'fail' })
        .acquire('A', 300)
        .release('A', 320),
  ],
];

describe('leak rejects', () => {
  test.each(rejected)('R9 %s', (_, short, told) => {
    expect(inShort(judge(leak, told()))).toBe(short);
  });
});

/** Leak: leases that nobody will end, until the TTL or for ever (docs/semantics.md, R9). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { leak } from '../../src/checkers/leak.js';
import type {
  LeaseEndRecord,
  LeaseRecord,
  PendingRecord,
  RequestRecord,
} from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { cutShort, inShort, inWorld, judge, RUNS, witnessTypes } from './judging.js';

const TTL = 100;
const held = () => story('A', 'B').ttl(TTL).acquire('A', 0).enter('A', 2);
/** A leaves at 10 ms; its release ends at 12 ms and reaches no server. */
const releaseLost = () =>
  held().exit('A', 10).release('A', 10, { on: [], endMs: 12, ends: 'info' });
/** A dies inside at 10 ms. */
const died = () => held().crash('A', 10);

const pending = (requests: number, timers: number, more: Partial<PendingRecord> = {}) =>
  ({ type: 'pending', atUs: 0, client: 'A', incarnation: 1, requests, timers, ...more }) as const;
/** What is left is written down when the run ends. */
const atEnd = (record: PendingRecord, atMs: number): PendingRecord => ({
  ...record,
  atUs: atMs * 1000,
});
const request = (
  sentMs: number,
  atMs: number,
  more: Partial<RequestRecord> = {},
): RequestRecord => ({
  type: 'request',
  atUs: atMs * 1000,
  sentAtUs: sentMs * 1000,
  action: 'release',
  client: 'A',
  incarnation: 1,
  operation: 'A1',
  server: 'r1',
  key: 'lock',
  effect: 'none',
  ...more,
});
/** An extension of the lease of A1, sent and applied at the same instant unless told otherwise. */
const extension = (sentMs: number, more: Partial<LeaseRecord> = {}): LeaseRecord => ({
  type: 'lease',
  atUs: sentMs * 1000,
  lease: 90,
  key: 'lock',
  server: 'r1',
  host: 'A',
  incarnation: 1,
  operation: 'A1',
  owner: { host: 'A', incarnation: 1, operation: 'A1' },
  sentAtUs: sentMs * 1000,
  termUs: TTL * 1000,
  extends: true,
  ...more,
});
const expiry = (atMs: number, lease = 90): LeaseEndRecord => ({
  type: 'lease-end',
  atUs: atMs * 1000,
  lease,
  cause: 'expired',
});

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

describe('R9 twice the TTL and the largest clock step', () => {
  const orphan = (endMs: number) => died().add(expiry(endMs, 1));
  const stepped = (told: Story) => inWorld(told, { largestClockStepUs: 7_000 });

  test('an orphan that ends at that instant ended by its TTL', () => {
    expect(inShort(judge(leak, orphan(210)))).toBe('invalid: until-ttl, client-died');
    expect(inShort(judge(leak, stepped(orphan(217))))).toBe('invalid: until-ttl, client-died');
  });
  test('one that ends later did not', () => {
    expect(inShort(judge(leak, orphan(210.001)))).toBe('invalid: for-ever, outlived');
    expect(inShort(judge(leak, stepped(orphan(217.001))))).toBe('invalid: for-ever, outlived');
  });
  test('one that stands at that instant is for ever', () => {
    expect(inShort(judge(leak, died().end(209.999)))).toBe('invalid: until-ttl, client-died');
    expect(inShort(judge(leak, died().end(210)))).toBe('invalid: for-ever, outlived');
  });
  test('a session has twice the user timeout of its service', () => {
    const session = (endMs: number) =>
      story('A').ttl(TTL).acquire('A', 0, { term: 'session' }).crash('A', 10).end(endMs);
    expect(inShort(judge(leak, session(120_009)))).toBe('invalid: until-ttl, client-died');
    expect(inShort(judge(leak, session(120_010)))).toBe('invalid: for-ever, outlived');
    expect(inShort(judge(leak, stepped(session(120_010))))).toBe('invalid: until-ttl, client-died');
  });
});

describe('R9 orphaned from the latest of death, refusal, release and notice', () => {
  const from = (told: Story) => judge(leak, told).details?.['orphanedAtUs'];
  const expired = (told: Story) => told.leaseEnd('A', 100.5, 'expired', { grant: 'A1' });

  test('a death after the failed release', () => {
    expect(from(expired(releaseLost().crash('A', 30)))).toBe(30_000);
  });
  test('but not a death after the lease has ended', () => {
    expect(from(expired(releaseLost().crash('A', 130)))).toBe(12_000);
  });
  test('a release after the notice', () => {
    const told = held().told('A', 5).leave('A', 10).release('A', 10, { on: [], endMs: 12 });
    expect(from(expired(told))).toBe(12_000);
  });
  test('a second release after the first', () => {
    expect(from(expired(releaseLost().release('A', 20, { on: [], endMs: 22 })))).toBe(22_000);
  });
  test('a notice after the release', () => {
    expect(from(expired(releaseLost().told('A', 40)))).toBe(40_000);
  });
  test('a request of the release that arrived in vain', () => {
    expect(from(expired(releaseLost().add(request(10, 45))))).toBe(45_000);
  });
  test('a request of a renewal is no clean-up, nor is one to another server', () => {
    const told = () => story('A').ttl(TTL).servers('r1', 'r2', 'r3').acquire('A', 0);
    const released = () => expired(told().release('A', 10, { on: ['r2', 'r3'], endMs: 12 }));
    expect(from(released())).toBe(12_000);
    expect(from(released().add(request(10, 150, { action: 'renew' })))).toBe(12_000);
    expect(from(released().add(request(10, 150, { server: 'r2' })))).toBe(12_000);
    expect(from(released().add(request(10, 150, { operation: 'A2' })))).toBe(12_000);
  });
  test('the application of a lease that came too late', () => {
    const told = story('A')
      .ttl(TTL)
      .acquire('A', 0, { appliedMs: 50, ackedMs: null, endMs: 5, ends: 'fail' })
      .leaseEnd('A', 150, 'expired');
    expect(from(told)).toBe(50_000);
    expect(judge(leak, told).details).toMatchObject({ lengthUs: 100_000 });
  });
  test('an extension sent before that instant is the holder’s own', () => {
    const told = releaseLost().add(extension(20)).told('A', 40).add(expiry(120));
    expect(inShort(judge(leak, told))).toBe('invalid: until-ttl, told');
  });
  test('an acquire under way when its client dies', () => {
    const told = story('A').ttl(TTL).acquire('A', 0, { endMs: null }).crash('A', 10);
    expect(from(expired(told))).toBe(10_000);
  });
  test('a dead client inside its section, with a release under way', () => {
    const told = held().release('A', 5, { on: [], endMs: null }).crash('A', 10);
    expect(from(expired(told))).toBe(10_000);
  });
});

test('R9 where, how long, and how it was orphaned', () => {
  const told = died().leaseEnd('A', 100.5, 'expired');
  const verdict = judge(leak, told);
  expect(verdict).toMatchObject({ offender: { host: 'A', operation: 'A1' } });
  expect(verdict.details).toEqual({
    key: 'lock',
    server: 'r1',
    orphanedAtUs: 10_000,
    orphanedBy: 'client-died',
    lengthUs: 90_500,
    ended: true,
    leaks: 1,
  });
  expect(witnessTypes(told, verdict)).toEqual(['lease', 'host', 'lease-end']);
});

test('R9 the witness of a lease that was extended for ever shows the extension', () => {
  const told = releaseLost().add(extension(40)).end(60);
  const verdict = judge(leak, told);
  expect(verdict.details).toMatchObject({ orphanedBy: 'released', ended: false, lengthUs: 48_000 });
  expect(witnessTypes(told, verdict)).toEqual(['info', 'lease']);
  const again = releaseLost()
    .add(extension(40))
    .add(extension(50, { lease: 91 }))
    .end(60);
  expect(witnessTypes(again, judge(leak, again))).toEqual(['info', 'lease', 'lease']);
});

test('R9 of several leaks the worst is reported: for ever first, then the longest', () => {
  const three = () =>
    story('A', 'B').ttl(TTL).servers('r1', 'r2', 'r3').acquire('A', 0).crash('A', 10);
  const told = three()
    .leaseEnd('A', 90, 'expired', { server: 'r1' })
    .leaseEnd('A', 110, 'expired', { server: 'r2' })
    .leaseEnd('A', 100, 'expired', { server: 'r3' });
  expect(judge(leak, told)).toMatchObject({
    class: 'until-ttl',
    details: { server: 'r2', lengthUs: 100_000, leaks: 3 },
  });
  const extended = three()
    .add(extension(20, { server: 'r2' }))
    .add(expiry(30))
    .leaseEnd('A', 100, 'expired', { server: 'r1' })
    .leaseEnd('A', 100, 'expired', { server: 'r3' });
  expect(judge(leak, extended)).toMatchObject({
    class: 'for-ever',
    details: { server: 'r2', lengthUs: 20_000, leaks: 3 },
  });
});

describe('R9 a run that hit a limit', () => {
  test('leaves an orphan undecided that still stands', () => {
    const verdict = judge(leak, cutShort(died().end(50)));
    expect(verdict).toMatchObject({ verdict: 'unknown', witness: [] });
    expect(verdict.reason).toContain('1,000 events');
  });
  test('but not one that has ended, or has shown itself', () => {
    const told = died().leaseEnd('A', 100.5, 'expired');
    expect(judge(leak, cutShort(told)).class).toBe('until-ttl');
    expect(judge(leak, cutShort(died().end(500))).class).toBe('for-ever');
  });
  test('and proves nothing against a client that holds', () => {
    expect(judge(leak, cutShort(held().end(50))).verdict).toBe('valid');
  });
});

test('R9 a run in which no lease was made is not applicable', () => {
  const told = story('A').acquire('A', 0, { on: [], ends: 'fail' });
  expect(judge(leak, told)).toMatchObject({
    verdict: 'not-applicable',
    reason: 'no lease was made',
  });
});

/**
 * One lease on one server, by the instants of its life in ms. Each kind of event has a fraction of
 * its own, so that no two fall on one instant.
 */
interface Life {
  readonly appliedMs: number;
  readonly endMs: number | undefined;
  readonly ends: 'ok' | 'fail' | 'info';
  readonly enters: boolean;
  readonly leavesMs: number | undefined;
  readonly toldMs: number | undefined;
  readonly releasesMs: number | undefined;
  readonly releasedMs: number | undefined;
  readonly arrivesMs: number | undefined;
  readonly diesMs: number | undefined;
  readonly extendsMs: number | undefined;
  readonly closesMs: number | undefined;
  readonly cause: 'expired' | 'lost' | 'own' | 'foreign';
  readonly term: boolean;
  readonly left: 'request' | 'timer' | undefined;
}
const LIFE_TTL = 8;
const END = 30;

const at = (fraction: number, max = 24) =>
  fc.option(
    fc.integer({ min: 3, max }).map((ms) => ms + fraction),
    { nil: undefined, freq: 2 },
  );
const lives: fc.Arbitrary<Life> = fc.record({
  appliedMs: fc.constantFrom(1.1, 4.1),
  endMs: fc.option(fc.constantFrom(2.2, 3.2), { nil: undefined, freq: 4 }),
  ends: fc.constantFrom('ok', 'ok', 'fail', 'info'),
  enters: fc.boolean(),
  leavesMs: at(0.3),
  toldMs: at(0.4),
  releasesMs: at(0.5, 12),
  releasedMs: at(0.6),
  arrivesMs: at(0.7),
  diesMs: at(0.8),
  extendsMs: at(0.85),
  closesMs: at(0.9),
  cause: fc.constantFrom('expired', 'expired', 'lost', 'own', 'foreign'),
  term: fc.boolean(),
  left: fc.constantFrom('request', 'timer', undefined, undefined),
});

/** Makes a life possible: nobody acts before it was granted, outside its section, or after death. */
function possible(life: Life): Life {
  const living = (ms: number | undefined) =>
    ms !== undefined && life.diesMs !== undefined && ms > life.diesMs ? undefined : ms;
  const endMs = living(life.endMs);
  const granted = endMs !== undefined && life.ends === 'ok';
  const enters = granted && life.enters && living(3) !== undefined;
  const leavesMs = enters ? living(life.leavesMs) : undefined;
  const out = granted && (!enters || leavesMs !== undefined);
  const releasesMs =
    out && life.releasesMs !== undefined
      ? living(Math.max(life.releasesMs, (leavesMs ?? 0) + 0.2))
      : undefined;
  const after = (ms: number | undefined) =>
    releasesMs !== undefined && ms !== undefined && ms > releasesMs ? ms : undefined;
  const extendsMs = life.extendsMs !== undefined && life.extendsMs > 5 ? life.extendsMs : undefined;
  const lastMs = Math.max(life.appliedMs, extendsMs ?? 0);
  return {
    ...life,
    endMs,
    enters,
    leavesMs,
    toldMs: granted ? living(life.toldMs) : undefined,
    releasesMs,
    releasedMs: living(after(life.releasedMs)),
    arrivesMs: after(life.arrivesMs),
    extendsMs,
    closesMs: life.closesMs !== undefined && life.closesMs > lastMs ? life.closesMs : undefined,
  };
}

function tell(life: Life): Story {
  const told = story('A', 'B').ttl(LIFE_TTL);
  told.acquire('B', 0, { on: [], ends: 'fail' });
  told.acquire('A', 0, {
    appliedMs: life.appliedMs,
    ackedMs: null,
    endMs: life.endMs ?? null,
    ends: life.ends,
    ...(!life.term && { term: 'none' }),
  });
  if (life.enters) told.enter('A', 3.25);
  if (life.leavesMs !== undefined) told.leave('A', Math.max(life.leavesMs, 3.26));
  if (life.toldMs !== undefined) told.told('A', life.toldMs);
  if (life.releasesMs !== undefined) {
    told.release('A', life.releasesMs, { on: [], endMs: life.releasedMs ?? null, ends: 'info' });
  }
  if (life.arrivesMs !== undefined) told.add(request(life.releasesMs!, life.arrivesMs));
  if (life.diesMs !== undefined) told.crash('A', life.diesMs);
  const closesBy = { own: { by: 'A' }, foreign: { by: 'B' }, expired: {}, lost: {} }[life.cause];
  const cause = { own: 'released', foreign: 'deleted', expired: 'expired', lost: 'lost' } as const;
  if (life.extendsMs !== undefined) {
    const termUs = life.term ? LIFE_TTL * 1000 : 'none';
    told.add(extension(life.extendsMs, { termUs }));
    if (life.closesMs !== undefined) {
      const by = { own: 'A', foreign: 'B', expired: undefined, lost: undefined }[life.cause];
      const who = by && { by: { host: by, incarnation: 1, operation: `${by}1` } };
      told.add({ ...expiry(life.closesMs), cause: cause[life.cause], ...who });
    }
  } else if (life.closesMs !== undefined) {
    told.leaseEnd('A', life.closesMs, cause[life.cause], closesBy);
  }
  if (life.left !== undefined) {
    const left = life.left === 'request' ? pending(1, 0) : pending(0, 1);
    told.add(atEnd(left, END));
  }
  return told.end(END);
}

/** R9 read off the life, from the instant at which the lease ends backwards. */
function outcome(life: Life): 'valid' | 'until-ttl' | 'for-ever' {
  const thenMs = life.closesMs ?? END + 1;
  const by = (ms: number | undefined) => ms !== undefined && ms < thenMs;
  const alive = !by(life.diesMs);
  if (alive && life.enters && !by(life.leavesMs)) return 'valid';
  if (alive && life.releasesMs !== undefined && !by(life.releasedMs)) return 'valid';
  if (life.arrivesMs !== undefined && !by(life.arrivesMs)) return 'valid';
  if (life.closesMs !== undefined && life.cause === 'own') return 'valid';
  const gaveUp = [life.diesMs, life.toldMs, life.releasedMs, life.arrivesMs];
  if (life.ends !== 'ok') gaveUp.push(life.endMs);
  const orphanedMs = Math.max(...gaveUp.filter((ms) => by(ms)).map((ms) => ms!));
  if (orphanedMs === -Infinity) return 'valid';
  if (life.extendsMs !== undefined && life.extendsMs > orphanedMs) return 'for-ever';
  const left = life.left === 'request' || (life.left === 'timer' && alive);
  if (life.closesMs === undefined && left) return 'valid';
  if (!life.term) return 'for-ever';
  const aliveMs = (life.closesMs ?? END) - Math.max(orphanedMs, life.appliedMs);
  if (aliveMs > 2 * LIFE_TTL) return 'for-ever';
  return life.closesMs !== undefined && life.cause === 'foreign' ? 'valid' : 'until-ttl';
}

describe('R9 leak agrees with the rule read off the life of one lease', () => {
  const seen = new Set<string>();
  property.prop([lives], { ...RUNS })('on random lives', (random) => {
    const life = possible(random);
    const verdict = judge(leak, tell(life));
    const found = verdict.class ?? verdict.verdict;
    seen.add(found);
    expect(found).toBe(outcome(life));
  });
  test('and all outcomes occurred', () => {
    expect([...seen].sort()).toEqual(['for-ever', 'until-ttl', 'valid']);
  });
});

/** From when a lease is orphaned, how long it may live, and what is reported (R9). */
import { describe, expect, test } from 'vitest';
import { leak } from '../../src/checkers/leak.js';
import { type Story, story } from './history-builder.js';
import { cutShort, inShort, inWorld, judge, witnessTypes } from './judging.js';
import { died, expiry, extension, held, releaseLost, request, TTL_MS } from './leak-records.js';

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
  test('one that a cluster of etcd extended and then ended was until its TTL', () => {
    const ofEtcd = () => story('A').ttl(TTL_MS).servers('e1').acquire('A', 0).crash('A', 10);
    const ended = ofEtcd().leaseEnd('A', 300, 'expired').end(400);
    expect(inShort(judge(leak, ended))).toBe('invalid: until-ttl, client-died');
    expect(inShort(judge(leak, ofEtcd().end(300)))).toBe('invalid: for-ever, outlived');
  });
  test('one that stands at that instant is for ever', () => {
    expect(inShort(judge(leak, died().end(209.999)))).toBe('invalid: until-ttl, client-died');
    expect(inShort(judge(leak, died().end(210)))).toBe('invalid: for-ever, outlived');
  });
  test('of a session that is longer than the TTL, twice its timeout', () => {
    const session = (endMs: number, server: string) =>
      story('A')
        .ttl(TTL_MS)
        .servers(server)
        .acquire('A', 0, { term: { ms: 300 } })
        .crash('A', 10)
        .end(endMs);
    expect(inShort(judge(leak, session(609, 'z1')))).toBe('invalid: until-ttl, client-died');
    expect(inShort(judge(leak, session(610, 'z1')))).toBe('invalid: for-ever, outlived');
    expect(inShort(judge(leak, session(210, 'r1')))).toBe('invalid: for-ever, outlived');
  });
  test('a session has twice the user timeout of its service', () => {
    const session = (endMs: number) =>
      story('A').ttl(TTL_MS).acquire('A', 0, { term: 'session' }).crash('A', 10).end(endMs);
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
    const told = () => story('A').ttl(TTL_MS).servers('r1', 'r2', 'r3').acquire('A', 0);
    const released = () => expired(told().release('A', 10, { on: ['r2', 'r3'], endMs: 12 }));
    expect(from(released())).toBe(12_000);
    expect(from(released().add(request(10, 150, { action: 'renew' })))).toBe(12_000);
    expect(from(released().add(request(10, 150, { server: 'r2' })))).toBe(12_000);
    expect(from(released().add(request(10, 150, { operation: 'A2' })))).toBe(12_000);
  });
  test('the application of a lease that came too late', () => {
    const told = story('A')
      .ttl(TTL_MS)
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
    const told = story('A').ttl(TTL_MS).acquire('A', 0, { endMs: null }).crash('A', 10);
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
    story('A', 'B').ttl(TTL_MS).servers('r1', 'r2', 'r3').acquire('A', 0).crash('A', 10);
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

test('R9 what is no leak does not count as one', () => {
  const told = died().acquire('B', 5).enter('B', 7).end(50);
  expect(judge(leak, told).details).toMatchObject({ leaks: 1 });
});

test('R9 of two equal leaks the first is reported', () => {
  const told = story('A')
    .ttl(TTL_MS)
    .servers('r1', 'r2', 'r3')
    .acquire('A', 0, { on: ['r3', 'r2'] })
    .crash('A', 10)
    .end(50);
  expect(judge(leak, told)).toMatchObject({ details: { server: 'r3', leaks: 2 } });
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

/** The order of holders, lost updates, and what is reported of resource safety (R12). */
import { describe, expect, test } from 'vitest';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { read, refused, two, write } from './access-records.js';
import { type Story, story } from './history-builder.js';
import { judge, witnessTypes } from './judging.js';

describe('R12 the order of grants is that of their quorum-th leases', () => {
  const quorum = (ackedMs: number | null) =>
    story('A', 'B')
      .servers('r1', 'r2', 'r3')
      .acquire('A', 0, { on: ['r1'], appliedMs: 1, ackedMs, endMs: 300 })
      .acquire('B', 0, { on: ['r2', 'r3', 'r1'], appliedMs: 30, ackedMs: 31 });
  const lease = (number: number, server: string, atMs: number) =>
    ({
      type: 'lease',
      atUs: atMs * 1000,
      lease: number,
      key: 'lock',
      server,
      host: 'A',
      incarnation: 1,
      operation: 'A1',
      sentAtUs: 0,
      termUs: 10_000_000,
      extends: false,
    }) as const;
  const stale = (told: Story) => told.add(write(2, 'B', 303)).add(write(1, 'A', 304));
  const acked = (number: number, atMs: number) =>
    ({ type: 'acked', atUs: atMs * 1000, lease: number }) as const;

  test('the second of three servers decides, not the first', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 40))
      .add(acked(91, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('valid');
  });

  test('nor the third', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add(acked(91, 21))
      .add(lease(92, 'r3', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('invalid');
  });

  test('a lease counts only if its client knew of it when it was granted', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add(acked(91, 301))
      .add(lease(92, 'r3', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('valid');
  });

  test('a lease made anew on the same server counts from then', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add(acked(91, 21))
      .add({ type: 'lease-end', atUs: 22_000, lease: 91, cause: 'lost' })
      .add(lease(92, 'r2', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('valid');
  });

  test('also if that server was the first, and others came between', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add(acked(91, 21))
      .add(lease(92, 'r1', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('valid');
  });

  test.each([
    ['given back by an earlier try does not count', 'released', 22, 'valid'],
    ['given back after the grant counts', 'released', 302, 'invalid'],
    ['the server lost counts', 'lost', 22, 'invalid'],
  ] as const)('a lease that was %s', (_what, cause, endMs, verdict) => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add(acked(91, 21))
      .add({ type: 'lease-end', atUs: endMs * 1000, lease: 91, cause })
      .add(lease(92, 'r3', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe(verdict);
  });

  test('the later of two servers decides, in whatever order they were asked first', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add(acked(91, 21))
      .add({ type: 'lease-end', atUs: 22_000, lease: 1, cause: 'released' })
      .add(lease(92, 'r1', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('valid');
  });

  test('an extension of a lease of which nothing is known counts itself', () => {
    const told = quorum(2)
      .add({ ...lease(91, 'r2', 20), extends: true })
      .add(acked(91, 21));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('invalid');
  });

  test('a lease whose reply was lost counts from its first application, once confirmed', () => {
    const told = quorum(2)
      .add(lease(91, 'r2', 20))
      .add({ ...lease(92, 'r2', 40), extends: true })
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('invalid');
  });

  test('without a quorum the last lease decides', () => {
    expect(judge(resourceSafety, stale(quorum(2))).verdict).toBe('invalid');
  });

  test('without any lease the end of the acquire decides', () => {
    expect(judge(resourceSafety, stale(quorum(null))).verdict).toBe('valid');
  });

  test('where leases are unseen the end of the acquire decides, whatever was seen', () => {
    const seen = stale(quorum(2)).history();
    const unseen = { server: 'r1', key: 'lock:tokens', holds: 'list' };
    expect(resourceSafety.check(indexHistory(seen)).verdict).toBe('invalid');
    expect(resourceSafety.check(indexHistory({ ...seen, unseen })).verdict).toBe('valid');
  });
});

test('R12 the witness is the last access of the later holder and the first stale one', () => {
  const told = two()
    .add(write(1, 'A', 3))
    .add(read(2, 'B', 10_004))
    .add(write(2, 'B', 10_005))
    .add(read(1, 'A', 10_006))
    .add(write(1, 'A', 10_007));
  const verdict = judge(resourceSafety, told);
  expect(verdict).toMatchObject({
    cause: 'late-read',
    offender: { host: 'A', operation: 'A1' },
    victim: { host: 'B', operation: 'B1' },
    details: { violations: 2 },
  });
  expect(witnessTypes(told, verdict)).toEqual(['access', 'access']);
  const times = verdict.witness.map((at) => told.history().records[at]!.atUs);
  expect(times).toEqual([10_005_000, 10_006_000]);
});

describe('R12 lost updates', () => {
  test('a write that did not see another one loses it', () => {
    const told = two()
      .enter('A', 2)
      .add(read(1, 'A', 3))
      .enter('B', 10_003)
      .add(read(2, 'B', 10_004))
      .add(write(2, 'B', 10_005))
      .exit('B', 10_006)
      .add(write(1, 'A', 10_007))
      .exit('A', 10_008);
    expect(judge(resourceSafety, told).details).toMatchObject({
      acceptedWrites: 2,
      completedSections: 2,
      finalCounter: 1,
      lostUpdates: 1,
    });
  });

  test('a stale write that saw everything loses nothing', () => {
    const told = two()
      .enter('B', 10_003)
      .add(read(2, 'B', 10_004))
      .add(write(2, 'B', 10_005))
      .leave('B', 10_006)
      .add(read(1, 'A', 10_007))
      .add(write(1, 'A', 10_008))
      .add(write(1, 'A', 10_009));
    expect(judge(resourceSafety, told).details).toMatchObject({
      acceptedWrites: 3,
      completedSections: 0,
      finalCounter: 3,
      lostUpdates: 0,
    });
  });

  test('a blind write counts on what is there', () => {
    const told = two()
      .add(write(2, 'B', 10_004))
      .add(write(1, 'A', 10_005));
    expect(judge(resourceSafety, told).details).toMatchObject({ finalCounter: 2, lostUpdates: 0 });
  });

  test('only accepted accesses of that place count', () => {
    const elsewhere = { resource: 'log' };
    const told = two()
      .add(read(1, 'A', 3))
      .add(write(1, 'A', 4, elsewhere))
      .add(write(2, 'B', 10_004, refused))
      .add(write(2, 'B', 10_005))
      .add(write(1, 'A', 10_006));
    expect(judge(resourceSafety, told).details).toMatchObject({
      acceptedWrites: 2,
      finalCounter: 1,
      lostUpdates: 1,
    });
  });

  test('a section that writes twice is completed once', () => {
    const told = two()
      .enter('A', 2)
      .enter('B', 10_003)
      .add(write(2, 'B', 10_004))
      .add(write(1, 'A', 10_005))
      .add(write(1, 'A', 10_006))
      .exit('A', 10_007)
      .exit('B', 10_008);
    expect(judge(resourceSafety, told).details).toMatchObject({
      acceptedWrites: 3,
      completedSections: 2,
    });
  });
});

test('R12 a run in which nobody reached the resource is not applicable', () => {
  expect(judge(resourceSafety, two())).toMatchObject({
    verdict: 'not-applicable',
    reason: 'nobody reached the resource',
  });
});

test('R12 a resource that refused everything is safe', () => {
  const told = two()
    .add(write(2, 'B', 10_004, refused))
    .add(write(1, 'A', 10_005, refused));
  expect(judge(resourceSafety, told).verdict).toBe('valid');
});

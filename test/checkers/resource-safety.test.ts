/** Resource safety: no access of an earlier holder after one of a later holder (R12). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import type { AccessRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge, RUNS, witnessTypes } from './judging.js';

/** Grants are numbered in the order in which a story tells them. */
const access = (
  grant: number,
  client: string,
  atMs: number,
  what: AccessRecord['access'],
  more: Partial<AccessRecord> = {},
): AccessRecord => ({
  type: 'access',
  atUs: atMs * 1000,
  resource: 'store',
  key: 'lock',
  access: what,
  client,
  grant,
  accepted: true,
  ...more,
});
const read = (grant: number, client: string, atMs: number, more: Partial<AccessRecord> = {}) =>
  access(grant, client, atMs, 'read', more);
const write = (grant: number, client: string, atMs: number, more: Partial<AccessRecord> = {}) =>
  access(grant, client, atMs, 'write', more);
const refused = { accepted: false };

/** A holds until its lease expires at 10 s; then B is granted. */
const two = () =>
  story('A', 'B').acquire('A', 0).leaseEnd('A', 10_000, 'expired').acquire('B', 10_001);
/** The same with tokens; the counter forgot A's grant in a failover. */
const fenced = (tokenA: number, tokenB: number) =>
  story('A', 'B')
    .fenced()
    .acquire('A', 0, { fencingToken: tokenA })
    .leaseEnd('A', 100, 'lost')
    .acquire('B', 101, { fencingToken: tokenB });

const accepted: readonly (readonly [name: string, () => Story])[] = [
  [
    'one section after the other',
    () =>
      two()
        .add(read(1, 'A', 3))
        .add(write(1, 'A', 5))
        .add(read(2, 'B', 10_004))
        .add(write(2, 'B', 10_006)),
  ],
  [
    'the late write of the earlier holder is refused',
    () =>
      two()
        .add(read(1, 'A', 3))
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005, refused)),
  ],
  [
    'the later holder was refused, so the earlier one is not late',
    () =>
      two()
        .add(write(2, 'B', 10_004, refused))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'sections overlap, and the resource never sees it',
    () =>
      two()
        .enter('A', 2)
        .enter('B', 10_003)
        .step('A', 10_004)
        .add(write(1, 'A', 10_002))
        .exit('A', 11_000),
  ],
  [
    'the accesses of one holder in any order',
    () =>
      two()
        .add(write(1, 'A', 3))
        .add(read(1, 'A', 4))
        .add(write(1, 'A', 4)),
  ],
  [
    'the earlier holder arrives first at the same instant',
    () =>
      two()
        .add(write(1, 'A', 10_004))
        .add(write(2, 'B', 10_004)),
  ],
  [
    'a stale write to another resource',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005, { resource: 'log' })),
  ],
  [
    'a stale write of another key',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005, { key: 'seat 2' })),
  ],
  [
    'the acquire that returned first was granted second',
    () =>
      story('A', 'B')
        .acquire('A', 0, { appliedMs: 50, ackedMs: 51 })
        .acquire('B', 1, { appliedMs: 2, ackedMs: 200 })
        .add(write(2, 'B', 201))
        .add(write(1, 'A', 202)),
  ],
  [
    'a renewal does not make the earlier grant the later one, nor the later one the earlier',
    () =>
      two()
        .renew('A', 5)
        .add(write(1, 'A', 9_000))
        .renew('B', 11_000)
        .add(write(2, 'B', 11_005)),
  ],
  [
    'fencing tokens count against the order of leases',
    () =>
      fenced(7, 3)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  [
    'the earlier holder writes late',
    'invalid: late-write',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'the earlier holder reads late',
    'invalid: late-read',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(read(1, 'A', 10_005)),
  ],
  [
    'the later holder has only read',
    'invalid: late-write',
    () =>
      two()
        .add(read(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'the earlier holder arrives second at the same instant',
    'invalid: late-write',
    () =>
      two()
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_004)),
  ],
  [
    'a write in flight arrives after its sender has died',
    'invalid: late-write',
    () =>
      two()
        .crash('A', 9_999)
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'the reply of the later grant was the first to arrive',
    'invalid: late-write',
    () =>
      story('A', 'B')
        .acquire('A', 0, { appliedMs: 50, ackedMs: 51 })
        .acquire('B', 1, { appliedMs: 2, ackedMs: 200 })
        .add(write(1, 'A', 60))
        .add(write(2, 'B', 201)),
  ],
  [
    'a renewal does not make the stale holder the later one',
    'invalid: late-write',
    () =>
      two()
        .renew('A', 10_002)
        .add(write(2, 'B', 10_004))
        .add(write(1, 'A', 10_005)),
  ],
  [
    'a fenced resource lets a lower token in',
    'invalid: late-write',
    () =>
      fenced(7, 8)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
  [
    'after a failover that forgot the counter, the later lease has the lower token',
    'invalid: late-write',
    () =>
      fenced(7, 3)
        .add(write(1, 'A', 103))
        .add(write(2, 'B', 104)),
  ],
  [
    'two grants with one token are told apart by their leases',
    'invalid: late-write',
    () =>
      fenced(7, 7)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
  [
    'tokens that not every holder has order nobody',
    'invalid: late-write',
    () =>
      story('A', 'B')
        .acquire('A', 0, { fencingToken: 9 })
        .leaseEnd('A', 100, 'lost')
        .acquire('B', 101)
        .add(write(2, 'B', 103))
        .add(write(1, 'A', 104)),
  ],
];

describe('resource-safety accepts', () => {
  test.each(accepted)('R12 %s', (_, told) => {
    expect(inShort(judge(resourceSafety, told()))).toBe('valid');
  });
});

describe('resource-safety rejects', () => {
  test.each(rejected)('R12 %s', (_, short, told) => {
    expect(inShort(judge(resourceSafety, told()))).toBe(short);
  });
});

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
      .add({ type: 'lease-end', atUs: 22_000, lease: 91, cause: 'released' })
      .add(lease(92, 'r2', 40))
      .add(acked(92, 41));
    expect(judge(resourceSafety, stale(told)).verdict).toBe('valid');
  });

  test('a lease whose reply was lost counts from its first application, once it is confirmed', () => {
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

describe('R12 resource-safety agrees with a comparison of all pairs of accesses', () => {
  const CLIENTS = ['A', 'B', 'C', 'D'];
  const touch = fc.record({ by: fc.nat(3), write: fc.boolean(), accepted: fc.boolean() });
  const histories = fc.record({
    appliedMs: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
    tokens: fc.array(fc.option(fc.nat(3), { freq: 6, nil: undefined }), {
      minLength: 4,
      maxLength: 4,
    }),
    touches: fc.array(touch, { maxLength: 6 }),
  });
  const seen = new Set<string>();

  property.prop([histories], RUNS)('on random accesses', ({ appliedMs, tokens, touches }) => {
    const told = story(...CLIENTS);
    CLIENTS.forEach((client, i) => {
      const fencingToken = tokens[i];
      const times = { appliedMs: appliedMs[i]!, ackedMs: 5 };
      told.acquire(client, 0, { ...times, ...(fencingToken !== undefined && { fencingToken }) });
    });
    touches.forEach(({ by, write: writes, accepted: ok }, i) => {
      told.add(access(by + 1, CLIENTS[by]!, 10 + i, writes ? 'write' : 'read', { accepted: ok }));
    });
    const byToken = touches.every(({ by }) => tokens[by] !== undefined);
    const key = (by: number) => (byToken ? tokens[by]! * 100 : 0) + appliedMs[by]! * 10 + by;
    const taken = touches.filter(({ accepted: ok }) => ok);
    const unsafe = taken.some((x, i) => taken.slice(0, i).some((y) => key(x.by) < key(y.by)));
    const { verdict } = judge(resourceSafety, told);
    seen.add(verdict);
    expect(verdict).toBe(touches.length === 0 ? 'not-applicable' : unsafe ? 'invalid' : 'valid');
  });
  test('and all outcomes occurred', () => {
    expect([...seen].sort()).toEqual(['invalid', 'not-applicable', 'valid']);
  });
});

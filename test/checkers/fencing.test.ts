/** Fencing: tokens increase with the order of leases and belong to one grant (R12). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { fencing } from '../../src/checkers/fencing.js';
import type { AccessRecord, EnterRecord } from '../../src/history.js';
import type { Verdict } from '../../src/verdict.js';
import { type AcquireTold, type Story, story } from './history-builder.js';
import { inShort, judge, RUNS, witnessTypes } from './judging.js';

/** A is granted, loses its lease to a failover, and B is granted. */
const two = (tokenA: number | undefined, tokenB: number | undefined, key = 'lock') =>
  story('A', 'B')
    .acquire('A', 0, withToken(tokenA))
    .leaseEnd('A', 50, 'lost')
    .acquire('B', 101, { key, ...withToken(tokenB) });
const withToken = (fencingToken: number | undefined): AcquireTold =>
  fencingToken === undefined ? {} : { fencingToken };

const access = (
  grant: number,
  client: string,
  atMs: number,
  fencingToken?: number,
): AccessRecord => ({
  type: 'access',
  atUs: atMs * 1000,
  resource: 'store',
  key: 'lock',
  access: 'write',
  client,
  grant,
  accepted: true,
  ...(fencingToken !== undefined && { fencingToken }),
});
const enter = (client: string, atMs: number, fencingToken: number): EnterRecord => ({
  type: 'enter',
  atUs: atMs * 1000,
  calledAtUs: atMs * 1000,
  grant: 1,
  client,
  incarnation: 1,
  operation: `${client}1`,
  key: 'lock',
  mode: 'exclusive',
  fencingToken,
});

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['each grant has a higher token than the one before', () => two(1, 2)],
  ['tokens may leave gaps, for grants whose reply was lost', () => two(1, 40)],
  ['tokens of two keys have nothing to do with each other', () => two(7, 3, 'other')],
  ['two keys may use the same token', () => two(7, 7, 'other')],
  [
    'the reply of the later grant is the first to arrive',
    () =>
      story('A', 'B')
        .acquire('A', 0, { fencingToken: 1, appliedMs: 1, ackedMs: 90 })
        .leaseEnd('A', 2, 'lost')
        .acquire('B', 3, { fencingToken: 2 }),
  ],
  ['a renewal keeps the token and the place', () => two(1, 2).renew('A', 110).renew('B', 120)],
  ['a refused acquire needs no token', () => two(1, 2).acquire('A', 200, { on: [], ends: 'fail' })],
  [
    'an acquire that ended uncertainly needs no token',
    () => two(1, 2).leaseEnd('B', 150, 'expired').acquire('A', 200, { ends: 'info' }),
  ],
  ['a pending acquire needs no token', () => two(1, 2).acquire('A', 200, { on: [], endMs: null })],
  [
    'sections and accesses carry the token of their grant',
    () =>
      two(1, 2)
        .add(enter('A', 3, 1))
        .add(access(1, 'A', 4, 1))
        .add(access(2, 'B', 105, 2)),
  ],
  ['an access may carry no token at all', () => two(1, 2).add(access(1, 'A', 4))],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  [
    'the counter is lost in a failover and starts again',
    'invalid: not-increasing',
    () => two(7, 1),
  ],
  ['two grants get the same token', 'invalid: reused', () => two(7, 7)],
  [
    'the counter is read after the lease was made, and the order is lost',
    'invalid: not-increasing',
    () =>
      story('A', 'B')
        .acquire('A', 0, { fencingToken: 2, appliedMs: 1, ackedMs: 90 })
        .leaseEnd('A', 2, 'lost')
        .acquire('B', 3, { fencingToken: 1 }),
  ],
  ['the first grant comes without a token', 'invalid: missing', () => two(undefined, 1)],
  ['the second grant comes without a token', 'invalid: missing', () => two(1, undefined)],
  [
    'an access carries the token of another grant',
    'invalid: foreign',
    () => two(1, 2).add(access(1, 'A', 105, 2)),
  ],
  [
    'a section is entered with another token',
    'invalid: foreign',
    () => two(1, 2).add(enter('A', 3, 9)),
  ],
  [
    'a lower token comes two grants after the higher one',
    'invalid: not-increasing',
    () => two(1, 9).leaseEnd('B', 150, 'expired').acquire('A', 200, { fencingToken: 5 }),
  ],
  [
    'leases of one instant are ordered as the server applied them',
    'invalid: not-increasing',
    () =>
      story('A', 'B')
        .acquire('A', 0, { fencingToken: 2, appliedMs: 1 })
        .acquire('B', 0, { fencingToken: 1, appliedMs: 1 }),
  ],
];

describe('fencing accepts', () => {
  test.each(accepted)('R12 %s', (_, told) => {
    expect(inShort(judge(fencing, told()))).toBe('valid');
  });
});

describe('fencing rejects', () => {
  test.each(rejected)('R12 %s', (_, short, told) => {
    expect(inShort(judge(fencing, told()))).toBe(short);
  });
});

test('R12 both grants, their tokens and their leases are named', () => {
  const told = two(7, 1);
  const verdict = judge(fencing, told);
  expect(verdict).toMatchObject({
    offender: { host: 'B', operation: 'B1' },
    victim: { host: 'A', operation: 'A1' },
    details: {
      key: 'lock',
      violations: 1,
      fencingToken: 1,
      earlierFencingToken: 7,
      grantedAtUs: 101_500,
    },
  });
  expect(witnessTypes(told, verdict)).toEqual(['lease', 'ok', 'lease', 'ok']);
});

test('R12 a missing token is shown with the lease and the grant, and hurts nobody else', () => {
  const told = two(1, undefined);
  const verdict = judge(fencing, told);
  expect(verdict).toMatchObject({ offender: { host: 'B', operation: 'B1' } });
  expect(verdict.victim).toBeUndefined();
  expect(verdict.details).toStrictEqual({ key: 'lock', violations: 1, grantedAtUs: 101_500 });
  expect(witnessTypes(told, verdict)).toEqual(['lease', 'ok']);
});

test('R12 a foreign token is shown with the grant and its first use', () => {
  const told = two(1, 2)
    .add(access(1, 'A', 106, 2))
    .add(access(1, 'A', 105, 2));
  const verdict = judge(fencing, told);
  expect(verdict).toMatchObject({
    offender: { host: 'A', operation: 'A1' },
    details: { violations: 2 },
  });
  expect(witnessTypes(told, verdict)).toEqual(['ok', 'access']);
  expect(told.history().records[verdict.witness[1]!]!.atUs).toBe(105_000);
});

test('R12 a section that carries a foreign token shows when it is entered', () => {
  const told = two(1, 2)
    .add(access(1, 'A', 2, 9))
    .add(enter('A', 3, 9));
  const verdict = judge(fencing, told);
  expect(witnessTypes(told, verdict)).toEqual(['ok', 'access']);
});

test('R12 of several violations the one that shows first is reported', () => {
  const told = two(7, 1).add(access(1, 'A', 4, 9));
  expect(judge(fencing, told)).toMatchObject({ cause: 'foreign', details: { violations: 2 } });
});

test('R12 a grant without any lease is placed by the end of its acquire', () => {
  const told = story('A', 'B')
    .acquire('A', 0, { on: [], endMs: 90, fencingToken: 1 })
    .acquire('B', 1, { fencingToken: 2 });
  const verdict = judge(fencing, told);
  expect(inShort(verdict)).toBe('invalid: not-increasing');
  expect(witnessTypes(told, verdict)).toEqual(['lease', 'ok', 'ok']);
});

test.each([
  ['no grant carries a token', two(undefined, undefined)],
  ['nothing was granted', story('A').acquire('A', 0, { on: [], ends: 'fail' })],
])('R12 not applicable where %s', (_, told) => {
  expect(judge(fencing, told)).toMatchObject({
    verdict: 'not-applicable',
    reason: 'no grant carried a fencing token',
  });
});

interface RandomGrant {
  readonly fencingToken: number;
  readonly appliedMs: number;
  readonly key: string;
  readonly ok: boolean;
}
const randomGrants: fc.Arbitrary<RandomGrant[]> = fc.array(
  fc.record({
    fencingToken: fc.integer({ min: 1, max: 9 }),
    appliedMs: fc.integer({ min: 1, max: 4 }),
    key: fc.constantFrom('lock', 'other'),
    ok: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Compares all pairs of grants. */
function outcome(grants: readonly RandomGrant[]): Verdict {
  const order = grants.filter(({ ok }) => ok).toSorted((a, b) => a.appliedMs - b.appliedMs);
  const broken = order.some((b, i) =>
    order.slice(0, i).some((a) => a.key === b.key && a.fencingToken >= b.fencingToken),
  );
  if (order.length === 0) return 'not-applicable';
  return broken ? 'invalid' : 'valid';
}

property.prop([randomGrants], RUNS)(
  'R12 fencing agrees with a comparison of all pairs of grants',
  (grants) => {
    const told = story('A');
    for (const { fencingToken, appliedMs, key, ok } of grants) {
      const ends = ok ? 'ok' : 'fail';
      told.acquire('A', 0, { fencingToken, appliedMs, ackedMs: 5, key, ends });
    }
    expect(judge(fencing, told).verdict).toBe(outcome(grants));
  },
);

test('R12 every verdict occurs among those grants', () => {
  const seen = new Set(fc.sample(randomGrants, RUNS).map(outcome));
  expect([...seen].sort()).toEqual(['invalid', 'not-applicable', 'valid']);
});

/** Fairness: who may be granted before whom, by the places they took (R20). */
import { describe, expect, test } from 'vitest';
import { fairness } from '../../src/checkers/fairness.js';
import { checkAll } from '../../src/checkers/merge.js';
import { type AcquireTold, type Story, story } from './history-builder.js';
import { inShort, judge } from './judging.js';
import { queued } from './nested-records.js';

const begin = (declares: object = {}) =>
  story('A', 'B', 'C', 'D').declares({ fairness: 'enqueue-order', ...declares });
/** The client calls, and is granted or ends otherwise at `endMs`; it gets no lease before. */
const calls = (
  told: Story,
  client: string,
  atMs: number,
  endMs: number | null,
  more: AcquireTold = {},
) =>
  told.acquire(client, atMs, {
    endMs,
    waitMs: null,
    appliedMs: (endMs ?? 900) - 0.5,
    ackedMs: null,
    ...more,
  });
/** A calls at 0 and has its place at 1 ms; B calls at 2 and has its place at 3 ms. */
const line = (declares: object = {}, aEnds: number | null = null, a: AcquireTold = {}) =>
  calls(begin(declares), 'A', 0, aEnds, a).add(
    queued('A1', 1, 'enqueued', { mode: a.mode ?? 'exclusive' }),
  );
const both = (
  bEnds: number,
  declares: object = {},
  aEnds: number | null = null,
  a: AcquireTold = {},
  b: AcquireTold = {},
) =>
  calls(line(declares, aEnds, a), 'B', 2, bEnds, b).add(
    queued('B1', 3, 'enqueued', { mode: b.mode ?? 'exclusive' }),
  );
const shared = { mode: 'shared' } as const;

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['in the order of their places', () => both(20, {}, 10).end(30)],
  [
    'the first has been taken out, and hears of it later',
    () =>
      both(10, {}, 20)
        .add(queued('A1', 5, 'granted'))
        .add(queued('B1', 9, 'granted')),
  ],
  ['the first has left', () => both(10).add(queued('A1', 8, 'left'))],
  ['the place of the first has expired', () => both(10).add(queued('A1', 8, 'expired'))],
  ['its place was removed', () => both(10).add(queued('A1', 8, 'removed'))],
  ['the first has given up, and its place stands', () => both(10, {}, 8, { ends: 'fail' })],
  ['the call of the first was lost', () => both(10, {}, 8, { ends: 'info' })],
  ['the first died, and its place stands', () => both(10).crash('A', 8)],
  ['the time of the first is over', () => both(10, {}, null, { waitMs: 10 }).end(50)],
  ['two readers', () => both(10, { readWrite: true }, 20, shared, shared)],
  [
    'the first came back, and stands behind',
    () =>
      both(10)
        .add(queued('A1', 4, 'left'))
        .add(queued('A1', 5)),
  ],
  ['with two permits, the second learns of it first', () => both(10, { permits: 2 }, 20)],
  [
    'with two permits, who queued again has one before him, and not himself',
    () =>
      calls(calls(begin({ permits: 2 }), 'A', 0, 10), 'B', 2, 20)
        .add(queued('A1', 1))
        .add(queued('B1', 3))
        .add(queued('A1', 5)),
  ],
  [
    'who takes no place is granted before the first takes its own, and hears of it later',
    () => calls(line(), 'B', 0, 10, { appliedMs: 0.5, ackedMs: 9 }),
  ],
  ['a place for another lock', () => calls(line(), 'B', 2, 10, { key: 'other' }).end(20)],
  [
    'the first, in a new session, stands behind, and only then the old one ends',
    () =>
      calls(calls(begin(), 'A', 0, 20), 'B', 2, 10)
        .add(queued('A1', 1))
        .add(queued('B1', 3))
        .add(queued('A1', 5))
        .add(queued('A1', 8, 'expired')),
  ],
  [
    'readers, whatever the plan of the one before was',
    () =>
      calls(line({ readWrite: true }, 20, shared), 'B', 2, 10, shared)
        .add(queued('A1', 1.5, 'left'))
        .add(queued('A1', 1.6, 'enqueued', { mode: 'exclusive' }))
        .add(queued('B1', 3, 'enqueued', { mode: 'exclusive' })),
  ],
  [
    'a place that nobody has taken for an acquire',
    () => calls(begin(), 'B', 2, 10).add(queued('C7', 1)).add(queued('B1', 3)),
  ],
  [
    'a place of another incarnation',
    () =>
      calls(line().add(queued('A1', 2, 'left')), 'B', 2, 10)
        .add(queued('A1', 2, 'enqueued', { incarnation: 2 }))
        .add(queued('B1', 3)),
  ],
];

const rejected: readonly (readonly [
  name: string,
  inShort: string,
  witness: string,
  () => Story,
])[] = [
  [
    'granted while the first waits',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10).end(20),
  ],
  [
    'the first is granted after it',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10, {}, 20),
  ],
  [
    'taken out before the first',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, dequeued 6',
    () =>
      both(10, {}, 20)
        .add(queued('B1', 6, 'granted'))
        .add(queued('A1', 8, 'granted')),
  ],
  [
    'taken out while the first waits, which then leaves',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, dequeued 6',
    () =>
      both(10)
        .add(queued('B1', 6, 'granted'))
        .add(queued('A1', 8, 'left')),
  ],
  [
    'the first leaves too late',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10).add(queued('A1', 11, 'left')),
  ],
  [
    'the first dies too late',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10).crash('A', 11),
  ],
  [
    'the first gives up too late',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10, {}, 12, { ends: 'fail' }),
  ],
  [
    'its time is not over yet',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10, {}, null, { waitMs: 11 }).end(50),
  ],
  [
    'its own clock says that its time is not over',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10, {}, null, { waitMs: 9 }).clock('A', 'mono', 0, 0, -500_000).end(50),
  ],
  [
    'who takes no place passes everybody',
    'invalid: not-queued',
    'enqueued 1, lease 9.5',
    () => calls(line(), 'B', 2, 10, { ackedMs: 9.8 }).end(20),
  ],
  [
    'a place in another queue of the lock is none in this one',
    'invalid: not-queued',
    'enqueued 1, lease 9.5',
    () =>
      calls(line(), 'B', 2, 10, { ackedMs: 9.8 })
        .add(queued('B1', 3, 'enqueued', { key: 'x' }))
        .end(20),
  ],
  [
    'its time, from its own call on, is not over yet',
    'invalid: overtaken',
    'enqueued 6, enqueued 8, ok 14',
    () =>
      calls(calls(begin(), 'A', 5, null, { waitMs: 10 }), 'B', 7, 14)
        .add(queued('A1', 6))
        .add(queued('B1', 8))
        .end(50),
  ],
  [
    'a writer before a reader',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10, { readWrite: true }, 20, shared),
  ],
  [
    'a reader before a writer',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, ok 10',
    () => both(10, { readWrite: true }, 20, {}, shared),
  ],
  [
    'the old place of the first has ended, and its new one stands before',
    'invalid: overtaken',
    'enqueued 3, enqueued 4, ok 10',
    () =>
      calls(calls(begin(), 'A', 0, 20), 'B', 2, 10)
        .add(queued('A1', 1))
        .add(queued('A1', 3))
        .add(queued('B1', 4))
        .add(queued('A1', 5, 'expired')),
  ],
  [
    'with two permits, the third before the second',
    'invalid: overtaken',
    'enqueued 1, enqueued 5, ok 10',
    () => calls(both(20, { permits: 2 }), 'C', 4, 10).add(queued('C1', 5)),
  ],
  [
    'with two permits, taken out before the first',
    'invalid: overtaken',
    'enqueued 1, enqueued 3, dequeued 6',
    () => both(10, { permits: 2 }, 20).add(queued('B1', 6, 'granted')),
  ],
  [
    'its second place counts, not the one that it left',
    'invalid: overtaken',
    'enqueued 2, enqueued 4, ok 10',
    () =>
      calls(calls(begin(), 'A', 0, null), 'B', 0, 10)
        .add(queued('B1', 1))
        .add(queued('A1', 2))
        .add(queued('B1', 3, 'left'))
        .add(queued('B1', 4)),
  ],
];

describe('fairness accepts', () => {
  test.each(accepted)('R20 %s', (_name, told) => {
    expect(inShort(judge(fairness, told()))).toBe('valid');
  });
});

describe('fairness rejects', () => {
  test.each(rejected)('R20 %s', (_name, short, shown, told) => {
    const verdict = judge(fairness, told());
    expect(inShort(verdict)).toBe(short);
    const { records } = told().history();
    const where = verdict.witness.map((at) => `${records[at]!.type} ${records[at]!.atUs / 1_000}`);
    expect(where.join(', ')).toBe(shown);
  });
});

test('R20 nobody passes itself, and a place that was never taken does not end', () => {
  const told = calls(begin(), 'B', 0, 10)
    .add(queued('B1', 1))
    .add(queued('B1', 2))
    .add(queued('C1', 3, 'left'))
    .add(queued('B1', 5, 'granted'));
  expect(judge(fairness, told).verdict).toBe('valid');
});

test('R20 what happens first counts, in whichever queue', () => {
  const told = calls(calls(both(10), 'C', 4, 20), 'D', 4.2, null)
    .add(queued('D1', 0.5 + 4, 'enqueued', { key: 'another' }))
    .add(queued('C1', 5, 'enqueued', { key: 'another' }));
  expect(judge(fairness, told.end(50)).offender?.host).toBe('B');
  const late = calls(calls(begin(), 'A', 0, null), 'B', 0, 20)
    .add(queued('A1', 1))
    .add(queued('B1', 2));
  const other = calls(calls(late, 'C', 3, null, { key: 'other' }), 'D', 3, 10, { key: 'other' })
    .add(queued('C1', 4, 'enqueued', { key: 'another' }))
    .add(queued('D1', 5, 'enqueued', { key: 'another' }));
  const { offender, victim } = judge(fairness, other.end(50));
  expect([offender?.host, victim?.host]).toEqual(['D', 'C']);
});

test('R20 of three servers, a majority must have queued them so', () => {
  const at = (told: Story, operation: string, atMs: number, server: string) =>
    told.add(queued(operation, atMs, 'enqueued', { server }));
  const told = (first: readonly string[]) => {
    const one = calls(calls(begin().servers('r1', 'r2', 'r3'), 'A', 0, null), 'B', 0, 10);
    for (const server of ['r1', 'r2', 'r3']) {
      at(one, 'A1', first.includes(server) ? 1 : 5, server);
      at(one, 'B1', 3, server);
    }
    return one;
  };
  expect(judge(fairness, told(['r2'])).verdict).toBe('valid');
  expect(judge(fairness, told(['r2', 'r3'])).verdict).toBe('invalid');
});

test('R20 the verdict names both, when, and the first of several', () => {
  const told = calls(both(10), 'C', 4, 12).add(queued('C1', 5));
  const { offender, victim, details } = judge(fairness, told.end(50));
  expect(offender).toEqual({ host: 'B', operation: 'B1' });
  expect(victim).toEqual({ host: 'A', operation: 'A1' });
  expect(details).toEqual({
    key: 'lock',
    server: 'r1',
    violations: 2,
    queuedAtUs: 1_000,
    grantedAtUs: 10_000,
    ownPlaceAtUs: 3_000,
  });
  const barged = judge(fairness, calls(line(), 'B', 2, 10, { ackedMs: 9.8 }).end(20));
  expect(barged.details).not.toHaveProperty('ownPlaceAtUs');
});

test('R20 it is judged of a lock that declares it, and only if there was a queue', () => {
  const judged = (told: Story) => checkAll(told.history(), [fairness]).properties;
  expect(judged(both(10).declares({}))).toEqual([]);
  expect(judged(both(10))).toMatchObject([{ verdict: 'invalid' }]);
  expect(judged(begin().acquire('A', 0))).toMatchObject([
    { verdict: 'not-applicable', reason: 'nobody stood in a queue' },
  ]);
});

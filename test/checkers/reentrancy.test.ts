/** Reentrancy: what a holder that acquires again may expect, and when it may not (R19). */
import { describe, expect, test } from 'vitest';
import { checkAll } from '../../src/checkers/merge.js';
import { reentrancy } from '../../src/checkers/reentrancy.js';
import type { FaultRecord } from '../../src/history.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge } from './judging.js';
import { type NestedTold, nestedAcquire, nestedRelease, withAll } from './nested-records.js';

/** Six messages of 1 ms: so long may a nested acquire take at one server. */
const PROMPT_MS = 6;

const inside = (...servers: string[]) =>
  story('A', 'B')
    .declares({ reentrant: true })
    .servers(...(servers.length === 0 ? ['r1'] : servers))
    .acquire('A', 0)
    .enter('A', 2);
/** A acquires again at 100 ms. */
const again = (told: NestedTold = {}, ...servers: string[]) =>
  withAll(inside(...servers), nestedAcquire(100, told));
const fault = (
  edge: FaultRecord['edge'],
  atMs: number,
  name = 'f1',
  faultClass: FaultRecord['class'] = 'clock-drift',
): FaultRecord => ({
  type: 'fault',
  atUs: atMs * 1_000,
  fault: name,
  class: faultClass,
  edge,
});
const refusedAt = (endMs: number, told: NestedTold = {}) => again({ endMs, ends: 'fail', ...told });
const THREE = ['r1', 'r2', 'r3'];

/** A acquires again at 9,998 ms, is granted at 10,001 ms, and gives that back. */
const acrossTheEnd = (isOver: boolean) => {
  const told = withAll(inside(), nestedAcquire(9_998, { endMs: 10_002 }));
  if (isOver) told.leaseEnd('A', 10_000, 'expired');
  return told
    .renew('A', 9_998, { appliedMs: 10_000.5, ackedMs: 10_001, extends: !isOver })
    .leaseEnd('A', 10_005, 'released', { by: 'A' })
    .exit('A', 10_010);
};

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['granted at once, and given back', () => withAll(again(), nestedRelease(105)).exit('A', 110)],
  ['granted within six messages', () => again({ endMs: 100 + PROMPT_MS }).end(200)],
  ['within six messages to each server', () => again({ endMs: 118 }, ...THREE).end(200)],
  ['the end of the run came before it had to be granted', () => again({ endMs: null }).end(106)],
  [
    'refused when the term was over',
    () => withAll(inside(), nestedAcquire(10_000, { ends: 'fail' })),
  ],
  [
    'refused after the lock was taken away',
    () => refusedAt(101).acquire('B', 20).leaseEnd('A', 50, 'deleted', { by: 'B' }),
  ],
  ['given back whole, made anew after the lock was over', () => acrossTheEnd(true)],
  ['refused after the server forgot it', () => refusedAt(101).leaseEnd('A', 50, 'lost')],
  [
    'refused after a majority forgot it',
    () =>
      again({ ends: 'fail' }, ...THREE)
        .leaseEnd('A', 50, 'lost', { server: 'r1' })
        .leaseEnd('A', 51, 'lost', { server: 'r2' }),
  ],
  ['refused after it was told', () => refusedAt(101).told('A', 50)],
  [
    'late, having waited while a fault was under way',
    () => again({ endMs: 900 }).add(fault('start', 50)),
  ],
  [
    'late, and a fault ended while it waited',
    () => again({ endMs: 900 }).add(fault('start', 50)).add(fault('end', 100)),
  ],
  [
    'late, and of two faults the one that began first lasts longer',
    () =>
      again({ endMs: 900 })
        .add(fault('start', 20))
        .add(fault('start', 30, 'f2'))
        .add(fault('end', 40, 'f2'))
        .add(fault('end', 300)),
  ],
  ['late, and a fault began when it was due', () => again({ endMs: 900 }).add(fault('start', 106))],
  ['late, having slept', () => again({ endMs: 900 }).pause('A', 103, 800)],
  ['it is not known what came of it', () => again({ endMs: 101, ends: 'info' })],
  [
    'the outermost release ends the lease',
    () => withAll(again(), nestedRelease(105)).exit('A', 110).release('A', 111),
  ],
  [
    'its own request ends the lease on one server of three',
    () =>
      again({}, ...THREE)
        .leaseEnd('A', 105, 'released', { server: 'r2', by: 'A' })
        .end(200),
  ],
  [
    'the lease ends by another client',
    () => again().acquire('B', 20).leaseEnd('A', 105, 'deleted', { by: 'B' }),
  ],
  ['the lease expires', () => again().leaseEnd('A', 105, 'expired')],
  [
    'its own request replaces the lease by another',
    () => again().leaseEnd('A', 105, 'overwritten', { by: 'A' }),
  ],
];

const rejected: readonly (readonly [
  name: string,
  inShort: string,
  witness: string,
  () => Story,
])[] = [
  ['refused', 'invalid: refused', 'invoke 100, fail 101', () => refusedAt(101)],
  [
    'refused in time, at the last instant',
    'invalid: refused',
    'invoke 100, fail 106',
    () => refusedAt(106),
  ],
  [
    'a fault was over before',
    'invalid: refused',
    'invoke 100, fail 101',
    () => refusedAt(101).add(fault('start', 50)).add(fault('end', 99)),
  ],
  [
    'a fault came after',
    'invalid: refused',
    'invoke 100, fail 101',
    () => refusedAt(101).add(fault('start', 102)),
  ],
  [
    'it slept before, and after',
    'invalid: refused',
    'invoke 100, fail 101',
    () => refusedAt(101).pause('A', 50, 99).pause('A', 102, 200),
  ],
  [
    'another client slept',
    'invalid: refused',
    'invoke 100, fail 101',
    () => refusedAt(101).pause('B', 50, 200),
  ],
  [
    'refused though a majority has it',
    'invalid: refused',
    'invoke 100, fail 101',
    () => again({ ends: 'fail' }, ...THREE).leaseEnd('A', 50, 'lost', { server: 'r1' }),
  ],
  ['granted 1 ms late', 'invalid: waited', 'invoke 100', () => again({ endMs: 107 })],
  ['never answered', 'invalid: waited', 'invoke 100', () => again({ endMs: null }).end(107)],
  ['refused late', 'invalid: waited', 'invoke 100', () => refusedAt(900)],
  [
    'dropped by the inner release',
    'invalid: dropped',
    'invoke 105, lease-end 106',
    () =>
      withAll(again(), nestedRelease(105, { endMs: 108 }))
        .leaseEnd('A', 106, 'released', { by: 'A' })
        .exit('A', 110),
  ],
  [
    'dropped after an extension',
    'invalid: dropped',
    'invoke 9998, lease-end 10005',
    () => acrossTheEnd(false),
  ],
  [
    'dropped by the acquire, which cleaned up',
    'invalid: dropped',
    'invoke 100, lease-end 103',
    () => again({ endMs: 104, ends: 'info' }).leaseEnd('A', 103, 'deleted', { by: 'A' }),
  ],
  [
    'dropped on the second of three servers',
    'invalid: dropped',
    'invoke 100, lease-end 107',
    () =>
      again({}, ...THREE)
        .leaseEnd('A', 105, 'released', { server: 'r2', by: 'A' })
        .leaseEnd('A', 107, 'released', { server: 'r3', by: 'A' }),
  ],
];

describe('reentrancy accepts', () => {
  test.each(accepted)('R19 %s', (_name, told) => {
    expect(inShort(judge(reentrancy, told()))).toBe('valid');
  });
});

describe('reentrancy rejects', () => {
  test.each(rejected)('R19 %s', (_name, short, shown, told) => {
    const verdict = judge(reentrancy, told());
    expect(inShort(verdict)).toBe(short);
    const { records } = told().history();
    const where = verdict.witness.map((at) => `${records[at]!.type} ${records[at]!.atUs / 1_000}`);
    expect(where.join(', ')).toBe(shown);
    expect(verdict.offender).toEqual({ host: 'A', operation: 'A1' });
  });
});

test.each([
  ['pause', 'invalid'],
  ['clock-step', 'invalid'],
  ['clock-drift', 'invalid'],
  ['delay', 'valid'],
  ['partition', 'valid'],
  ['server-error', 'valid'],
  ['failover', 'valid'],
] as const)('R19 after the end of a fault: %s, and it is %s', (faultClass, verdict) => {
  const told = refusedAt(101)
    .add(fault('start', 50, 'f1', faultClass))
    .add(fault('end', 60, 'f1', faultClass));
  expect(judge(reentrancy, told).verdict).toBe(verdict);
});

test('R19 the verdict says what a narrative needs, and the first of several shows', () => {
  const told = withAll(
    again({ ends: 'fail' }),
    nestedAcquire(200, { id: 102, ends: 'fail', mode: 'shared' }),
  );
  expect(judge(reentrancy, told).details).toEqual({
    key: 'lock',
    violations: 2,
    atUs: 101_000,
    mode: 'exclusive',
    invokedAtUs: 100_000,
    reason: '',
  });
  const waited = judge(reentrancy, again({ endMs: null }).end(200)).details;
  expect(waited).toMatchObject({ atUs: 106_000, dueUs: 106_000 });
  const dropped = withAll(again(), nestedRelease(105)).leaseEnd('A', 105.5, 'released', {
    by: 'A',
  });
  expect(judge(reentrancy, dropped).details).toMatchObject({
    by: 'release',
    server: 'r1',
    violations: 1,
  });
  const dropsFirst = judge(reentrancy, refusedAt(105).leaseEnd('A', 103, 'released', { by: 'A' }));
  expect(dropsFirst.cause).toBe('dropped');
});

test('R19 what shows first counts, not what is found first', () => {
  const told = again()
    .leaseEnd('A', 103, 'released', { by: 'A' })
    .renew('A', 110, { extends: false });
  const both = withAll(told, nestedAcquire(120, { id: 102, ends: 'fail' }));
  const { cause, details } = judge(reentrancy, both);
  expect([cause, details?.['violations']]).toEqual(['dropped', 2]);
});

test.each([{ host: 'B' }, { incarnation: 2 }, { operation: 'A9' }])(
  'R19 a lease that somebody else ended is not dropped by its holder: %o',
  (other) => {
    const history = again().leaseEnd('A', 105, 'deleted', { by: 'A' }).history();
    const records = history.records.map((record) =>
      record.type === 'lease-end' ? { ...record, by: { ...record.by!, ...other } } : record,
    );
    expect(judge(reentrancy, history).cause).toBe('dropped');
    expect(judge(reentrancy, { ...history, records }).verdict).toBe('valid');
  },
);

test('R19 it is judged of a lock that declares it, and only if somebody acquired again', () => {
  const judged = (told: Story, declares: object) =>
    checkAll(told.declares(declares).history(), [reentrancy]).properties;
  expect(judged(refusedAt(101), {})).toEqual([]);
  expect(judged(refusedAt(101), { reentrant: true })).toMatchObject([{ verdict: 'invalid' }]);
  expect(judged(inside(), { reentrant: true })).toMatchObject([
    { verdict: 'not-applicable', reason: 'nobody acquired again what it held' },
  ]);
});

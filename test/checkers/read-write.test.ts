/** Readers and writers: what excludes what, and that the rest is mutual exclusion (R17). */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { checkAll } from '../../src/checkers/merge.js';
import { readWrite } from '../../src/checkers/read-write.js';
import type { History, Mode } from '../../src/history.js';
import { arbitraryHistory } from './arbitrary-history.js';
import { type Story, story } from './history-builder.js';
import { inShort, judge, RUNS } from './judging.js';
import { oracle } from './mutual-exclusion-oracle.js';
import { nestedAcquire, nestedAct, withAll } from './nested-records.js';

const begin = (...clients: string[]) => story(...clients).declares({ readWrite: true });
/** A is inside in this mode, with a lease until 10 s. */
const inside = (mode: Mode) => begin('A', 'B', 'C').acquire('A', 0, { mode }).enter('A', 2);
/** B comes in beside it, and A goes on. */
const beside = (first: Mode, second: Mode) =>
  inside(first).acquire('B', 4, { mode: second }).enter('B', 6).step('A', 8);

const accepted: readonly (readonly [name: string, () => Story])[] = [
  ['readers together', () => beside('shared', 'shared')],
  [
    'three readers, who come and go',
    () =>
      beside('shared', 'shared').acquire('C', 9, { mode: 'shared' }).enter('C', 11).exit('A', 12),
  ],
  [
    'a writer after the readers',
    () => beside('shared', 'shared').exit('A', 9).exit('B', 10).acquire('C', 11).enter('C', 13),
  ],
  [
    'a reader after the writer',
    () => inside('exclusive').exit('A', 3).acquire('B', 4, { mode: 'shared' }).enter('B', 6),
  ],
  [
    'a writer of another key',
    () => inside('shared').acquire('B', 4, { key: 'other' }).enter('B', 6),
  ],
  [
    'R19 a writer that acquires again to read',
    () =>
      withAll(inside('exclusive'), [
        ...nestedAcquire(3, { mode: 'shared' }),
        nestedAct('enter', 5, { mode: 'shared' }),
        nestedAct('exit', 6),
      ]).step('A', 7),
  ],
];

const rejected: readonly (readonly [name: string, inShort: string, () => Story])[] = [
  ['a writer beside a reader', 'invalid: double-grant', () => beside('shared', 'exclusive')],
  ['a reader beside a writer', 'invalid: double-grant', () => beside('exclusive', 'shared')],
  ['two writers', 'invalid: double-grant', () => beside('exclusive', 'exclusive')],
  [
    'a reader that slept past its lease while a writer came and went',
    'invalid: stale-belief',
    () =>
      inside('shared')
        .pause('A', 3, 12_000)
        .leaseEnd('A', 10_001, 'expired')
        .acquire('B', 10_002)
        .enter('B', 10_004)
        .exit('B', 10_006)
        .step('A', 12_001),
  ],
  [
    'a reader that was paused inside the call',
    'invalid: inherent-overlap, pause-inside-call',
    () =>
      inside('shared')
        .pause('A', 3, 12_000)
        .leaseEnd('A', 10_001, 'expired')
        .acquire('B', 10_002)
        .enter('B', 10_004)
        .step('A', 12_000, { calledMs: 3 }),
  ],
  [
    'R19 the read lock given back took the write lock along',
    'invalid: double-grant',
    () =>
      withAll(inside('exclusive'), nestedAcquire(3, { mode: 'shared' }))
        .leaseEnd('A', 5, 'released', { by: 'A' })
        .acquire('B', 6, { mode: 'shared' })
        .enter('B', 8)
        .step('A', 9),
  ],
];

describe('read-write accepts', () => {
  test.each(accepted)('R17 %s', (_name, told) => {
    expect(inShort(judge(readWrite, told()))).toBe('valid');
  });
});

describe('read-write rejects', () => {
  test.each(rejected)('R17 %s', (_name, short, told) => {
    const verdict = judge(readWrite, told());
    expect(inShort(verdict)).toBe(short);
    expect(verdict.property).toBe('read-write');
  });
});

test('R17 it is judged of a lock that declares it, and not beside permits', () => {
  const judged = (declares: object) =>
    checkAll(story('A').declares(declares).acquire('A', 0).history(), [readWrite]).properties;
  expect(judged({})).toEqual([]);
  expect(judged({ readWrite: true })).toMatchObject([{ property: 'read-write', verdict: 'valid' }]);
  expect(judged({ readWrite: true, permits: 2 })).toEqual([]);
});

/** The history with the operations whose bit is set in shared mode. */
function inModes(history: History, bits: number): History {
  const records = history.records.map((record) => {
    const id = record.type === 'invoke' ? record.call : record.type === 'enter' ? record.grant : 0;
    if (record.type !== 'invoke' && record.type !== 'enter') return record;
    const mode: Mode = (bits >> id) & 1 ? 'shared' : 'exclusive';
    return { ...record, mode };
  });
  return { ...history, records };
}

property.prop([arbitraryHistory, fc.nat(255)], { ...RUNS, numRuns: 1_000 })(
  'R17 verdict, class, cause and witness are those of every pair of sections, in any modes',
  (history, bits) => {
    const mixed = inModes(history, bits);
    const { verdict, class: name, cause, witness } = judge(readWrite, mixed);
    expect({ verdict, class: name, cause, witness }).toEqual({
      class: undefined,
      cause: undefined,
      ...oracle(mixed),
    });
  },
);

/** Hand-made stories of the properties that only some locks declare (R17 to R20). */
import { fairness } from '../../src/checkers/fairness.js';
import { permits } from '../../src/checkers/permits.js';
import { readWrite } from '../../src/checkers/read-write.js';
import { reentrancy } from '../../src/checkers/reentrancy.js';
import type { Mode } from '../../src/history.js';
import { story } from '../checkers/history-builder.js';
import {
  nestedAcquire,
  nestedAct,
  nestedRelease,
  queued,
  withAll,
} from '../checkers/nested-records.js';
import type { Told } from './stories.js';

const entered = (mode: Mode) =>
  story('A', 'B', 'C').declares({ readWrite: true }).acquire('A', 0, { mode }).enter('A', 2);
const two = () =>
  story('A', 'B', 'C')
    .declares({ permits: 2 })
    .acquire('A', 0)
    .enter('A', 2)
    .acquire('B', 10)
    .enter('B', 12);
const holder = () => story('A', 'B').declares({ reentrant: true }).acquire('A', 0).enter('A', 2);
const line = () =>
  story('A', 'B')
    .declares({ fairness: 'enqueue-order' })
    .acquire('A', 0, { on: [], waitMs: null, endMs: 20 })
    .add(queued('A1', 1));

export const DECLARED_STORIES: readonly Told[] = [
  {
    name: 'a writer beside a reader',
    checker: readWrite,
    tell: () => entered('shared').acquire('B', 4).enter('B', 6).step('A', 8),
  },
  {
    name: 'two writers',
    checker: readWrite,
    tell: () => entered('exclusive').acquire('B', 4).enter('B', 6).step('A', 8),
  },
  {
    name: 'a reader that slept beside a writer',
    checker: readWrite,
    tell: () =>
      entered('shared')
        .pause('A', 3, 10_500)
        .leaseEnd('A', 10_000.5, 'expired')
        .acquire('B', 10_001)
        .enter('B', 10_003)
        .exit('B', 10_004)
        .step('A', 10_501),
  },
  {
    name: 'a third beside two',
    checker: permits,
    tell: () => two().acquire('C', 20).enter('C', 22).step('A', 24),
  },
  {
    name: 'one of two slept, and a third was let in',
    checker: permits,
    tell: () =>
      two()
        .pause('A', 13, 10_500)
        .renew('B', 5_000)
        .leaseEnd('A', 10_000.5, 'expired')
        .acquire('C', 10_001)
        .enter('C', 10_003)
        .exit('C', 10_004)
        .step('A', 10_501),
  },
  {
    name: 'refused what it holds',
    checker: reentrancy,
    tell: () => withAll(holder(), nestedAcquire(100, { ends: 'fail' })),
  },
  {
    name: 'waits for itself, to read',
    checker: reentrancy,
    tell: () => withAll(holder(), nestedAcquire(100, { endMs: null, mode: 'shared' })).end(200),
  },
  {
    name: 'dropped by the inner release',
    checker: reentrancy,
    tell: () =>
      withAll(holder(), [
        ...nestedAcquire(100),
        nestedAct('enter', 102),
        nestedAct('exit', 104),
        ...nestedRelease(105),
      ]).leaseEnd('A', 105.5, 'released', { by: 'A' }),
  },
  {
    name: 'dropped by the clean-up of an acquire',
    checker: reentrancy,
    tell: () =>
      withAll(holder(), nestedAcquire(100, { endMs: 104, ends: 'info' })).leaseEnd(
        'A',
        103,
        'deleted',
        { by: 'A' },
      ),
  },
  {
    name: 'overtaken in the queue',
    checker: fairness,
    tell: () => line().acquire('B', 2, { endMs: 10 }).add(queued('B1', 3)),
  },
  {
    name: 'past the queue',
    checker: fairness,
    tell: () =>
      line()
        .acquire('B', 2, { sentMs: 8, endMs: 10 })
        .add(queued('A1', 30, 'granted')),
  },
];

/** Causes: to which record the arrow of another one goes back. */
import { expect, test } from 'vitest';
import type { HistoryRecord } from '../../src/history.js';
import { beginTale } from '../../src/story/narrative/tale.js';
import { causeOf } from '../../src/timeline/causes.js';
import { read, write } from '../checkers/access-records.js';
import { story } from '../checkers/history-builder.js';
import { nestedAcquire, nestedAct, withAll } from '../checkers/nested-records.js';
import { traceOf } from '../story/telling.js';

test('R19 an access goes back to the step that it left with, of its own grant', () => {
  const step = (grant: number, atMs: number): HistoryRecord => ({
    type: 'step',
    atUs: atMs * 1_000,
    calledAtUs: atMs * 1_000,
    grant,
    client: 'A',
    access: 'read',
  });
  const told = withAll(story('A').acquire('A', 0).enter('A', 2), [
    step(1, 3),
    ...nestedAcquire(4),
    nestedAct('enter', 6),
    step(101, 7),
    read(101, 'A', 8),
    step(1, 9),
    read(1, 'A', 10),
    write(1, 'A', 11),
  ]);
  const tale = beginTale(traceOf(told));
  const { records } = tale.index;
  const back = tale.index.accesses.map((at) => {
    const cause = causeOf(tale, at);
    return cause === undefined ? undefined : records[cause]!.atUs / 1_000;
  });
  expect(back).toEqual([7, 3, 9]);
});

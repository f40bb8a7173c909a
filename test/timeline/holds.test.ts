/** Who held a lock in truth: in a queue those who wait have a lease too, and hold nothing. */
import { expect, test } from 'vitest';
import { TraceModel } from '../../src/timeline/model.js';
import { traceFile } from '../../src/timeline/write.js';
import { story } from '../checkers/history-builder.js';
import { queued } from '../checkers/nested-records.js';
import { traceOf } from '../story/telling.js';

type Told = ReturnType<typeof story>;

/** Who holds from when until when, in ms. */
function holds(told: Told): string[] {
  const model = new TraceModel(traceFile({ ...traceOf(told), digest: 'd' }, [], '0.1.0'));
  return model
    .spansOf('held')
    .map((one) => `${model.hosts[one.host]!.id} ${one.fromUs / 1_000}–${one.untilUs / 1_000}`);
}

/** A and B have a lease and a place each, from 1 and 3 ms on; A leaves at 10 ms, B at 20. */
function line(mode: 'exclusive' | 'shared', permits?: number): Told {
  const told = story('A', 'B').declares(permits === undefined ? {} : { permits });
  told.acquire('A', 0, { mode, appliedMs: 1, endMs: 2 });
  told.acquire('B', 2, { mode, appliedMs: 3, endMs: 11 });
  told.add(queued('A1', 1, 'enqueued', { mode })).add(queued('B1', 3, 'enqueued', { mode }));
  told.leaseEnd('A', 10, 'deleted').add(queued('A1', 10, 'left'));
  return told
    .leaseEnd('B', 20, 'deleted')
    .add(queued('B1', 20, 'left'))
    .end(30);
}

test('who waits in a queue holds from when nobody stands before it', () => {
  expect(holds(line('exclusive'))).toEqual(['A 1–10', 'B 10–20']);
});

test('readers, and as many as there are permits, hold together', () => {
  expect(holds(line('shared'))).toEqual(['A 1–10', 'B 3–20']);
  expect(holds(line('exclusive', 2))).toEqual(['A 1–10', 'B 3–20']);
});

test('who never had its turn has held nothing', () => {
  const told = story('A', 'B').acquire('A', 0, { appliedMs: 1, endMs: 2 });
  told.acquire('B', 2, { appliedMs: 3, endMs: null });
  told.add(queued('A1', 1, 'enqueued')).add(queued('B1', 3, 'enqueued'));
  told.leaseEnd('B', 8, 'deleted').add(queued('B1', 8, 'left'));
  expect(holds(told.end(30))).toEqual(['A 1–30']);
});

test('where a place ends with the grant, the lease is the turn', () => {
  const told = story('A', 'B').acquire('A', 0, { appliedMs: 1, endMs: null });
  told.acquire('B', 2, { appliedMs: 5, endMs: 6 });
  told.add(queued('A1', 1, 'enqueued')).add(queued('B1', 3, 'enqueued'));
  told.add(queued('B1', 5, 'granted')).leaseEnd('A', 4, 'expired');
  expect(holds(told.end(30))).toContain('B 5–30');
});

test('leases that end together give nobody a turn', () => {
  const told = story('A', 'B').acquire('A', 0, { appliedMs: 1, endMs: 2 });
  told.acquire('B', 2, { appliedMs: 3, endMs: null });
  told.add(queued('A1', 1, 'enqueued')).add(queued('B1', 3, 'enqueued'));
  told.add(queued('A1', 10, 'removed')).leaseEnd('A', 10, 'expired');
  told.leaseEnd('B', 10, 'expired').add(queued('B1', 10, 'removed'));
  expect(holds(told.end(30))).toEqual(['A 1–10']);
});

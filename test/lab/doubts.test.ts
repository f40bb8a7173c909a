/** What a run does not show is said: nothing broke because nothing could. */
import { expect, it } from 'vitest';
import { doubtsOf } from '../../src/lab/doubts.js';
import { putAmount } from '../../src/lab/field-edits.js';
import { TraceModel } from '../../src/timeline/model.js';
import { drawn, played } from './played.js';

const calm = drawn('beeorm-locker', 0, {
  faultClasses: [],
  clients: 2,
  ttlMs: 10_000,
  waitMs: 10_000,
});
const modelOf = async (scenario: typeof calm) => new TraceModel((await played(scenario)).trace);

it('a run in which somebody got the lock leaves no doubt', async () => {
  expect(doubtsOf(await modelOf(calm), [])).toEqual([]);
});

it('a lock that throws at every acquire says why', async () => {
  const model = await modelOf(putAmount(calm, 'ttlMs', 1));
  expect(doubtsOf(model, [])).toEqual([
    'nobody got the lock: the wait must not be longer than the TTL',
  ]);
});

it('names each finding once, and the limit', async () => {
  const model = await modelOf(calm);
  const limited = new TraceModel({
    ...model.file,
    meta: { ...model.file.meta, limit: '200000 events' },
  });
  const finding = { kind: 'threw', message: 'acquire threw' } as const;
  expect(doubtsOf(limited, [finding, finding])).toEqual([
    'acquire threw',
    'a limit ended the run: 200000 events',
  ]);
});

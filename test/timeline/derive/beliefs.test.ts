/** Belief against truth: laid over each other they say what every instant of both says. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Told } from '../../../src/story/narrative/tale.js';
import { type Beliefs, beliefsOf, type Stretch } from '../../../src/timeline/derive/beliefs.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { traceFile } from '../../../src/timeline/write.js';
import { story } from '../../checkers/history-builder.js';
import { STORIES } from '../../story/stories.js';
import { traceOf } from '../../story/telling.js';
import { modelOf } from '../models.js';

const modelFrom = (told: Told) => new TraceModel(traceFile({ ...told, digest: 'd' }, [], '0.1.0'));

const covers = (spans: readonly Stretch[], host: number, atUs: number) =>
  spans.some((one) => one.host === host && one.fromUs <= atUs && atUs < one.untilUs);

const MODELS = STORIES.map(({ name }) => modelOf(name));
const DERIVED = MODELS.map((model): [TraceModel, Beliefs] => [model, beliefsOf(model)]);

property.prop([fc.constantFrom(...DERIVED), fc.double({ min: 0, max: 1, noNaN: true })])(
  'a client believes with reason or without, and never both',
  ([model, { founded, unfounded }], share) => {
    const atUs = Math.floor(share * model.endUs);
    for (const { index } of model.hosts) {
      const believes = covers(model.spansOf('belief'), index, atUs);
      const [with_, without] = [covers(founded, index, atUs), covers(unfounded, index, atUs)];
      expect(with_ || without).toBe(believes);
      if (with_) expect(covers(model.spansOf('held'), index, atUs)).toBe(true);
    }
  },
);

property.prop([fc.constantFrom(...DERIVED), fc.double({ min: 0, max: 1, noNaN: true })])(
  'who holds unaware holds, and does not believe',
  ([model, { unaware }], share) => {
    const atUs = Math.floor(share * model.endUs);
    for (const { index } of model.hosts) {
      if (!covers(unaware, index, atUs)) continue;
      expect(covers(model.spansOf('held'), index, atUs)).toBe(true);
    }
  },
);

describe('a holder that sleeps past its lease', () => {
  // TTL 10 s: the lease ends at 10.0005 s; it wakes at 12 s and leaves.
  const told = story('A').acquire('A', 0).enter('A', 2).pause('A', 3, 12_000);
  told.leaseEnd('A', 10_000.5, 'expired').exit('A', 12_001).release('A', 12_002).end(12_010);
  const { founded, unfounded } = beliefsOf(modelFrom(traceOf(told)));

  test('believes with reason until its lease ends, and without from then on', () => {
    expect(founded).toMatchObject([{ fromUs: 1_000, untilUs: 10_000_500 }]);
    expect(unfounded).toMatchObject([{ fromUs: 10_000_500, untilUs: 12_002_000 }]);
  });
});

describe('a holder that dies', () => {
  const told = story('A')
    .acquire('A', 0)
    .enter('A', 2)
    .crash('A', 5)
    .leaseEnd('A', 10_000.5, 'expired');
  told.end(11_000);
  const { unaware } = beliefsOf(modelFrom(traceOf(told)));

  test('holds unaware from its death to the end of its lease', () => {
    expect(unaware).toMatchObject([{ fromUs: 5_000, untilUs: 10_000_500 }]);
  });
});

test('while a release is under way nobody is unaware', () => {
  const told = story('A').acquire('A', 0).enter('A', 2).exit('A', 3).release('A', 4).end(20);
  expect(beliefsOf(modelFrom(traceOf(told))).unaware).toEqual([]);
});

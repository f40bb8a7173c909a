/** What is known within bounds: what is said holds for every run that the bounds allow. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { beliefsOf } from '../../../src/timeline/derive/beliefs.js';
import { possible, sure } from '../../../src/timeline/derive/bounds.js';
import { isSure, stateAt } from '../../../src/timeline/derive/state.js';
import { STORIES } from '../../story/stories.js';
import { boundedModelOf } from '../bounded.js';
import { modelOf } from '../models.js';

const names = fc.constantFrom(...STORIES.map(({ name }) => name));
const slack = fc.integer({ min: 0, max: 3_000 });

property.prop([names, slack, slack])(
  'what is sure lies in what is said, and that in what is possible',
  (name, before, after) => {
    const model = boundedModelOf(name, { before, after });
    for (const span of [...model.spans.values()].flat()) {
      const [least, most] = [sure(span), possible(span)];
      expect(most.fromUs).toBe(Math.max(0, span.fromUs - before));
      expect(most.untilUs).toBe(
        Math.max(span.untilUs, Math.min(span.untilUs + after, model.endUs)),
      );
      expect(least.fromUs).toBe(Math.max(span.fromUs, Math.min(span.fromUs + after, model.endUs)));
      expect(least.untilUs).toBe(Math.max(least.fromUs, span.untilUs - before, 0));
    }
  },
);

test('a run whose times are exact has no bounds', () => {
  const model = modelOf('late write');
  for (const span of [...model.spans.values()].flat()) expect(span.bounds).toBeUndefined();
  expect(model.boundsOf(0)).toBeUndefined();
});

property.prop([names, slack, fc.double({ min: 0, max: 1, noNaN: true })])(
  'belief is called founded or unfounded only where every allowed run agrees',
  (name, us, share) => {
    const model = boundedModelOf(name, { before: us, after: us });
    const atUs = Math.floor(share * model.endUs);
    const { founded, unfounded } = beliefsOf(model);
    const held = model.spansOf('held');
    for (const { host, grant, fromUs, untilUs } of [...founded, ...unfounded]) {
      if (atUs < fromUs || atUs >= untilUs) continue;
      const of = held.filter((one) => one.host === host && one.grant === grant);
      const isFounded = founded.some((one) => one.fromUs === fromUs && one.untilUs === untilUs);
      const holds = (hold: (typeof of)[number]) => hold.fromUs <= atUs && atUs < hold.untilUs;
      if (isFounded) expect(of.map(sure).some(holds)).toBe(true);
      else expect(of.map(possible).some(holds)).toBe(false);
    }
  },
);

describe('at an instant', () => {
  const model = boundedModelOf('pause inside the write', { before: 400, after: 400 });
  const [held] = model.spansOf('held');
  const { fromUs, host } = held!;

  test('between the earliest and the latest beginning a client may hold, and is no holder', () => {
    for (const atUs of [fromUs - 400, fromUs, fromUs + 399]) {
      const world = stateAt(model, atUs);
      expect(world.hosts[host]?.held).toBe(held);
      expect(isSure(held!, atUs)).toBe(false);
      expect(world.holders).toEqual([]);
    }
  });

  test('before it nobody holds, and behind it the client does', () => {
    expect(stateAt(model, fromUs - 401).hosts[host]?.held).toBeUndefined();
    expect(stateAt(model, fromUs + 400).holders).toEqual([host]);
  });
});

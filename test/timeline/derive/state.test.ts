/** What holds at one instant is what the spans say that cover it. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { stateAt } from '../../../src/timeline/derive/state.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { STORIES } from '../../story/stories.js';
import { modelOf } from '../models.js';

const MODELS = STORIES.map(({ name }) => modelOf(name));

property.prop([fc.constantFrom(...MODELS), fc.double({ min: 0, max: 1, noNaN: true })])(
  'hosts, holders and messages under way',
  (model, share) => {
    const atUs = Math.floor(share * model.endUs);
    const { hosts, holders, inFlight } = stateAt(model, atUs);
    const covering = (kind: 'belief' | 'held' | 'section' | 'paused' | 'dead') =>
      model.spansOf(kind).filter(({ fromUs, untilUs }) => fromUs <= atUs && atUs < untilUs);
    for (const kind of ['belief', 'held', 'section', 'paused', 'dead'] as const) {
      const wanted = new Set(covering(kind).map(({ host }) => host));
      for (const host of wanted) expect(hosts[host]![kind]).toBeDefined();
    }
    expect(new Set(holders)).toEqual(new Set(covering('held').map(({ host }) => host)));
    const under = model.messages.filter((one) => one.sentAtUs <= atUs && one.endedAtUs > atUs);
    expect(inFlight).toBe(under.length);
  },
);

test('a server is down from its crash until it is back', () => {
  const { file } = modelOf('one of five servers restarts empty');
  const server = file.hosts.findIndex(({ id }) => id === 'r3');
  const crash = { id: 'f9', class: 'server-crash', hosts: [server], touched: true };
  const model = new TraceModel({ ...file, faults: [{ ...crash, fromUs: 1_000, untilUs: 2_000 }] });
  const downAt = (atUs: number) =>
    stateAt(model, atUs).hosts.flatMap(({ down, host }) => (down ? [host] : []));
  expect([999, 1_000, 1_999, 2_000].map(downAt)).toEqual([[], [server], [server], []]);
});

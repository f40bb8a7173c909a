/** Tracks: what is found in a stretch of time is what a look at everything finds. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { Scene, Track } from '../../../src/timeline/picture/scene.js';
import { modelOf } from '../models.js';

const instants = fc.integer({ min: 0, max: 100 });
const stretch = fc.tuple(instants, instants).map(([a, b]) => ({
  fromUs: Math.min(a, b),
  untilUs: Math.max(a, b),
}));

property.prop([fc.array(stretch, { maxLength: 40 }), stretch])(
  'within a stretch there is all that touches it',
  (items, { fromUs, untilUs }) => {
    const sorted = items.toSorted((a, b) => a.fromUs - b.fromUs);
    const found = new Track(sorted).within(fromUs, untilUs);
    const wanted = sorted.filter((one) => one.fromUs <= untilUs && one.untilUs >= fromUs);
    expect(found).toEqual(wanted);
  },
);

test('a client has the same number wherever it is asked for', () => {
  const model = modelOf('failover');
  const scene = new Scene(model);
  const clients = model.hosts.filter(({ kind }) => kind === 'client');
  expect(clients.map(({ index }) => scene.clientNumber(index))).toEqual(clients.map((_, at) => at));
});

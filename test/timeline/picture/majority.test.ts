/** Servers that each client has: what is counted in steps is what the leases say at any instant. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import type { TraceFile } from '../../../src/timeline/format.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { Majority, Steps } from '../../../src/timeline/picture/majority.js';
import { modelOf } from '../models.js';

const CLIENTS = 2;
const SERVERS = 5;
const QUORUM = 3;

const instants = fc.integer({ min: 0, max: 60 });
const leases = fc.array(
  fc.record({
    client: fc.integer({ min: 0, max: CLIENTS - 1 }),
    server: fc.integer({ min: 0, max: SERVERS - 1 }),
    from: instants,
    length: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 24 },
);

/** A run in which nothing but these leases happens; a lease's grant is its client's number. */
function runOf(all: readonly { client: number; server: number; from: number; length: number }[]) {
  const base = modelOf('late write').file;
  const hosts = [
    ...Array.from({ length: CLIENTS }, (_, at) => ({ id: `c${at}`, kind: 'client' as const })),
    ...Array.from({ length: SERVERS }, (_, at) => ({ id: `r${at}`, kind: 'server' as const })),
  ];
  const file: TraceFile = {
    ...base,
    hosts,
    locks: [{ key: 'orders', ttlMs: 1, quorum: QUORUM }],
    spans: [
      {
        kind: 'lease',
        host: all.map(({ server }) => CLIENTS + server),
        fromUs: all.map(({ from }) => from),
        untilUs: all.map(({ from, length }) => from + length),
        grant: all.map(({ client }) => client),
        by: all.map(() => 0),
      },
    ],
  };
  return new TraceModel(file);
}

property.prop([leases, instants])('counts at an instant', (all, atUs) => {
  const majority = new Majority(runOf(all), (grant) => grant);
  const counts = Array.from(
    { length: CLIENTS },
    (_, client) =>
      all.filter((one) => one.client === client && one.from <= atUs && atUs < one.from + one.length)
        .length,
  );
  const at = (steps: Steps | undefined) => steps?.within(atUs, atUs)[0]?.[1] ?? 0;
  counts.forEach((count, client) => {
    expect(at(majority.ofClient.get(client))).toBe(count);
  });
  expect(at(majority.most)).toBe(Math.max(...counts));
  expect(at(majority.holders)).toBe(counts.filter((count) => count >= QUORUM).length);
});

property.prop([fc.array(fc.tuple(instants, fc.integer({ min: 0, max: 5 })), { maxLength: 30 })])(
  'the most between edges is the most that a look at every instant finds',
  (changes) => {
    const steps = new Steps();
    const sorted = changes.toSorted((a, b) => a[0] - b[0]);
    for (const [atUs, value] of sorted) steps.add(atUs, value);
    const maxima = steps.maxima(Float64Array.of(0, 20, 40, 60));
    const valueAt = (atUs: number) => sorted.findLast(([one]) => one <= atUs)?.[1] ?? 0;
    [0, 20, 40].forEach((fromUs, column) => {
      const here = sorted.filter(([atUs]) => atUs > fromUs && atUs <= fromUs + 20);
      const values = [valueAt(fromUs), ...here.map(([, value]) => value)];
      expect(maxima[column]).toBe(Math.max(...values));
    });
  },
);

test('a lease of nobody counts for nobody', () => {
  const model = runOf([{ client: 0, server: 0, from: 1, length: 5 }]);
  const { most, ofClient } = new Majority(model, () => -1);
  expect(ofClient.size).toBe(0);
  expect(most.within(0, 60)).toEqual([[0, 0]]);
});

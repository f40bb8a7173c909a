/** What a campaign draws: its sizes, its classes, and that parts are drawn apart (R5, R6, R16). */
import { beforeAll, describe, expect, test } from 'vitest';
import redlock from '../../src/algorithms/redlock.js';
import setNx from '../../src/algorithms/set-nx.js';
import { FAULT_CLASSES, type Fault, type FaultClass } from '../../src/fault.js';
import { PURPOSE, runKey } from '../../src/random.js';
import type { Scenario } from '../../src/scenario.js';
import { type CampaignPlan, Drawer, generate } from '../../src/search/generate.js';
import { SERVER_ERRORS } from '../../src/search/server-errors.js';
import { logUniform, sizeAroundTtl } from '../../src/search/sizes.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { LATENCY_GRID_US, LATENCY_RARE_US } from '../../src/sim/limits.js';
import { carryOut, drawn, planFor } from '../sim/runs.js';

const SEEDS = 2_000;
const plan = planFor(setNx);
const TTL_US = plan.ttlMs * 1_000;
const REAL_CLASSES = FAULT_CLASSES.filter((name) => name !== 'interleaving');

function draw(run: number, more: Partial<CampaignPlan> = {}): Scenario {
  return generate({ ...plan, ...more }, new SeededDecisions(runKey(seedKey('16'), run)));
}

let scenarios: Scenario[] = [];
let faults: Fault[] = [];
beforeAll(() => {
  scenarios = Array.from({ length: SEEDS }, (_, run) => draw(run));
  faults = scenarios.flatMap((scenario) => scenario.faults);
});

function ofClass<C extends Fault['class']>(name: C): Extract<Fault, { class: C }>[] {
  return faults.filter((fault) => fault.class === name) as never;
}

describe('R16 the classes of a run', () => {
  /** The classes that occur in a run; with very many faults, those that are on. */
  const classesIn = (scenario: Scenario) => new Set(scenario.faults.map((fault) => fault.class));
  let on: Set<FaultClass>[] = [];
  beforeAll(() => {
    on = Array.from({ length: 500 }, (_, run) => classesIn(draw(run, { faultsMax: 400 })));
  });

  test.each(REAL_CLASSES)('R16 swarm: %s is off in half of the runs', (name) => {
    const share = on.filter((classes) => classes.has(name)).length / on.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  test.each(REAL_CLASSES)('R16 swarm: many runs go without %s, and many have it', (name) => {
    const share = scenarios.filter((one) => classesIn(one).has(name)).length / SEEDS;
    expect(1 - share).toBeGreaterThanOrEqual(0.2);
    // Three faults in the mean, of six classes that are on in the mean.
    expect(share).toBeGreaterThanOrEqual(0.15);
  });

  test('R16 a run has 0 to 6 faults, each number in its share of runs', () => {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (const scenario of scenarios) counts[scenario.faults.length]!++;
    expect(counts.reduce((sum, count) => sum + count)).toBe(SEEDS);
    for (const count of counts) expect(Math.abs(count / SEEDS - 1 / 7)).toBeLessThan(0.04);
  });

  test.each(REAL_CLASSES)('R16 a class that is asked for alone is the only one: %s', (name) => {
    const alone = Array.from({ length: 50 }, (_, run) => draw(run, { faultClasses: [name] }));
    const found = alone.flatMap((scenario) => scenario.faults.map((fault) => fault.class));
    expect(new Set(found)).toEqual(new Set([name]));
    expect(found.length).toBeGreaterThan(100);
  });

  test('R16 interleaving alone means no fault', () => {
    const calm = Array.from({ length: 50 }, (_, run) =>
      draw(run, { faultClasses: ['interleaving'] }),
    );
    expect(calm.flatMap((scenario) => scenario.faults)).toEqual([]);
  });
});

describe('R16 sizes', () => {
  const around = (sizes: readonly number[]) =>
    sizes.filter((us) => Math.abs(us - TTL_US) <= TTL_US / 20).length / sizes.length;
  const sizesOf: [string, () => number[], number, number][] = [
    ['pause', () => ofClass('pause').map(({ durationUs }) => durationUs), 1_000, 3 * TTL_US],
    [
      'clock-step',
      () => ofClass('clock-step').map(({ byUs }) => Math.abs(byUs)),
      1_000,
      3 * TTL_US,
    ],
    ['delay', () => ofClass('delay').map(({ byUs }) => byUs), 1_000, 2 * TTL_US],
    [
      'partition',
      () => ofClass('partition').map(({ durationUs }) => durationUs),
      1_000,
      3 * TTL_US,
    ],
    [
      'restart of a client',
      () => ofClass('client-crash').flatMap(({ restartAfterUs }) => restartAfterUs ?? []),
      0,
      2 * TTL_US,
    ],
    [
      'restart of a server',
      () => ofClass('server-crash').map(({ restartAfterUs }) => restartAfterUs),
      1_000,
      // A twentieth above the TTL, where a fifth of the mass lies.
      1.05 * TTL_US,
    ],
  ];

  test.each(sizesOf)(
    'R16 %s: within its bounds, a fifth of the mass around the TTL',
    (_name, sizes, min, max) => {
      const all = sizes();
      expect(all.length).toBeGreaterThan(150);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(min);
      expect(Math.max(...all)).toBeLessThanOrEqual(max);
      expect(around(all)).toBeGreaterThanOrEqual(0.15);
      expect(around(all)).toBeLessThanOrEqual(0.35);
      expect(all.every(Number.isSafeInteger)).toBe(true);
    },
  );

  test('R16 they are spread over all orders of magnitude alike', () => {
    const drawer = new Drawer(new SeededDecisions(seedKey('16')), 1);
    const octaves = new Array<number>(15).fill(0);
    const draws = 20_000;
    for (let index = 0; index < draws; index++) {
      const us = logUniform(drawer, PURPOSE['fault-size'], 1_000, 1_000 * 2 ** 15 - 1);
      octaves[Math.floor(Math.log2(us / 1_000))]!++;
    }
    for (const count of octaves) expect(Math.abs(count / draws - 1 / 15)).toBeLessThan(0.012);
  });

  test('R16 the share around the TTL is a fifth, more or less what falls there anyway', () => {
    const drawer = new Drawer(new SeededDecisions(seedKey('16')), 2);
    const sizes = Array.from({ length: 10_000 }, () => sizeAroundTtl(drawer, TTL_US, 3));
    expect(around(sizes)).toBeGreaterThan(0.19);
    expect(around(sizes)).toBeLessThan(0.25);
  });

  test('R16 clocks step both ways, drift at most 500 ppm both ways', () => {
    const steps = ofClass('clock-step').map(({ byUs }) => byUs > 0);
    expect(steps.filter(Boolean).length / steps.length).toBeGreaterThan(0.4);
    expect(steps.filter(Boolean).length / steps.length).toBeLessThan(0.6);
    const drifts = ofClass('clock-drift').map(({ ppm }) => ppm);
    expect(Math.min(...drifts)).toBeLessThan(-400);
    expect(Math.max(...drifts)).toBeGreaterThan(400);
    expect(drifts.every((ppm) => Math.abs(ppm) <= 500)).toBe(true);
  });

  test('R16 crashes: both modes, half of them for ever', () => {
    const crashes = ofClass('client-crash');
    const forEver = crashes.filter(({ restartAfterUs }) => restartAfterUs === null).length;
    const kills = crashes.filter(({ mode }) => mode === 'kill').length;
    for (const count of [forEver, kills]) {
      expect(count / crashes.length).toBeGreaterThan(0.4);
      expect(count / crashes.length).toBeLessThan(0.6);
    }
  });

  test('R16 replicas lag up to a second; each server has one', () => {
    const lags = scenarios.flatMap(({ servers }) =>
      servers.map(({ replicaLagUs }) => replicaLagUs),
    );
    expect(lags.every((lag) => lag.length === 1)).toBe(true);
    const all = lags.flat();
    expect(Math.max(...all)).toBeLessThanOrEqual(1_000_000);
    expect(Math.max(...all)).toBeGreaterThan(990_000);
    expect(Math.min(...all)).toBeLessThan(10_000);
  });

  test('R16 two or three clients with three operations each, sections up to half the TTL', () => {
    const clients = scenarios.map((scenario) => scenario.clients.length);
    expect(new Set(clients)).toEqual(new Set([2, 3]));
    const operations = scenarios.flatMap((scenario) =>
      scenario.clients.flatMap((client) => client.operations),
    );
    expect(
      scenarios.every((scenario) =>
        scenario.clients.every((client) => client.operations.length === 3),
      ),
    ).toBe(true);
    const sections = operations.map(({ sectionUs }) => sectionUs);
    expect(Math.min(...sections)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...sections)).toBeLessThanOrEqual(TTL_US / 2);
    expect(Math.max(...sections)).toBeGreaterThan(TTL_US / 3);
  });

  test('R5 gaps, sections, sizes and instants lie on the grid of latencies', () => {
    const offGrid = (us: number) => us % LATENCY_GRID_US !== 0;
    const operations = scenarios.flatMap((scenario) =>
      scenario.clients.flatMap((client) => client.operations),
    );
    expect(
      operations.filter(({ gapUs, sectionUs }) => offGrid(gapUs) || offGrid(sectionUs)),
    ).toEqual([]);
    const pauses = ofClass('pause');
    expect(pauses.filter(({ durationUs }) => offGrid(durationUs))).toEqual([]);
    expect(faults.filter(({ at }) => 'atUs' in at && offGrid(at.atUs))).toEqual([]);
  });

  test('server errors are those of the list, all of them', () => {
    expect(new Set(ofClass('server-error').map(({ error }) => error))).toEqual(
      new Set(SERVER_ERRORS.redis),
    );
  });

  test.each([
    ['e1', 'etcd'],
    ['z1', 'zookeeper'],
  ] as const)(
    '%s, a cluster: its failovers are of three kinds, its errors those of %s',
    (id, service) => {
      const drawn = Array.from({ length: 300 }, (_, run) => draw(run, { servers: [id] }));
      const failovers = new Set<number>();
      const errors = new Set<string>();
      for (const fault of drawn.flatMap((scenario) => scenario.faults)) {
        if (fault.class === 'failover') failovers.add(fault.replica);
        if (fault.class === 'server-error') errors.add(fault.error);
      }
      expect([...failovers].sort((a, b) => a - b)).toEqual([1, 2, 3]);
      expect(errors).toEqual(new Set(SERVER_ERRORS[service]));
    },
  );
});

describe('R16 latency', () => {
  test('R16 0.2 to 1 ms on the grid of 0.1 ms, all steps alike, and rarely 50 ms', async () => {
    const latencies = new Map<number, number>();
    const calm = planFor(redlock, { faultClasses: ['interleaving'] });
    for (let run = 0; run < 25; run++) {
      const { trace } = await carryOut(redlock, drawn(calm, run), true);
      const last = new Map<string, number>();
      for (const { from, to, sentAtUs, dueUs } of trace!.messages) {
        if (dueUs === sentAtUs) continue;
        const lane = `${from}>${to}`;
        // An arrival raised to the one before it says nothing about its own latency.
        if (dueUs !== last.get(lane))
          latencies.set(dueUs - sentAtUs, (latencies.get(dueUs - sentAtUs) ?? 0) + 1);
        last.set(lane, dueUs);
      }
    }
    const steps = [200, 300, 400, 500, 600, 700, 800, 900, 1_000];
    const messages = [...latencies.values()].reduce((sum, count) => sum + count);
    const ordinary = steps.map((us) => (latencies.get(us) ?? 0) / messages);
    for (const share of ordinary) expect(Math.abs(share - 0.11)).toBeLessThan(0.02);
    const rare = (latencies.get(LATENCY_RARE_US) ?? 0) / messages;
    expect(rare).toBeGreaterThan(0.005);
    expect(rare).toBeLessThan(0.015);
    expect(ordinary.reduce((sum, share) => sum + share) + rare).toBeGreaterThan(0.995);
  });
});

describe('R6 parts of a scenario are drawn apart', () => {
  test('R6 another number of clients leaves the operations of the others as they were', () => {
    for (let run = 0; run < 50; run++) {
      const two = draw(run, { clients: 2 });
      const three = draw(run, { clients: 3 });
      expect(three.clients.slice(0, 2)).toEqual(two.clients);
      expect(three.servers).toEqual(two.servers);
    }
  });

  test('R6 more operations leave the first ones as they were', () => {
    for (let run = 0; run < 50; run++) {
      const few = draw(run, { operationsEach: 2, clients: 3 });
      const many = draw(run, { operationsEach: 5, clients: 3 });
      many.clients.forEach((client, index) => {
        expect(client.operations.slice(0, 2)).toEqual(few.clients[index]!.operations);
      });
    }
  });

  test('R6 without faults everything else stays', () => {
    for (let run = 0; run < 50; run++) {
      const { faults: _faults, ...rest } = draw(run);
      const { faults: none, ...calm } = draw(run, { faultClasses: ['interleaving'] });
      expect(none).toEqual([]);
      expect(calm).toEqual(rest);
    }
  });

  test('R6 a smaller limit of faults changes no client and no server', () => {
    for (let run = 0; run < 50; run++) {
      const { faults: many, ...rest } = draw(run);
      const { faults: few, ...same } = draw(run, { faultsMax: 1 });
      expect(same).toEqual(rest);
      expect(few.length).toBeLessThanOrEqual(1);
      if (few.length === 1 && many.length > 0) expect(few[0]).toEqual(many[0]);
    }
  });

  test('every fault has an id of its own and names hosts, operations and links that exist', () => {
    for (const { clients, servers, faults: mine } of scenarios.slice(0, 500)) {
      expect(new Set(mine.map(({ id }) => id)).size).toBe(mine.length);
      const ids = new Set([...clients, ...servers].map(({ id }) => id).concat('store'));
      const operations = new Set(
        clients.flatMap((client) => client.operations.map(({ id }) => id)),
      );
      for (const fault of mine) {
        const hosts = 'host' in fault ? [fault.host] : [fault.client, fault.server];
        expect(hosts.filter((host) => !ids.has(host))).toEqual([]);
        const trigger =
          'call' in fault.at
            ? fault.at.call
            : 'delivery' in fault.at
              ? fault.at.delivery
              : undefined;
        if (trigger !== undefined) expect(operations.has(trigger.operation)).toBe(true);
      }
    }
  });
});

describe('R4 where pauses begin', () => {
  test('R4 mostly at an environment call; with pauseAt event never there', () => {
    const byCall = ofClass('pause').filter(({ at }) => 'call' in at).length;
    expect(byCall / ofClass('pause').length).toBeGreaterThan(0.4);
    for (let run = 0; run < 200; run++) {
      const { faults: mine } = draw(run, { faultClasses: ['pause'], pauseAt: 'event' });
      expect(mine.filter(({ at }) => 'call' in at)).toEqual([]);
    }
  });
});

/**
 * A fault that the call of a client ahead of the world triggers acts at the frontier; if the client
 * dies before, the call and the fault never happened (R4, R8).
 */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import setNx from '../../src/algorithms/set-nx.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { Fault } from '../../src/fault.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import type { Run } from '../../src/sim/simulate.js';
import {
  at,
  bareGrant,
  call,
  LATENCY_US,
  outcome,
  ROUND_TRIP_US,
  recordsOf,
  runScript,
  type Script,
} from './run.js';
import { carryOut, drawn, planFor } from './runs.js';

/** The first call of A1 is `random`: A is paused in it and goes on at 10 ms, ahead of the world. */
const FRONTIER_US = 10_000;
const PAUSE: Fault = {
  id: 'f1',
  class: 'pause',
  at: call('A1', 1),
  host: 'A',
  durationUs: FRONTIER_US,
};
/** Its second call is made at the frontier. */
const AT_FRONTIER = call('A1', 2);

type Body = Fault extends infer One ? (One extends Fault ? Omit<One, 'id' | 'at'> : never) : never;

/** What A's second call triggers, by class, if it is one of A's own faults or of its links. */
const FAULTS: readonly Body[] = [
  { class: 'pause', host: 'A', durationUs: 20_000 },
  { class: 'clock-step', host: 'A', byUs: 50_000 },
  { class: 'clock-drift', host: 'A', ppm: 500, durationUs: 20_000 },
  { class: 'client-crash', host: 'A', mode: 'kill', restartAfterUs: 30_000 },
  { class: 'client-crash', host: 'A', mode: 'power', restartAfterUs: null },
  { class: 'server-crash', host: 'r1', restartAfterUs: 20_000 },
  { class: 'partition', client: 'A', server: 'r1', direction: 'both', durationUs: 20_000 },
  {
    class: 'delay',
    client: 'A',
    server: 'r1',
    direction: 'to-server',
    durationUs: 20_000,
    byUs: 9_000,
  },
  { class: 'lost-request', client: 'A', server: 'r1' },
  { class: 'lost-reply', client: 'A', server: 'r1' },
  { class: 'half-open', client: 'A', server: 'r1' },
  { class: 'server-error', host: 'r1', durationUs: 20_000, error: 'LOADING' },
  { class: 'failover', host: 'r1', replica: 1 },
  { class: 'pause', host: 'B', durationUs: 20_000 },
  { class: 'clock-step', host: 'r1', byUs: 50_000 },
];

const NAMED = FAULTS.map((body) => {
  const mode = 'mode' in body ? ` (${body.mode})` : '';
  return [`${body.class}${mode} of ${'host' in body ? body.host : body.client}`, body] as const;
});

function nested(body: Body): Fault {
  return { id: 'f2', at: AT_FRONTIER, ...body } as Fault;
}

function crash(atUs: number, restartAfterUs: number | null = 1_000): Fault {
  const mode = 'kill';
  return { id: 'f3', class: 'client-crash', at: at(atUs), host: 'A', mode, restartAfterUs };
}

/** A calls twice in one segment; what runs after a restart looks at what it can notice. */
function script(): { script: Script; noticed: unknown[] } {
  const noticed: unknown[] = [];
  const looks = async (environment: Environment) => {
    await environment.sleep(8);
    const wallMs = environment.wallMs();
    const monoMs = environment.monoMs();
    const answer = await outcome(environment.redis[0]!.within(100).call('SET', 'job', 'x'));
    noticed.push(wallMs, environment.monoMs() - monoMs, answer);
  };
  return {
    noticed,
    script: {
      A1: (environment) => {
        environment.random();
        return environment.redis[0]!.within(100)
          .call('GET', 'job')
          .catch(() => undefined);
      },
      A2: looks,
      B1: (environment) => environment.sleep(30),
    },
  };
}

async function run(...faults: Fault[]) {
  const { script: acts, noticed } = script();
  const made = await runScript(acts, { faults: [PAUSE, ...faults] });
  expect(findMalformation(made.history)).toBeUndefined();
  return { made, noticed };
}

/** All that a run leaves behind: its records, what its code noticed, and when it healed. */
function leftBy({ made, noticed }: { made: Run; noticed: unknown[] }) {
  const { records, healedAtUs, endUs, world } = made.history;
  const { largestClockStepUs: _, ...rest } = world;
  return { records, healedAtUs, endUs, world: rest, noticed };
}

const edgesOf = (made: Run, id: string) =>
  recordsOf(made, 'fault')
    .filter(({ fault }) => fault === id)
    .map(({ edge, atUs }) => `${edge} ${atUs}`);

describe('R4 R8 a fault that a call at the frontier triggered, and a death before', () => {
  test.each(NAMED)('R4 %s: it never happened', async (_name, body) => {
    for (const restartAfterUs of [1_000, null]) {
      const without = await run(crash(4_000, restartAfterUs));
      const withIt = await run(nested(body), crash(4_000, restartAfterUs));
      expect(edgesOf(withIt.made, 'f2')).toEqual([]);
      const [a, b] = [leftBy(withIt), leftBy(without)];
      // How long a run is watched after it healed follows from the faults in its plan.
      expect({ ...a, endUs: 0 }).toEqual({ ...b, endUs: 0 });
    }
  });
});

describe('R4 a fault that a call at the frontier triggered, and no death before', () => {
  test.each(NAMED)('R4 %s acts there, and not before', async (_name, body) => {
    const { made } = await run(nested(body), crash(200_000));
    const edges = recordsOf(made, 'fault').filter(({ fault }) => fault === 'f2');
    expect(edges[0]).toMatchObject({ edge: 'start', atUs: FRONTIER_US });
    const touched = edges.find(({ edge }) => edge === 'touched');
    // A is in an operation; what messages meet is met by the request of that very call.
    const late = body.class === 'server-error' ? LATENCY_US : 0;
    expect(touched?.atUs).toBe(FRONTIER_US + late);
  });

  /** What came of the request that A's second call sends, and when A knew. */
  async function request(body: Body) {
    let answer: unknown;
    let knownMs = 0;
    const script: Script = {
      A1: async (environment) => {
        environment.random();
        answer = await outcome(environment.redis[0]!.call('SET', 'other', 'x'));
        knownMs = environment.monoMs();
      },
    };
    const made = await runScript(script, { faults: [PAUSE, nested(body)] });
    return { made, answer, knownMs };
  }

  test('R4 a lost request is the request of that call', async () => {
    const { answer } = await request({ class: 'lost-request', client: 'A', server: 'r1' });
    expect(answer).toMatchObject(['error', { sent: true }]);
  });

  test('R4 a delay holds up the request of that call', async () => {
    const byUs = 9_000;
    const direction = 'to-server';
    const delay = { client: 'A', server: 'r1', direction, durationUs: 20_000, byUs } as const;
    const { answer, knownMs } = await request({ class: 'delay', ...delay });
    expect(answer).toEqual(['ok', 'OK']);
    expect(knownMs * 1_000).toBe(FRONTIER_US + ROUND_TRIP_US + byUs);
  });

  test('R4 R8 a crash leaves what the segment did before, and a ghost', async () => {
    const after: string[] = [];
    const script: Script = {
      A1: {
        acquire: (environment) => {
          environment.random();
          return bareGrant();
        },
        section: async (section, environment) => {
          section.enter();
          section.step();
          section.step();
          environment.redis[0]!.call('SET', 'job', 'ghost');
          after.push(environment.ownerId());
          return true;
        },
      },
    };
    const mode = 'kill';
    const own: Fault = {
      id: 'f2',
      class: 'client-crash',
      at: call('A1', 4),
      host: 'A',
      mode,
      restartAfterUs: null,
    };
    const made = await runScript(script, { faults: [PAUSE, own] });
    expect(recordsOf(made, 'enter').map(({ atUs }) => atUs)).toEqual([FRONTIER_US]);
    expect(recordsOf(made, 'step').map(({ atUs }) => atUs)).toEqual([FRONTIER_US]);
    expect(recordsOf(made, 'exit')).toEqual([]);
    expect(recordsOf(made, 'lease')).toEqual([]);
    expect(after).toEqual(['']);
    const states = recordsOf(made, 'host').map(({ atUs, state }) => `${state} ${atUs}`);
    expect(states).toEqual(['paused 0', `resumed ${FRONTIER_US}`, `dead ${FRONTIER_US}`]);
    expect(findMalformation(made.history)).toBeUndefined();
  });
});

describe('R4 R8 a host that will die at the frontier', () => {
  const script: Script = {
    A1: (environment) => {
      environment.random();
      environment.redis[0]!.call('SET', 'job', 'x');
      return environment.random();
    },
  };
  const doom: Fault = {
    id: 'f2',
    class: 'client-crash',
    at: call('A1', 3),
    host: 'A',
    mode: 'kill',
    restartAfterUs: null,
  };

  test('R4 is paused no longer by a pause that begins before', async () => {
    const pause: Fault = { id: 'f3', class: 'pause', at: at(2_000), host: 'A', durationUs: 9_000 };
    const made = await runScript(script, { faults: [PAUSE, doom, pause] });
    expect(edgesOf(made, 'f3')).toEqual(['start 2000', 'touched 2000']);
    const states = recordsOf(made, 'host').map(({ atUs, state }) => `${state} ${atUs}`);
    expect(states).toEqual(['paused 0', `resumed ${FRONTIER_US}`, `dead ${FRONTIER_US}`]);
    // It left at the frontier, before the call that killed.
    expect(recordsOf(made, 'lease').map(({ sentAtUs }) => sentAtUs)).toEqual([FRONTIER_US]);
  });

  test('R4 does not restart twice if it dies before', async () => {
    const own: Fault = { ...doom, restartAfterUs: 50_000 };
    const made = await runScript(script, { faults: [PAUSE, own, crash(4_000, 1_000)] });
    const states = recordsOf(made, 'host').map(({ atUs, state }) => `${state} ${atUs}`);
    expect(states).toEqual(['paused 0', 'dead 4000', 'restarted 5000']);
  });
});

describe('R4 R8 what a dropped segment had met', () => {
  test('R4 a strike that a dropped request had met waits for the next request', async () => {
    const strike: Fault = {
      id: 'f2',
      class: 'lost-request',
      at: call('A1', 1),
      client: 'A',
      server: 'r1',
    };
    const { script: acts, noticed } = script();
    await runScript(acts, { faults: [strike, PAUSE, crash(4_000)] });
    expect(noticed[2]).toMatchObject(['error', { name: 'ConnectionLost' }]);
  });

  test('R4 faults inside a pause that never began are not put in place', async () => {
    const second = nested({ class: 'pause', host: 'A', durationUs: 90_000 });
    const error = { class: 'lost-reply', client: 'A', server: 'r1' } as const;
    // After all operations have ended: then no fault begins any more.
    const late = (id: string): Fault => ({ id, at: at(80_000), ...error });
    const calm = await run(crash(4_000), late('f4'));
    const made = await run(second, crash(4_000), late('f4'));
    expect(leftBy(made).records).toEqual(leftBy(calm).records);
    expect(edgesOf(made.made, 'f4')).toEqual([]);
  });
});

describe('R4 in runs of a real lock', () => {
  /** The drawn faults, some moved to the calls behind a pause, and a death inside that pause. */
  function nestedScenario(drawnFaults: readonly Fault[], run: number): Fault[] {
    const nth = 1 + (run % 5);
    const moved = drawnFaults.map((fault, index) =>
      index % 2 === 0 ? { ...fault, at: call('A1', nth + 1 + (index % 3)) } : fault,
    );
    const pause: Fault = {
      id: 'f20',
      class: 'pause',
      at: call('A1', nth),
      host: 'A',
      durationUs: 5_000_000,
    };
    const restartAfterUs = run % 4 === 0 ? null : 500_000;
    const death: Fault = { ...crash(1_000_000 + (run % 40) * 100_000, restartAfterUs), id: 'f21' };
    return [pause, ...moved, death];
  }

  /** Records up to an instant; numbers of calls may be used up by calls that never happened. */
  function told({ history }: Run, untilUs: number): string[] {
    const numbers = new Map<string, number>();
    const renumbered = (_: string, name: string, id: string) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      return `"${name}":${numbers.get(id)}`;
    };
    return history.records
      .filter(({ atUs }) => atUs < untilUs)
      .map((record) => JSON.stringify(record).replace(/"(call|grant)":(\d+)/g, renumbered));
  }

  test('R4 a fault that left no record left nothing else', async () => {
    const plan = planFor(setNx, { clients: 2 });
    let silentRuns = 0;
    for (let number = 0; number < 400; number++) {
      const { scenario, key } = drawn(plan, number);
      const faults = nestedScenario(scenario.faults, number);
      const make = (chosen: readonly Fault[]) => {
        const decisions = new SeededDecisions(key);
        return carryOut(setNx, { scenario: { ...scenario, faults: chosen }, decisions });
      };
      const made = await make(faults);
      expect(findMalformation(made.history)).toBeUndefined();
      const marks = recordsOf(made, 'fault');
      const loud = faults.filter(({ id }) => marks.some(({ fault }) => fault === id));
      if (loud.length === faults.length) continue;
      silentRuns++;
      const without = await make(loud);
      const untilUs = Math.min(made.history.healedAtUs, without.history.healedAtUs);
      expect([number, told(made, untilUs)]).toEqual([number, told(without, untilUs)]);
    }
    expect(silentRuns).toBeGreaterThan(200);
  });
});

describe('R4 R8 a connection that was closed ahead of the world', () => {
  test('R4 what it had sent and its goodbye never happened', async () => {
    const script: Script = {
      A1: (environment) => {
        environment.random();
        const redis = environment.redis[0]!;
        redis.call('SET', 'job', 'x').catch(() => undefined);
        redis.close();
      },
    };
    const made = await runScript(script, { faults: [PAUSE, crash(4_000, null)] });
    expect(recordsOf(made, 'lease')).toEqual([]);
    const living = await runScript(script, { faults: [PAUSE] });
    expect(recordsOf(living, 'lease')).toHaveLength(1);
  });
});

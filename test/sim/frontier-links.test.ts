/** What the plan does to the links of a client whose code is ahead of the world (R4, R7, R13). */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { Fault } from '../../src/fault.js';
import { at, call, crash, LATENCY_US, outcome, recordsOf, runScript, type Script } from './run.js';

/** A is paused in its first call, `random`, and goes on at 10 ms, ahead of the world. */
const FRONTIER_US = 10_000;
const pause = (nth: number): Fault => ({
  id: 'f1',
  class: 'pause',
  at: call('A1', nth),
  host: 'A',
  durationUs: FRONTIER_US,
});
const STRIKES = ['lost-request', 'lost-reply', 'half-open'] as const;

const strike = (name: (typeof STRIKES)[number], atUs: number, id = 'f2'): Fault => ({
  id,
  class: name,
  at: at(atUs),
  client: 'A',
  server: 'r1',
});
const delay = (direction: 'to-server' | 'to-client', atUs: number): Fault => ({
  id: 'f2',
  class: 'delay',
  at: at(atUs),
  client: 'A',
  server: 'r1',
  direction,
  durationUs: 50_000,
  byUs: 5_000,
});

/** A calls at its frontier; a later incarnation says which of its calls failed, 1 ms apart. */
function script(): { acts: Script; first: unknown[]; later: string[] } {
  const first: unknown[] = [];
  const later: string[] = [];
  const ping = (environment: Environment) => outcome(environment.redis[0]!.within(30).call('PING'));
  const acts: Script = {
    A1: async (environment) => {
      environment.random();
      first.push(...(await ping(environment)));
    },
    A2: async (environment) => {
      for (let nth = 0; nth < 8; nth++) {
        const sentAtMs = environment.monoMs();
        const [how] = await ping(environment);
        later.push(`${how} ${sentAtMs}`);
        await environment.sleep(2);
      }
    },
  };
  return { acts, first, later };
}

async function run(...faults: Fault[]) {
  const { acts, first, later } = script();
  const made = await runScript(acts, { faults: [pause(1), ...faults] });
  expect(findMalformation(made.history)).toBeUndefined();
  const edges = recordsOf(made, 'fault')
    .filter(({ fault }) => fault === 'f2')
    .map(({ edge, atUs }) => `${edge} ${atUs}`);
  return { first, later, edges };
}

const death = (restartAfterUs: number | null) => crash(at(4_000), { id: 'f3', restartAfterUs });

describe('R4 a strike whose instant lies inside a pause', () => {
  test.each(STRIKES)('R4 %s is met by the request that leaves at the frontier', async (name) => {
    const { first, edges } = await run(strike(name, 5_000));
    expect(first[0]).toBe('error');
    expect(edges).toEqual(['start 5000', `touched ${FRONTIER_US}`]);
  });

  test('R4 one that begins at the frontier is met, one that begins behind it is not', async () => {
    expect((await run(strike('lost-request', FRONTIER_US))).first[0]).toBe('error');
    expect((await run(strike('lost-request', FRONTIER_US + 1))).first[0]).toBe('ok');
  });

  test('R4 R8 after a death before both, it waits for the first request behind its instant', async () => {
    const { later, edges } = await run(strike('lost-request', 7_000), death(1_000));
    expect(later.slice(0, 3)).toEqual(['ok 5', 'error 8.2', 'ok 11.4']);
    expect(edges).toEqual(['start 7000', 'touched 8200']);
  });

  test('R4 of two the one that begins first is met first', async () => {
    const faults = [strike('half-open', 6_000, 'f4'), strike('lost-request', 5_000)];
    const { first } = await run(...faults);
    expect(first[1]).toMatchObject({ name: 'ConnectionLost' });
  });
});

describe('R4 R13 what a message that leaves ahead of the world meets', () => {
  const CASES: readonly (readonly [string, Fault])[] = [
    ['a delay that began before the pause', delay('to-server', 0)],
    ['a delay that begins inside the pause', delay('to-server', 5_000)],
    ...STRIKES.map((name) => [`${name}, armed before the pause`, strike(name, 0)] as const),
    ...STRIKES.map((name) => [`${name}, armed inside the pause`, strike(name, 2_000)] as const),
  ];

  test.each(CASES)('R4 R13 %s is touched at the frontier', async (_name, fault) => {
    const { edges } = await run(fault);
    expect(edges.filter((edge) => edge.startsWith('touched'))).toEqual([`touched ${FRONTIER_US}`]);
  });

  test.each(CASES)('R4 R13 %s is not touched if the client dies before', async (_name, fault) => {
    const { edges } = await run(fault, death(null));
    expect(edges.filter((edge) => edge.startsWith('touched'))).toEqual([]);
  });

  test('R4 R13 a reply leaves in the present, and touches its delay there', async () => {
    const seen: number[] = [];
    const acts: Script = {
      A1: async (environment) => {
        const reply = environment.redis[0]!.call('PING');
        environment.random();
        await reply;
        seen.push(environment.monoMs());
      },
    };
    const made = await runScript(acts, { faults: [pause(2), delay('to-client', 0)] });
    const touched = recordsOf(made, 'fault').filter(({ edge, fault }) => {
      return edge === 'touched' && fault === 'f2';
    });
    expect(touched.map(({ atUs }) => atUs)).toEqual([LATENCY_US]);
    expect(seen).toEqual([FRONTIER_US / 1_000]);
  });
});

describe('R10 faults foreseen inside a pause that the client did not live through', () => {
  const foreseen: readonly (readonly [string, Fault])[] = [
    ['a clock step', { id: 'f2', class: 'clock-step', at: at(7_000), host: 'A', byUs: 50_000 }],
    ['a delay', delay('to-server', 7_000)],
    ['a strike', strike('half-open', 7_000)],
  ];

  test.each(foreseen)('R10 %s does not begin once the run is ending', async (_name, fault) => {
    const { edges } = await run(fault, death(null));
    expect(edges).toEqual([]);
  });

  test('R10 a clock step that a restarted client would meet is in its records', async () => {
    const readings: number[] = [];
    const acts: Script = {
      A1: (environment) => [environment.random(), environment.random()],
      A2: async (environment) => {
        await environment.sleep(20);
        readings.push(environment.wallMs() - environment.monoMs());
      },
    };
    const step: Fault = { id: 'f2', class: 'clock-step', at: at(7_000), host: 'A', byUs: 50_000 };
    const made = await runScript(acts, { faults: [pause(1), step, death(1_000)] });
    const clocks = recordsOf(made, 'clock').map(({ atUs }) => atUs);
    expect(clocks).toEqual([7_000]);
    expect(readings).toEqual([1_700_000_000_050]);
  });
});

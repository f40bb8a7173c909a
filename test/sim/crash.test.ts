/** Clients that die and come back: nothing of them goes on, nothing that left is undone (R8). */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { at, bareGrant, call, crash, recordsOf, runScript } from './run.js';

const never = () => new Promise<never>(() => {});

describe('R8 from the crash on', () => {
  test('R8 nothing of it goes on: no then, no catch, no finally, no timer, no signal', async () => {
    const went: string[] = [];
    await runScript(
      {
        A1: async (environment) => {
          const controller = new AbortController();
          controller.signal.addEventListener('abort', () => went.push('signal'));
          environment.after(3, () => controller.abort('over'));
          environment.after(4, () => went.push('timer'));
          try {
            await Promise.all([
              environment.sleep(5).then(() => went.push('sleep')),
              environment.redis[0]!.call('PING').then(() => went.push('reply')),
              environment.sleep(50, controller.signal).then(() => went.push('slept')),
            ]);
            went.push('end');
          } catch {
            went.push('catch');
          } finally {
            went.push('finally');
          }
        },
        B1: (environment) => environment.sleep(100),
      },
      { faults: [crash(at(1_000), { restartAfterUs: 2_000 })] },
    );
    expect(went).toEqual([]);
  });

  test('R8 what it waits for neither resolves nor rejects when the server hangs up', async () => {
    const went: string[] = [];
    await runScript(
      {
        A1: async (environment) => {
          const subscription = await environment.redis[0]!.subscribe('news', () =>
            went.push('news'),
          );
          void subscription.lost.then(() => went.push('lost'));
          await environment.redis[0]!.call('BLPOP', 'list', 0).then(
            () => went.push('popped'),
            () => went.push('error'),
          );
        },
        B1: async (environment) => {
          await environment.sleep(10);
          await environment.redis[0]!.call('PUBLISH', 'news', 'hello');
          await environment.sleep(20);
        },
      },
      {
        faults: [
          crash(at(5_000), { mode: 'power' }),
          { id: 'f2', class: 'server-crash', at: at(20_000), host: 'r1', restartAfterUs: 1_000 },
        ],
      },
    );
    expect(went).toEqual([]);
  });

  test('R8 requests that had left are applied', async () => {
    const keys = async (crashAtUs: number, mode: 'kill' | 'power') => {
      const run = await runScript(
        {
          A1: async (environment) => {
            await environment.redis[0]!.call('SET', 'job-1', 'x');
            await environment.redis[0]!.call('SET', 'job-2', 'x');
          },
        },
        { faults: [crash(at(crashAtUs), { mode })] },
      );
      return recordsOf(run, 'lease').map(({ key }) => key);
    };
    for (const mode of ['kill', 'power'] as const) {
      expect(await keys(100, mode)).toEqual(['job-1']);
      expect(await keys(1_100, mode)).toEqual(['job-1']);
      expect(await keys(1_300, mode)).toEqual(['job-1', 'job-2']);
    }
  });

  test('R8 so is one that left in the same instant, before the crash', async () => {
    const run = await runScript(
      {
        A1: async (environment) => {
          await environment.sleep(5);
          await environment.redis[0]!.call('SET', 'job', 'x');
        },
        B1: async (environment) => {
          await environment.sleep(5);
          environment.random();
        },
      },
      { faults: [crash(call('B1', 2))] },
    );
    expect(recordsOf(run, 'host').map(({ atUs }) => atUs)).toEqual([5_000]);
    expect(recordsOf(run, 'lease')).toHaveLength(1);
  });

  test.each([
    ['kill', 'news,0'],
    ['power', 'news,1'],
  ] as const)(
    'R8 %s: its connections end with a goodbye, or in silence',
    async (mode, subscribers) => {
      let seen = '';
      await runScript(
        {
          A1: async (environment) => {
            await environment.redis[0]!.subscribe('news', () => {});
            await never();
          },
          B1: async (environment) => {
            await environment.sleep(10);
            seen = String(await environment.redis[0]!.call('PUBSUB', 'NUMSUB', 'news'));
          },
        },
        { faults: [crash(at(5_000), { mode })] },
      );
      expect(seen).toBe(subscribers);
    },
  );

  test('R8 its operation completes as info, and its section is left open', async () => {
    const run = await runScript(
      {
        A1: {
          acquire: () => bareGrant(),
          section: async (section) => {
            section.enter();
            await never();
            return true;
          },
        },
        B1: (environment) => environment.sleep(20),
        B2: (environment) => environment.sleep(20),
      },
      { faults: [crash(at(5_000)), crash(at(30_000), { id: 'f2', host: 'B' })] },
    );
    expect(recordsOf(run, 'info')).toMatchObject([
      { client: 'B', operation: 'B2', action: 'acquire', atUs: 30_000 },
    ]);
    expect(recordsOf(run, 'exit')).toEqual([]);
    expect(findMalformation(run.history)).toBeUndefined();
  });
});

describe('R8 a ghost', () => {
  /** Dies at its second call; what it does after that, it does as a ghost. */
  const GHOST = crash(call('A1', 2), { restartAfterUs: 1_000 });

  test('R8 sends, sets and records nothing, and its promises never settle', async () => {
    const went: string[] = [];
    const run = await runScript(
      {
        A1: {
          acquire: (environment) => {
            environment.random();
            environment.random();
            for (const promise of [
              environment.redis[0]!.call('SET', 'job', 'x'),
              environment.redis[0]!.subscribe('news', () => {}),
              environment.sleep(1),
            ]) {
              void promise.then(
                () => went.push('ok'),
                () => went.push('error'),
              );
            }
            environment.after(1, () => went.push('timer'));
            environment.redis[0]!.close();
            return bareGrant();
          },
          section: (section) => {
            section.enter();
            section.step();
            return true;
          },
        },
        B1: (environment) => environment.sleep(50),
      },
      { faults: [GHOST], trace: {} },
    );
    expect(went).toEqual([]);
    expect(run.trace!.messages.filter(({ from }) => from === 'A')).toEqual([]);
    const ofA = run.history.records.filter((record) => 'client' in record && record.client === 'A');
    expect(ofA.map(({ type }) => type)).toEqual(['invoke', 'info']);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R8 draws nothing that its next incarnation would have drawn', async () => {
    const drawn = async (ghostly: (environment: Environment) => void) => {
      const seen: unknown[] = [];
      const run = await runScript(
        {
          A1: (environment) => {
            environment.random();
            environment.random();
            ghostly(environment);
          },
          A2: (environment) => seen.push(environment.random(), environment.ownerId()),
        },
        { faults: [GHOST], decisions: new SeededDecisions(seedKey('ghost'), true) },
      );
      return { seen, decisions: run.decisions, digest: run.digest };
    };
    const silent = await drawn(() => {});
    const busy = await drawn((environment) => {
      environment.random();
      environment.ownerId();
      environment.monoMs();
      void environment.sleep(1);
    });
    expect(busy).toEqual(silent);
  });
});

describe('R8 a restart', () => {
  test('R8 is a new incarnation: created anew, without memory, with other owner ids', async () => {
    const owners: string[] = [];
    const environments = new Set<Environment>();
    const run = await runScript(
      {
        A1: async (environment) => {
          environments.add(environment);
          owners.push(environment.ownerId());
          await never();
        },
        A2: (environment) => {
          environments.add(environment);
          owners.push(environment.ownerId());
        },
      },
      { faults: [crash(at(5_000), { restartAfterUs: 2_000 })] },
    );
    expect(environments.size).toBe(2);
    expect(new Set(owners).size).toBe(2);
    const invoked = recordsOf(run, 'invoke').filter(({ client }) => client === 'A');
    expect(invoked.map(({ operation, incarnation }) => [operation, incarnation])).toEqual([
      ['A1', 1],
      ['A2', 2],
    ]);
    expect(
      recordsOf(run, 'host').map(({ atUs, state, incarnation }) => [atUs, state, incarnation]),
    ).toEqual([
      [5_000, 'dead', 1],
      [7_000, 'restarted', 2],
    ]);
  });

  test.each([
    ['kill', 7, 7],
    ['power', 0, 7],
  ] as const)(
    'R8 %s: the monotonic clock shows %i ms, the wall clock goes on',
    async (mode, monoMs, wallMs) => {
      const seen: number[] = [];
      let startMs = 0;
      await runScript(
        {
          A1: async (environment) => {
            startMs = environment.wallMs();
            await never();
          },
          A2: (environment) => seen.push(environment.monoMs(), environment.wallMs() - startMs),
        },
        { faults: [crash(at(5_000), { mode, restartAfterUs: 2_000 })] },
      );
      expect(seen).toEqual([monoMs, wallMs]);
    },
  );

  test('R8 goes on with the next operation, not with the one it died in', async () => {
    const begun: string[] = [];
    await runScript(
      {
        A1: () => begun.push('A1'),
        A2: async () => {
          begun.push('A2');
          await never();
        },
        A3: () => begun.push('A3'),
      },
      { faults: [crash(at(5_000), { restartAfterUs: 2_000 })] },
    );
    expect(begun).toEqual(['A1', 'A2', 'A3']);
  });

  test('R8 between two operations it loses none', async () => {
    const begun: string[] = [];
    const run = await runScript(
      { A1: () => begun.push('A1'), A2: () => begun.push('A2') },
      { faults: [crash(at(5_000), { restartAfterUs: 2_000 })], gapsUs: { A2: 10_000 } },
    );
    expect(begun).toEqual(['A1', 'A2']);
    expect(recordsOf(run, 'info')).toEqual([]);
  });

  test('R8 after its last operation it changes nothing for the others', async () => {
    const begun: string[] = [];
    const run = await runScript(
      {
        A1: () => begun.push('A1'),
        B1: () => begun.push('B1'),
        B2: () => begun.push('B2'),
        B3: () => begun.push('B3'),
      },
      {
        faults: [crash(at(5_000), { restartAfterUs: 2_000 })],
        gapsUs: { B2: 20_000, B3: 20_000 },
      },
    );
    expect(begun).toEqual(['A1', 'B1', 'B2', 'B3']);
    expect(run.history.healedAtUs).toBe(40_000);
  });

  test('R8 for ever, after its last operation, it changes nothing for the others', async () => {
    const begun: string[] = [];
    await runScript(
      { A1: () => begun.push('A1'), B1: () => begun.push('B1'), B2: () => begun.push('B2') },
      { faults: [crash(at(5_000))], gapsUs: { B2: 20_000 } },
    );
    expect(begun).toEqual(['A1', 'B1', 'B2']);
  });

  test('R8 a client that is dead cannot die again', async () => {
    const run = await runScript(
      { A1: never, B1: (environment) => environment.sleep(50) },
      {
        faults: [
          crash(at(5_000), { restartAfterUs: 9_000 }),
          crash(at(7_000), { id: 'f2', restartAfterUs: 1_000 }),
        ],
      },
    );
    expect(recordsOf(run, 'host').map(({ atUs, state }) => [atUs, state])).toEqual([
      [5_000, 'dead'],
      [14_000, 'restarted'],
    ]);
  });

  test('R8 opens new connections: what the old one was told is not heard', async () => {
    const seen: string[] = [];
    await runScript(
      {
        A1: async (environment) => {
          void environment.redis[0]!.call('SET', 'x', 'old').then(() => seen.push('old'));
          await never();
        },
        A2: async (environment) => {
          seen.push(String(await environment.redis[0]!.call('GET', 'x')));
        },
      },
      { faults: [crash(at(700), { restartAfterUs: 100 })] },
    );
    expect(seen).toEqual(['old']);
  });
});

test('R8 three incarnations have three different owner ids, whatever they do before', async () => {
  const owners: string[] = [];
  const act = async (environment: Environment) => {
    owners.push(environment.ownerId());
    await never();
  };
  await runScript(
    { A1: act, A2: act, A3: act },
    {
      faults: [
        crash(at(1_000), { restartAfterUs: 0 }),
        crash(at(2_000), { id: 'f2', mode: 'power', restartAfterUs: 0 }),
      ],
    },
  );
  expect(new Set(owners).size).toBe(3);
});

/** What a workload can do besides acquire and hold, and what becomes history (R0, R6, R12). */
import { describe, expect, test } from 'vitest';
import type { AcquireOptions, Grant } from '../../src/algorithms/lock.js';
import { defineLock } from '../../src/algorithms/lock.js';
import {
  carelessly,
  defineWorkload,
  type Workload,
  type WorkloadClient,
} from '../../src/workloads/workload.js';
import { bareGrant, recordsOf, runLock, scenarioOf } from './run.js';

/** A lock that grants at once, with what the test adds to its grants; and what it was asked. */
function granting(more: Partial<Grant> = {}) {
  const asked: AcquireOptions[] = [];
  const released: string[] = [];
  const lock = defineLock({
    name: 'granting',
    summary: 'Grants whatever is asked.',
    source: 'test/sim/workload-client.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (environment) => ({
      acquire: async (_key, options) => {
        asked.push(options);
        const release = async () => {
          released.push(environment.client);
          return true;
        };
        return bareGrant({ release, ...more });
      },
    }),
  });
  return { lock, asked, released };
}

const doing = (
  operation: (client: WorkloadClient) => Promise<void>,
  more: Partial<Workload> = {},
): Workload =>
  defineWorkload({ name: 'doing', summary: 'does what a test says', operation, ...more });

/** Runs one operation of A. The probe does the same. */
async function runDoing(workload: Workload, granted = granting(), script = { A1: () => {} }) {
  const run = await runLock(granted.lock, workload, scenarioOf(script));
  return { run, ...granted };
}

describe('outside of a section', () => {
  test('R0 a wait takes its time, and goes on while there is more to do', async () => {
    const answers: boolean[] = [];
    const { run } = await runDoing(
      doing(async (client) => {
        answers.push(await client.wait(3_000));
        await client.acquire();
      }),
    );
    expect(recordsOf(run, 'invoke')[0]).toMatchObject({ client: 'A', atUs: 3_000 });
    expect(answers[0]).toBe(true);
  });

  test('R10 a wait that outlasts the faults says that it is over', async () => {
    const answers: boolean[] = [];
    await runDoing(doing(async (client) => void answers.push(await client.wait(121_000_000))));
    // The faults are over after twelve TTLs. Then comes the probe, which waits for nothing.
    expect(answers).toEqual([true, false]);
  });

  test('R6 random numbers are drawn for each operation, and lie in [0, 1)', async () => {
    const drawn: number[] = [];
    const workload = doing(async (client) => void drawn.push(client.random(), client.random()));
    await runDoing(workload);
    const first = drawn.splice(0);
    await runDoing(workload);
    expect(drawn).toEqual(first);
    for (const number of first) expect(number >= 0 && number < 1).toBe(true);
  });

  test('R0 an acquire may wait for as long as the workload says', async () => {
    const { run, asked } = await runDoing(
      doing(async (client) => void (await client.acquire('exclusive', 0))),
    );
    expect(asked[0]).toMatchObject({ waitMs: 0 });
    expect(recordsOf(run, 'invoke')[0]).toMatchObject({ waitMs: 0 });
    // The probe waits without limit, whatever the workload says (R10).
    expect(asked[1]?.waitMs).toBeUndefined();
  });
});

describe('inside of one', () => {
  test('R0 a renewal asks for the duration that the workload says', async () => {
    const asked: number[] = [];
    const renew = async (ttlMs: number) => {
      asked.push(ttlMs);
      return true;
    };
    const { run } = await runDoing(
      doing(async (client) => {
        const grant = await client.acquire();
        if (!grant.granted) return;
        await client.hold(grant, async (section) => {
          await section.renew();
          await section.renew(60_000);
          return true;
        });
      }),
      granting({ renew }),
    );
    expect(asked.slice(0, 2)).toEqual([10_000, 60_000]);
    const renewals = recordsOf(run, 'invoke').filter(({ action }) => action === 'renew');
    expect(renewals.slice(0, 2).map(({ ttlMs }) => ttlMs)).toEqual([10_000, 60_000]);
  });

  test('R12 cells are numbers of their own, and stand in the records', async () => {
    const seen: unknown[] = [];
    const { run } = await runDoing(
      doing(async (client) => {
        const grant = await client.acquire();
        if (!grant.granted) return;
        await client.hold(grant, async (section) => {
          await section.write(7, 'seat 1');
          await section.write(3);
          seen.push(
            await section.read('seat 1'),
            await section.read('seat 2'),
            await section.read(),
          );
          return true;
        });
      }),
    );
    expect(seen.slice(0, 3)).toEqual([7, 0, 3]);
    const ofA = recordsOf(run, 'access').filter(({ client }) => client === 'A');
    expect(ofA.map(({ cell, value }) => [cell, value])).toEqual([
      ['seat 1', 7],
      [undefined, 3],
      ['seat 1', 7],
      ['seat 2', 0],
      [undefined, 3],
    ]);
    const steps = recordsOf(run, 'step').filter(({ client }) => client === 'A');
    expect(steps.map(({ cell }) => cell)).toEqual(ofA.map(({ cell }) => cell));
  });

  test('R15 a careless holder asks nobody, and believes that it holds', async () => {
    const answers: boolean[] = [];
    const careful = doing(async (client) => {
      const grant = await client.acquire();
      if (!grant.granted) return;
      await client.hold(grant, async (section) => {
        answers.push(section.holds());
        return false;
      });
    });
    const over = { validForMs: () => 0 };
    await runDoing(careful, granting(over));
    expect(answers.splice(0)[0]).toBe(false);
    const { run } = await runDoing(carelessly(careful, 'careless-doing'), granting(over));
    expect(answers[0]).toBe(true);
    expect(recordsOf(run, 'validity')).toEqual([]);
  });

  test('R10 who forgets does not release; the probe does', async () => {
    const { run, released } = await runDoing(
      doing(async (client) => {
        const grant = await client.acquire();
        if (!grant.granted) return;
        await client.forget(grant, async (section) => {
          section.enter();
          return true;
        });
      }),
    );
    expect(released).toEqual(['P']);
    expect(recordsOf(run, 'exit').map(({ client, completed }) => [client, completed])).toEqual([
      ['A', true],
      ['P', true],
    ]);
    const releases = recordsOf(run, 'invoke').filter(({ action }) => action === 'release');
    expect(releases.map(({ client }) => client)).toEqual(['P']);
  });

  test('R12 what the workload promises stands in the history', async () => {
    const invariants = [{ forbids: 'lost-update', cell: 'balance' }] as const;
    const { run } = await runDoing(doing(async () => {}, { invariants }));
    expect(run.history.world.invariants).toEqual(invariants);
    const { run: plain } = await runDoing(doing(async () => {}));
    expect(plain.history.world.invariants).toBeUndefined();
  });

  test('R17 a mode that the lock does not offer is refused by name', async () => {
    const { run } = await runDoing(
      doing(async (client) => {
        await client.acquire('shared');
      }),
    );
    expect(run.findings[0]?.message).toContain('this lock does not offer mode shared');
    expect(recordsOf(run, 'invoke').filter(({ mode }) => mode === 'shared')).toEqual([]);
  });

  test('R0 a second acquire in one operation is refused by name, and not recorded', async () => {
    const { run } = await runDoing(
      doing(async (client) => {
        const grant = await client.acquire();
        if (!grant.granted) return;
        await client.hold(grant, async () => true);
        await client.acquire();
      }),
    );
    expect(run.findings[0]?.message).toContain('an operation acquires once');
    const ofA = recordsOf(run, 'invoke').filter(({ client }) => client === 'A');
    expect(ofA.map(({ action }) => action)).toEqual(['acquire', 'release']);
  });
});

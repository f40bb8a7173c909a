/** What a client does inside its section, and what of it becomes history (R2, R11, R12, R15). */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import type { Grant } from '../../src/algorithms/lock.js';
import type { Fault } from '../../src/fault.js';
import type { Section } from '../../src/workloads/workload.js';
import { at, bareGrant, call, recordsOf, runScript, type Setting } from './run.js';

/** Runs one section under a grant made by `grant`; what `inside` returns besides the run. */
async function runSection(
  grant: (environment: Environment) => Partial<Grant>,
  inside: (section: Section, environment: Environment) => Promise<boolean> | boolean,
  setting: Setting = {},
) {
  return runScript(
    {
      A1: { acquire: (environment) => bareGrant(grant(environment)), section: inside },
      B1: (environment) => environment.sleep(50),
    },
    setting,
  );
}

const PAUSE: Fault = { id: 'f1', class: 'pause', at: call('A1', 2), host: 'A', durationUs: 9_000 };

/** A grant whose signal aborts after so many milliseconds. */
const losing = (afterMs: number) => (environment: Environment) => {
  const controller = new AbortController();
  environment.after(afterMs, () => controller.abort('lost'));
  return { signal: controller.signal };
};

/** The same told by callback. */
const losingByCallback = (afterMs: number) => (environment: Environment) => ({
  onLost: (callback: () => void) => void environment.after(afterMs, callback),
});

describe('R2 acts', () => {
  test('R2 each has the instant of its call and the instant at which it took effect', async () => {
    const run = await runSection(
      () => ({}),
      async (section) => {
        section.enter();
        await section.write(7);
        section.step();
        return true;
      },
      { faults: [PAUSE] },
    );
    const [enter] = recordsOf(run, 'enter');
    expect([enter!.calledAtUs, enter!.atUs]).toEqual([0, 0]);
    const steps = recordsOf(run, 'step').filter(({ client }) => client === 'A');
    expect(steps.map(({ calledAtUs, atUs, access }) => [calledAtUs, atUs, access])).toEqual([
      [0, 9_000, 'write'],
      [10_200, 10_200, undefined],
    ]);
    expect(recordsOf(run, 'exit')[0]).toMatchObject({ atUs: 10_200, completed: true });
  });

  test('R2 leaving early is no act, and who never entered does not leave', async () => {
    const early = await runSection(
      () => ({}),
      (section) => {
        section.enter();
        return false;
      },
    );
    expect(recordsOf(early, 'exit')[0]).toMatchObject({ completed: false });
    const never = await runSection(
      () => ({}),
      () => true,
    );
    expect(recordsOf(never, 'enter').filter(({ client }) => client === 'A')).toEqual([]);
    expect(recordsOf(never, 'exit').filter(({ client }) => client === 'A')).toEqual([]);
  });
});

describe('R12 the resource', () => {
  test('R12 counts: a read answers what was written last', async () => {
    const seen: unknown[] = [];
    const run = await runSection(
      () => ({}),
      async (section) => {
        seen.push(await section.read(), await section.write(5), await section.read());
        return true;
      },
    );
    expect(seen).toEqual([0, true, 5]);
    const accesses = recordsOf(run, 'access').filter(({ client }) => client === 'A');
    expect(accesses.map(({ access, value, accepted }) => [access, value, accepted])).toEqual([
      ['read', 0, true],
      ['write', 5, true],
      ['read', 5, true],
    ]);
  });

  test('R12 refuses every access below the highest fencing token it has seen, reads included', async () => {
    const seen: Record<string, unknown[]> = {};
    const act = (fencingToken: number, afterMs: number) => ({
      acquire: () => bareGrant({ fencingToken }),
      section: async (section: Section, environment: Environment) => {
        await environment.sleep(afterMs);
        seen[fencingToken] = [await section.read(), await section.write(fencingToken)];
        return true;
      },
    });
    const run = await runScript({ A1: act(8, 0), B1: act(7, 10), C1: act(8, 20), D1: act(9, 30) });
    expect(seen).toEqual({ 7: [undefined, false], 8: [8, true], 9: [8, true] });
    const refused = recordsOf(run, 'access').filter(({ accepted }) => !accepted);
    expect(refused.map(({ client, access }) => [client, access])).toEqual([
      ['B', 'read'],
      ['B', 'write'],
    ]);
  });

  test('R12 an access whose connection is lost answers that nothing is known', async () => {
    const seen: unknown[] = [];
    await runSection(
      () => ({}),
      async (section) => {
        seen.push(await section.write(5), await section.read());
        return true;
      },
      { faults: [{ id: 'f1', class: 'lost-reply', at: at(0), client: 'A', server: 'store' }] },
    );
    expect(seen).toEqual([false, 5]);
  });
});

describe('R15 waiting inside', () => {
  test.each([
    ['wait', (section: Section) => section.wait(20_000)],
    ['read', (section: Section) => section.read()],
    ['write', (section: Section) => section.write(1)],
  ] as const)('R15 %s ends when the loss is told', async (_what, waits) => {
    const endedMs: number[] = [];
    const delay: Fault = {
      id: 'f1',
      class: 'delay',
      at: at(0),
      client: 'A',
      server: 'store',
      direction: 'to-client',
      durationUs: 1_000,
      byUs: 20_000,
    };
    for (const grant of [losing(3), losingByCallback(3)]) {
      const run = await runSection(
        grant,
        async (section, environment) => {
          await waits(section);
          endedMs.push(environment.monoMs());
          return section.holds();
        },
        { faults: [delay] },
      );
      expect(recordsOf(run, 'told')).toMatchObject([{ atUs: 3_000, how: 'signal' }]);
    }
    expect(endedMs).toEqual([3, 3]);
  });

  test('R15 without a signal it takes its time', async () => {
    const endedMs: number[] = [];
    await runSection(
      () => ({}),
      async (section, environment) => {
        await section.wait(20_000);
        endedMs.push(environment.monoMs());
        return true;
      },
    );
    expect(endedMs).toEqual([20]);
  });

  test('R15 under a signal that has aborted nothing is waited for', async () => {
    const endedMs: number[] = [];
    await runSection(
      () => ({ signal: AbortSignal.abort('lost') }),
      async (section, environment) => {
        await section.wait(20_000);
        await section.read();
        endedMs.push(environment.monoMs());
        return false;
      },
    );
    expect(endedMs).toEqual([0]);
  });

  test.each([
    ['under a signal', losing(1_000)],
    ['without one', () => ({})],
  ])(
    'R15 several things may be waited for at once %s: each ends in its own time',
    async (_how, grant) => {
      const endedMs: Record<string, number> = {};
      await runSection(grant, async (section, environment) => {
        const ends = (name: string) => () => {
          endedMs[name] = environment.monoMs();
        };
        await Promise.all([
          section.wait(5_000).then(ends('short')),
          section.wait(9_000).then(ends('long')),
          section.read().then(ends('read')),
          section.write(1).then(ends('write')),
        ]);
        return true;
      });
      expect(endedMs).toEqual({ read: 1.2, write: 1.2, short: 5, long: 9 });
    },
  );

  test('R15 and all of them end when the signal aborts', async () => {
    const ended: string[] = [];
    await runSection(losing(3), async (section) => {
      await Promise.all([
        section.wait(5_000).then(() => ended.push('short')),
        section.wait(9_000).then(() => ended.push('long')),
      ]);
      return false;
    });
    expect(ended.sort()).toEqual(['long', 'short']);
  });
});

describe('R11 what the holder is told', () => {
  test('R11 an abort is told once, when it happens', async () => {
    const run = await runSection(losing(3), async (section) => {
      section.enter();
      await section.wait(20_000);
      return section.holds();
    });
    expect(recordsOf(run, 'told')).toMatchObject([{ atUs: 3_000, how: 'signal' }]);
    expect(recordsOf(run, 'exit')[0]).toMatchObject({ atUs: 3_000, completed: false });
  });

  test('R11 a grant that comes with an aborted signal has told at once', async () => {
    const run = await runSection(
      () => ({ signal: AbortSignal.abort('lost') }),
      (section) => section.holds(),
    );
    expect(recordsOf(run, 'told')).toMatchObject([{ atUs: 0, how: 'signal' }]);
  });

  test('R11 every look is recorded; the first that answers 0 or less tells', async () => {
    const answers = [2.5, 0, 0];
    const looks: boolean[] = [];
    const run = await runSection(
      () => ({ validForMs: () => answers.shift()! }),
      (section) => {
        looks.push(section.holds(), section.holds(), section.holds());
        return false;
      },
    );
    expect(looks).toEqual([true, false, false]);
    const validity = recordsOf(run, 'validity').filter(({ grant }) => grant === 1);
    expect(validity.map(({ validForMs }) => validForMs)).toEqual([2.5, 0, 0]);
    expect(recordsOf(run, 'told')).toMatchObject([{ grant: 1, how: 'validity' }]);
  });

  test('R11 a lock without either never tells, and is believed', async () => {
    const run = await runSection(
      () => ({}),
      (section) => section.holds(),
    );
    expect(recordsOf(run, 'told')).toEqual([]);
    expect(recordsOf(run, 'validity')).toEqual([]);
  });

  test('R11 R4 a look that is paused carries both instants', async () => {
    const run = await runSection(
      (environment) => ({ validForMs: () => environment.monoMs() - 100 }),
      (section) => {
        section.enter();
        section.holds();
        return false;
      },
      { faults: [PAUSE] },
    );
    const [look] = recordsOf(run, 'validity');
    expect([look!.calledAtUs, look!.atUs, look!.validForMs]).toEqual([0, 9_000, -91]);
  });

  test('R11 renewals and releases that answer no have told', async () => {
    const run = await runSection(
      () => ({ renew: () => Promise.resolve(false), release: () => Promise.resolve(false) }),
      async (section) => (await section.renew()) === true,
    );
    expect(recordsOf(run, 'told').map(({ how }) => how)).toEqual(['renew', 'release']);
  });
});

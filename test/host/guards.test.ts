/** What lock code must not use, and what it must not leave lying about (D3, D6, D7, D8, D12). */
import { randomInt, randomUUID } from 'node:crypto';
import timers from 'node:timers';
import { setTimeout as delay, scheduler, setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import type { Fault } from '../../src/fault.js';
import { whileWrapped } from '../../src/host/guards.js';
import { withGuards } from '../../src/host/session.js';
import { findingsOf, observeScripts } from './observing.js';

const HERE = /^guards\.test\.ts:\d+$/;

describe('D8 the clock, timers and randomness of the host', () => {
  const uses: [string, (environment: Environment) => unknown][] = [
    ['Date.now', () => Date.now()],
    ['new Date()', () => new Date()],
    ['Date()', () => Date()],
    ['performance.now', () => performance.now()],
    ['process.hrtime', () => process.hrtime()],
    ['process.hrtime.bigint', () => process.hrtime.bigint()],
    ['Math.random', () => Math.random()],
    ['setTimeout', () => clearTimeout(setTimeout(() => {}, 0))],
    ['setInterval', () => clearInterval(setInterval(() => {}, 1_000))],
    ['setImmediate', () => clearImmediate(setImmediate(() => {}))],
    ['setTimeout', () => clearTimeout(timers.setTimeout(() => {}, 0))],
    ['setInterval', () => clearInterval(timers.setInterval(() => {}, 1_000))],
    ['promised setTimeout', () => void delay(0)],
    ['promised setImmediate', () => void turn()],
    ['promised setTimeout', () => void promisify(setTimeout)(0)],
    ['promised setTimeout', () => void promisify(timers.setTimeout)(0)],
    ['scheduler.wait', () => void scheduler.wait(0)],
    ['scheduler.yield', () => void scheduler.yield()],
    ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
    ['crypto.randomUUID', () => crypto.randomUUID()],
    ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(4))],
    ['crypto.randomUUID', () => randomUUID()],
    ['crypto.randomInt', () => randomInt(5)],
  ];

  test.each(uses)('D8 a use of %s is a finding with its place', async (what, use) => {
    const [finding, ...others] = await findingsOf({
      A1: async (environment) => {
        await environment.sleep(3);
        use(environment);
      },
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'host-clock', host: 'A', atUs: 3_000 });
    const isOfTime = /^(new Date|Date|perf|process|set|promised|sched|Abort)/.test(what);
    expect(finding?.isOfTime).toBe(isOfTime ? true : undefined);
    expect(finding?.message).toContain(`${what} is the host's`);
    expect(finding?.place).toMatch(HERE);
  });

  test('D8 what a lock file kept of them while it was loaded is one as well', async () => {
    const kept = await whileWrapped(async () => {
      const { now } = Date;
      return [now, Math.random, performance.now.bind(performance), randomUUID];
    });
    const findings = await findingsOf({ A1: () => kept.map((one) => one()) });
    const names = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID'];
    expect(findings).toHaveLength(names.length);
    findings.forEach(({ message, place }, at) => {
      expect(message).toContain(`${names[at]} is the host's`);
      expect(place).toMatch(HERE);
    });
  });

  test('D8 a timer can be promised while it is guarded', async () => {
    await whileWrapped(async () => {
      expect(await promisify(setTimeout)(1, 'over')).toBe('over');
    });
  });

  test('D8 it makes the run unknown, and is passed through all the same', async () => {
    let atMs = 0;
    const before = Date.now();
    const [observed] = await observeScripts([{ A1: () => (atMs = Date.now()) }]);
    expect(atMs).toBeGreaterThanOrEqual(before);
    expect(observed!.findings).toHaveLength(1);
  });

  test('D8 dates made of a given time are no use of the clock', async () => {
    const findings = await findingsOf({
      A1: (environment) => [new Date(environment.wallMs()).toISOString(), Date.UTC(2026, 1)],
    });
    expect(findings).toEqual([]);
  });

  test('D8 the harness may use what lock code may not, and everything is put back', async () => {
    const { now } = Date;
    const { random } = Math;
    const timer = setTimeout;
    await withGuards(false, async (guards) => {
      Date.now();
      Math.random();
      clearTimeout(setTimeout(() => {}, 0));
      expect(guards.take()).toEqual([]);
    });
    expect(Date.now).toBe(now);
    expect(Math.random).toBe(random);
    expect(setTimeout).toBe(timer);
    expect(Object.hasOwn(crypto, 'randomUUID')).toBe(false);
  });

  test.each(['WeakRef', 'FinalizationRegistry'])('D12 a use of %s is a finding', async (name) => {
    const findings = await findingsOf({
      A1: () => (name === 'WeakRef' ? new WeakRef({}) : new FinalizationRegistry(() => {})),
    });
    expect(findings).toMatchObject([{ host: 'A', place: expect.stringMatching(HERE) }]);
    expect(findings[0]?.message).toContain(name);
  });
});

describe('D6 a rejection that nobody handles', () => {
  const rejects = (environment: Environment) => {
    void environment.sleep(2).then(() => {
      throw new Error('nobody catches this');
    });
    return environment.sleep(5);
  };

  test('D6 is a finding of its own run, and of no other', async () => {
    const quiet = { A1: (environment: Environment) => environment.sleep(5) };
    const observed = await observeScripts([quiet, { A1: rejects }, quiet]);
    expect(observed.map(({ findings }) => findings.length)).toEqual([0, 1, 0]);
    expect(observed[1]!.findings[0]).toMatchObject({
      kind: 'unhandled-rejection',
      message: expect.stringContaining('nobody catches this'),
    });
  });

  test('D6 its event and its host are found', async () => {
    const findings = await findingsOf({
      B1: (environment) => environment.sleep(9),
      A1: rejects,
    });
    expect(findings).toMatchObject([{ kind: 'unhandled-rejection', host: 'A', atUs: 2_000 }]);
  });

  test('D6 even one of the last event of a run', async () => {
    const last = {
      A1: () => {
        void Promise.reject(new Error('at the very end'));
      },
    };
    const observed = await observeScripts([last, { A1: () => {} }]);
    expect(observed.map(({ findings }) => findings.length)).toEqual([1, 0]);
  });

  test('D6 one that is handled later in the same segment is none', async () => {
    const findings = await findingsOf({
      A1: async () => {
        const rejected = Promise.reject(new Error('handled'));
        for (let round = 0; round < 10; round++) await undefined;
        await rejected.catch(() => {});
      },
    });
    expect(findings).toEqual([]);
  });

  test('D6 what was going on in a dead incarnation is none', async () => {
    // The third call of A1 is that of the ghost-to-be.
    const crash: Fault = {
      id: 'f1',
      class: 'client-crash',
      at: { call: { operation: 'A1', nth: 3 } },
      host: 'A',
      mode: 'kill',
      restartAfterUs: null,
    };
    const ghost = async (environment: Environment) => {
      await environment.sleep(1);
      environment.random();
      throw new Error('thrown by a ghost');
    };
    const script = {
      A1: (environment: Environment) => {
        void ghost(environment);
        return environment.sleep(5);
      },
      B1: (environment: Environment) => environment.sleep(9),
    };
    expect(await findingsOf(script, { faults: [crash] })).toEqual([]);
  });
});

describe('D7 a listener that throws', () => {
  test('D7 is a finding, and the run goes on', async () => {
    const reached: string[] = [];
    const findings = await findingsOf({
      A1: async (environment) => {
        const controller = new AbortController();
        controller.signal.addEventListener('abort', () => {
          throw new Error('a bad listener');
        });
        environment.after(1, () => controller.abort('over'));
        await environment.sleep(5);
        reached.push('the end');
      },
    });
    expect(findings).toMatchObject([
      { kind: 'listener-threw', message: expect.stringContaining('a bad listener') },
    ]);
    expect(reached).toEqual(['the end']);
  });

  test('D7 so is a timer of the environment whose callback throws', async () => {
    const reached: string[] = [];
    const findings = await findingsOf({
      A1: async (environment) => {
        environment.after(1, () => {
          throw new Error('a bad timer');
        });
        await environment.sleep(5);
        reached.push('the end');
      },
    });
    expect(findings.map(({ message }) => message).join()).toContain('a bad timer');
    expect(reached).toEqual(['the end']);
  });
});

describe('D3 clients that share memory', () => {
  test('D3 a call of another client’s environment is a finding with its place', async () => {
    const environments: Environment[] = [];
    const findings = await findingsOf({
      A1: (environment) => {
        environments.push(environment);
        return environment.sleep(9);
      },
      B1: async (environment) => {
        await environment.sleep(2);
        environments[0]!.random();
      },
    });
    expect(findings).toMatchObject([{ kind: 'shared-memory', host: 'A', atUs: 2_000 }]);
    expect(findings[0]?.message).toContain('client B was running');
    expect(findings[0]?.place).toMatch(HERE);
  });

  test('D3 so is waking up another client by resolving its promise', async () => {
    let wake: () => void = () => {};
    const findings = await findingsOf({
      A1: async (environment) => {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        environment.random();
      },
      B1: async (environment) => {
        await environment.sleep(2);
        wake();
      },
    });
    expect(findings).toMatchObject([{ kind: 'shared-memory', host: 'A', atUs: 2_000 }]);
  });

  test('D3 D8 what a timer of the host calls late is but the timer’s finding', async () => {
    let isBack = false;
    const findings = await findingsOf({
      A1: async (environment) => {
        await new Promise((resolve) => setImmediate(resolve));
        isBack = true;
        environment.random();
      },
      B1: async (environment) => {
        for (let nth = 0; nth < 5_000; nth++) await environment.sleep(1);
      },
    });
    expect(isBack).toBe(true);
    expect(findings.map(({ kind }) => kind)).toEqual(['host-clock']);
  });

  test('D3 the call has no effect', async () => {
    const environments: Environment[] = [];
    const [observed] = await observeScripts([
      {
        A1: (environment) => {
          environments.push(environment);
          return environment.sleep(9);
        },
        B1: async (environment) => {
          await environment.sleep(2);
          void environments[0]!.redis[0]!.call('SET', 'job', 'x');
          await environment.sleep(5);
        },
      },
    ]);
    const leases = observed!.run.history.records.filter(({ type }) => type === 'lease');
    expect(leases).toEqual([]);
  });
});

test('what lock code prints does not reach the terminal, but what others print does', async () => {
  const lines: unknown[] = [];
  const { log } = console;
  console.log = (line) => lines.push(line);
  try {
    await observeScripts([{ A1: () => console.log('from the lock') }]);
    console.log('from outside');
  } finally {
    console.log = log;
  }
  expect(lines).toEqual(['from outside']);
});

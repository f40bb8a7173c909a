/** The digest: the same for the same run, another one for any difference (R14). */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import redlock from '../../src/algorithms/redlock.js';
import setNxFenced from '../../src/algorithms/set-nx-fenced.js';
import { digestVerdicts, foldDigests } from '../../src/digest.js';
import type { Fault } from '../../src/fault.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import {
  at,
  linkOf,
  override,
  runLock,
  runScript,
  type Script,
  scenarioOf,
  scripted,
} from './run.js';
import { campaignDigests } from './runs.js';

describe('R14 the same run', () => {
  test('R14 has the same digest each time, and no two runs have the same one', async () => {
    const first = await campaignDigests(setNxFenced, 40);
    expect(await campaignDigests(setNxFenced, 40)).toEqual(first);
    expect(new Set(first).size).toBe(40);
    for (const digest of first) expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test('R14 has the same digest with and without a trace', async () => {
    expect(await campaignDigests(redlock, 20, true)).toEqual(await campaignDigests(redlock, 20));
  });

  test('R14 has the same digest in another process', async () => {
    const script = new URL('./digest-process.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)('node', ['--import', 'tsx', script]);
    expect(JSON.parse(stdout)).toEqual(await campaignDigests(redlock, 12));
  });

  test('R14 has the same digest however the fields of its scenario stand', async () => {
    const script: Script = { A1: (environment) => environment.redis[0]!.call('PING') };
    const fault: Fault = { id: 'f1', class: 'clock-step', at: at(200), host: 'A', byUs: 7 };
    const { algorithm, workload } = scripted(script);
    const scenario = scenarioOf(script, { faults: [fault] });
    const turned = Object.fromEntries(Object.entries(scenario).reverse()) as typeof scenario;
    const turnedFault = Object.fromEntries(Object.entries(fault).reverse()) as unknown as Fault;
    const one = await runLock(algorithm, workload, scenario);
    const other = await runLock(algorithm, workload, { ...turned, faults: [turnedFault] });
    expect(other.digest).toBe(one.digest);
  });
});

describe('R14 a difference', () => {
  const digestOf = async (script: Script, overrides: Parameters<typeof override>[] = []) => {
    const run = await runScript(script, { overrides: overrides.map((args) => override(...args)) });
    return { digest: run.digest, records: run.history.records };
  };

  test('R14 of one byte in what is sent', async () => {
    const sending = (word: string): Script => ({
      A1: (environment) => environment.redis[0]!.call('PUBLISH', 'news', word),
    });
    const one = await digestOf(sending('hello'));
    const other = await digestOf(sending('hellp'));
    expect(other.records).toEqual(one.records);
    expect(other.digest).not.toBe(one.digest);
    expect((await digestOf(sending('hello'))).digest).toBe(one.digest);
  });

  test('R14 of one byte in a long script, behind everything that is alike', async () => {
    const sending = (comment: string): Script => ({
      A1: (environment) =>
        environment.redis[0]!.eval(`return 1 -- ${'x'.repeat(5_000)}${comment}`, []),
    });
    const one = await digestOf(sending('a'));
    const other = await digestOf(sending('b'));
    expect(other.records).toEqual(one.records);
    expect(other.digest).not.toBe(one.digest);
  });

  test('R14 of one byte in a reply to the same request', async () => {
    const script: Script = {
      A1: async (environment) => {
        await environment.redis[0]!.call('SADD', 'set', 'aa', 'ab');
        await environment.redis[0]!.call('SRANDMEMBER', 'set');
      },
    };
    const one = await digestOf(script);
    const other = await digestOf(script, [[64, 'server', 0, 0, 1]]);
    expect(other.records).toEqual(one.records);
    expect(other.digest).not.toBe(one.digest);
  });

  const meeting = (environment: Environment) => environment.redis[0]!.call('PING');

  test('R14 of one tie priority that swaps two events', async () => {
    const script: Script = { A1: meeting, B1: meeting };
    const byLane = await digestOf(script);
    const swapped = await digestOf(script, [[linkOf(0), 'tie-request', 1, 0, 1]]);
    expect(swapped.records).toEqual(byLane.records);
    expect(swapped.digest).not.toBe(byLane.digest);
  });

  test('R14 but not of a tie priority that swaps nothing', async () => {
    const script: Script = { A1: meeting, B1: meeting };
    const byLane = await digestOf(script);
    expect((await digestOf(script, [[linkOf(1), 'tie-request', 1, 0, 1]])).digest).toBe(
      byLane.digest,
    );
  });

  test('R14 of one history record', async () => {
    // The refusals differ in their words and in nothing else.
    const refusing = (operation: string): Script => ({
      [operation]: (environment) => environment.random(),
    });
    const { algorithm, workload } = scripted(refusing('A1'));
    const scenario = scenarioOf(refusing('A1'));
    const worded = (reason: string) => ({
      ...algorithm,
      create: () => ({ acquire: async () => ({ granted: false as const, reason }) }),
    });
    const one = await runLock(worded('held'), workload, scenario);
    const other = await runLock(worded('hold'), workload, scenario);
    expect(other.events).toBe(one.events);
    expect(other.digest).not.toBe(one.digest);
  });

  test('R14 of the instant of one event', async () => {
    // The reply is nobody's business: it comes a little later, and no record tells of it.
    const script: Script = {
      A1: async (environment) => {
        void meeting(environment);
        await environment.sleep(9);
      },
    };
    const one = await digestOf(script);
    const later = await digestOf(script, [[linkOf(0), 'latency-reply', 1, 0, 14]]);
    expect(later.records).toEqual(one.records);
    expect(later.digest).not.toBe(one.digest);
  });

  test('R14 of the operation that a message belongs to', async () => {
    const sending = (operation: string): Script => ({
      A1: () => {},
      A2: () => {},
      [operation]: (environment: Environment) => {
        void meeting(environment);
      },
    });
    const one = await digestOf(sending('A1'));
    const other = await digestOf(sending('A2'));
    expect(other.records).toEqual(one.records);
    expect(other.digest).not.toBe(one.digest);
  });

  test('R14 of the scenario, even where it changes nothing that happens', async () => {
    const script: Script = { A1: meeting };
    const { algorithm, workload } = scripted(script);
    const one = await runLock(algorithm, workload, scenarioOf(script));
    const fault: Fault = { id: 'f1', class: 'pause', at: at(9e9), host: 'A', durationUs: 1 };
    const other = await runLock(algorithm, workload, scenarioOf(script, { faults: [fault] }));
    expect(other.history.records).toEqual(one.history.records);
    expect(other.digest).not.toBe(one.digest);
  });
});

describe('R14 verdicts and campaigns', () => {
  const verdict = (more: Partial<PropertyVerdict>): PropertyVerdict => ({
    property: 'leak',
    verdict: 'invalid',
    class: 'until-ttl',
    witness: [],
    ...more,
  });

  test('R14 verdicts and classes count; causes, witnesses and words do not', () => {
    const base = digestVerdicts('0123456789abcdef', [verdict({})]);
    const others = [
      digestVerdicts('0123456789abcdee', [verdict({})]),
      digestVerdicts('0123456789abcdef', [verdict({ class: 'for-ever' })]),
      digestVerdicts('0123456789abcdef', [verdict({ verdict: 'valid' })]),
      digestVerdicts('0123456789abcdef', [verdict({ property: 'belief' })]),
      digestVerdicts('0123456789abcdef', []),
    ];
    expect(new Set([base, ...others]).size).toBe(6);
    const told = verdict({ witness: [1, 2], details: { lengthUs: 3 } });
    expect(digestVerdicts('0123456789abcdef', [told])).toBe(base);
  });

  test('R14 a campaign folds the digests of its runs in order', () => {
    expect(foldDigests(['a', 'b'])).not.toBe(foldDigests(['b', 'a']));
    expect(foldDigests(['a', 'b'])).not.toBe(foldDigests(['a']));
    expect(foldDigests(['a', 'b'])).toBe(foldDigests(['a', 'b']));
  });
});

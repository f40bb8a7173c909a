/**
 * The engine as it is shipped: lock code on a worker thread, a watchdog beside it, and the same
 * results as on one thread (D9, D10, D14).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckRequest, Engine } from '../../src/host/engine-api.js';
import type { LockReport } from '../../src/report.js';
import { builtMain } from '../packaging/built.js';

let folder: string;
let engine: Engine;
let create: () => Engine;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-engine-'));
  const built = path.join(path.dirname(builtMain()), '../host/engine.js');
  create = (await import(pathToFileURL(built).href)).createEngine;
  engine = create();
});
afterEach(() => {
  engine = engine ?? create();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const REQUEST: CheckRequest = {
  lock: { name: 'set-nx' },
  runs: 60,
  seed: 3,
  set: {},
  strict: false,
  perClass: false,
  bail: false,
  ownBudget: false,
};

function check(
  request: Partial<CheckRequest>,
  stop = new AbortController().signal,
): Promise<LockReport> {
  const quiet = { configuration: () => {}, progress: () => {} };
  return engine.check({ ...REQUEST, ...request }, quiet, stop);
}

/** A lock file whose `acquire` does this first. */
function lockFile(name: string, first: string): string {
  const file = path.join(folder, `${name}.ts`);
  writeFileSync(
    file,
    `import { defineLock } from 'holdfast';
export default defineLock({
  name: '${name}', summary: 'made for a test', source: 'this test', services: { redis: 1 },
  options: {}, claims: {},
  create: (env) => ({
    async acquire(key, { ttlMs }) {
      ${first}
      const ownerId = env.ownerId();
      const reply = await env.redis[0].call('SET', key, ownerId, 'NX', 'PX', ttlMs);
      if (reply !== 'OK') return { granted: false, reason: 'held' };
      const release = async () => (await env.redis[0].call('DEL', key)) === 1;
      return { granted: true, ownerId, release };
    },
  }),
});
`,
  );
  return file;
}

describe('D9 results', () => {
  test('D9 are the same from a second thread, and after another campaign', async () => {
    const first = await check({});
    await check({ lock: { name: 'redlock' }, runs: 20 });
    const other = create();
    const again = await other.check(
      { ...REQUEST },
      { configuration: () => {}, progress: () => {} },
      new AbortController().signal,
    );
    await other.close();
    expect(again.digest).toBe(first.digest);
    expect((await check({})).digest).toBe(first.digest);
    expect((await check({ seed: 4 })).digest).not.toBe(first.digest);
  });

  test('D9 a stop between runs gives what there is so far', async () => {
    const stop = new AbortController();
    const quiet = { configuration: () => {}, progress: () => stop.abort() };
    const report = await engine.check({ ...REQUEST, runs: 1_000_000 }, quiet, stop.signal);
    expect(report.interrupted).toBe(true);
    expect(report.runs).toBeGreaterThan(0);
    expect(report.runs).toBeLessThan(1_000_000);
  });
});

describe('D10 a lock file', () => {
  test('D10 anywhere on the disk finds holdfast, and its transpiler is named', async () => {
    const report = await check({ lock: { file: lockFile('plain', '') } });
    expect(report.algorithm).toBe('plain');
    expect(report.configuration.transpiler).toMatch(/^tsx \d/);
  });
});

describe('D14 a lock that does not yield', () => {
  test.each([
    ['a loop', 'for (;;) {}'],
    ['microtasks for ever', 'for (;;) await null;'],
  ])('D14 by %s is ended and named, with its place', async (_how, code) => {
    const first = `env.monoMs(); if (env.client === 'B') { ${code} }`;
    const report = await check({ lock: { file: lockFile('stuck', first) } });
    expect(report.verdict).toBe('unknown');
    expect(report.findings).toHaveLength(1);
    const [finding] = report.findings;
    expect(finding).toMatchObject({ kind: 'does-not-yield', host: 'B', place: 'stuck.ts:7' });
    expect(finding?.message).toContain('run 0 of seed 3: client B blocks its thread');
    expect((await check({})).verdict).toBe('valid');
  });

  test('D14 busy waiting for a clock ends by itself', async () => {
    const first = 'const end = env.monoMs() + 1e9; while (env.monoMs() < end);';
    const report = await check({ lock: { file: lockFile('busy', first) }, runs: 3 });
    expect(report.findings[0]).toMatchObject({ kind: 'busy-wait', place: 'busy.ts:7' });
    expect(report.verdict).toBe('unknown');
  });
});

describe('D15 a lock that keeps state from run to run', () => {
  const counting = 'globalThis.acquires = (globalThis.acquires ?? 0) + 1;';
  const command = /^SET orders \S+ NX PX 100\d\d$/;

  test('D15 is named by check, run and replay alike', async () => {
    const file = lockFile('counting', `${counting} ttlMs += globalThis.acquires % 97;`);
    const found = { kind: 'not-deterministic', difference: { differsIn: 'payload' } } as const;
    const checked = await check({ lock: { file }, runs: 2, faultClasses: ['interleaving'] });
    expect(checked.findings).toMatchObject([found]);
    expect(checked.findings[0]!.difference!.first).toMatch(command);
    const { verdict, reason } = checked.properties.find((one) => one.property === 'determinism')!;
    expect(verdict).toBe('unknown');
    expect(reason).toContain('Run 0, made twice, was not the same: event ');
    expect(reason).toContain('What helps: take clocks');

    const ran = await engine.run({ ...REQUEST, lock: { file }, run: 1 });
    expect(ran.findings).toMatchObject([found]);
    expect(ran.findings[0]!.difference!.second).toMatch(command);
    expect(ran.verdict).not.toBe('valid');
  });

  test('D15 is named although its violations do not show again', async () => {
    // Held by nobody's leave: every few acquires it grants what it did not get.
    const first = `${counting}
      if (globalThis.acquires % 29 === 0) return { granted: true, release: async () => true };`;
    const report = await check({
      lock: { file: lockFile('moody', first) },
      runs: 40,
      faultClasses: ['interleaving'],
    });
    const broken = report.properties.filter(({ verdict }) => verdict === 'invalid');
    expect(broken.map(({ property }) => property)).toContain('mutual-exclusion');
    const untold = broken.filter(({ counterexample }) => counterexample === undefined);
    expect(untold.length).toBeGreaterThan(0);
    for (const { property } of untold) {
      const said = report.findings.find(({ message }) => message.includes(`violated ${property},`));
      expect(said?.message).toContain('and did not when it was made again');
    }
  });
});

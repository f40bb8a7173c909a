/**
 * The engine as it is shipped: lock code on a worker thread, a watchdog beside it, and the same
 * results as on one thread (D9, D10, D14).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckRequest, Engine, Progress } from '../../src/host/engine-api.js';
import type { LockReport } from '../../src/report.js';
import { builtMain } from '../packaging/built.js';
import { lockSource } from '../packaging/lock-source.js';

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
  writeFileSync(file, lockSource(name, first));
  return file;
}

test('what is tried to find smaller runs is told, from the first candidate on', async () => {
  const told: (number | undefined)[] = [];
  const on = {
    configuration: () => {},
    progress: ({ candidates }: Progress) => void told.push(candidates),
  };
  const request = { ...REQUEST, lock: { name: 'blind-delete' }, runs: 200 };
  const { properties } = await engine.check(request, on, new AbortController().signal);
  expect(properties.some(({ counterexample }) => counterexample !== undefined)).toBe(true);
  expect(told).toContain(1);
  const candidates = told.slice(told.indexOf(1));
  expect(candidates).toEqual(candidates.toSorted((a, b) => a! - b!));
  expect(told.slice(0, told.indexOf(1)).filter((one) => one !== undefined)).toEqual([]);
});

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

  test('R13 of a single run come with the claims of its lock, also of one in a file', async () => {
    const claims = { leak: { pause: { worst: 'until-ttl', reason: 'a TTL', source: 'me' } } };
    const file = path.join(folder, 'claims.ts');
    const source = lockSource('claims', '').replace(
      'claims: {}',
      `claims: ${JSON.stringify(claims)}`,
    );
    writeFileSync(file, source);
    expect((await engine.run({ ...REQUEST, lock: { file }, run: 0 })).claims).toEqual(claims);
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

describe('R13 what a flawed lock shows', () => {
  const flawed = { lock: { name: 'set-nx-no-validity' }, seed: 1 };

  test('R13 every class is counted as the runs show it one by one, and so is the flaw', async () => {
    const report = await check({ ...flawed, runs: 18 });
    const shown = new Map<string, number[]>();
    for (let run = 0; run < report.runs; run++) {
      const { properties } = await engine.run({ ...REQUEST, ...flawed, run });
      const { class: name } = properties.find(({ property }) => property === 'mutual-exclusion')!;
      if (name !== undefined) shown.set(name, [...(shown.get(name) ?? []), run]);
    }
    const found = (name: string) => ({
      runs: shown.get(name)!.length,
      firstRun: shown.get(name)![0],
    });
    const [overlap] = report.properties;
    expect(overlap).toMatchObject({ property: 'mutual-exclusion', class: 'double-grant' });
    expect(overlap?.classes).toEqual([
      { class: 'double-grant', ...found('double-grant'), expected: false },
      {
        class: 'stale-belief',
        ...found('stale-belief'),
        expected: false,
        counterexample: expect.objectContaining({ clients: 2, faults: 1 }),
      },
    ]);
    expect(report.flaw).toEqual({
      property: 'mutual-exclusion',
      class: 'stale-belief',
      faults: ['pause', 'delay'],
      withinRuns: 500,
      ...found('stale-belief'),
    });
  });

  test('R13 where the budget is ours its flaw is the answer, and its claims are not kept', async () => {
    expect(await check({ ...flawed, runs: 18 })).toMatchObject({
      verdict: 'invalid',
      asClaimed: false,
    });
    const all = await check({ ...flawed, ownBudget: true });
    expect(all).toMatchObject({ runs: 500, verdict: 'valid', asClaimed: false, lost: [] });
    expect(await check({ ownBudget: true })).toMatchObject({ verdict: 'valid', asClaimed: true });
  });

  test('R13 a campaign that is stopped says of its runs what one of so many says', async () => {
    const stop = new AbortController();
    const quiet = { configuration: () => {}, progress: () => stop.abort() };
    const request = { ...REQUEST, ...flawed, runs: 1_000_000 };
    const stopped = await engine.check(request, quiet, stop.signal);
    expect(stopped.interrupted).toBe(true);
    const whole = await check({ ...flawed, runs: stopped.runs });
    const found = ({ flaw, digest, properties }: LockReport) => ({
      flaw,
      digest,
      // What is told of a stopped campaign is as it was found, and not shrunk.
      classes: properties.map(({ property, class: worst, classes = [] }) => [
        property,
        worst,
        classes.map(({ counterexample: _counterexample, ...counted }) => counted),
      ]),
    });
    expect(found(stopped)).toEqual(found(whole));
  });

  test('R13 each fault class alone, and the sums of what they found', async () => {
    const faultClasses = ['pause', 'failover'] as const;
    const report = await check({ ...flawed, runs: 150, perClass: true, faultClasses });
    const [overlap] = report.properties;
    const alone = report.perClass!.map(
      ({ properties }) => properties.find(({ property }) => property === 'mutual-exclusion')!,
    );
    const runs = (name: string) =>
      alone
        .flatMap(({ classes }) => classes ?? [])
        .filter((one) => one.class === name)
        .reduce((sum, one) => sum + one.runs, 0);
    expect(alone.map((one) => one.class)).toEqual(['stale-belief', 'double-grant']);
    const names = ['double-grant', 'stale-belief', 'inherent-overlap'];
    expect(overlap?.classes).toEqual(
      names.map((name) => ({ class: name, runs: runs(name), expected: false })),
    );
    expect(report.flaw).toMatchObject({ class: 'stale-belief', runs: runs('stale-belief') });
    expect(report.flaw).not.toHaveProperty('firstRun');
  });
});

describe('D10 a lock file', () => {
  test('D10 anywhere on the disk finds holdfast, and its transpiler is named', async () => {
    const report = await check({ lock: { file: lockFile('plain', '') } });
    expect(report.algorithm).toBe('plain');
    expect(report.configuration.transpiler).toMatch(/^tsx \d/);
  });
});

test('D10 a replay code of a lock file does not find the lock by its name', async () => {
  const report = await check({ lock: { file: lockFile('elsewhere', '') } });
  const found = report.properties.find(({ counterexample }) => counterexample !== undefined);
  const { replay: code } = found!.counterexample!;
  await expect(engine.replay({ code, trace: false })).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(
      / the lock elsewhere, .* not built in; name its file with --lock$/,
    ),
  });
});

test('R6 a replay runs the workload of the recorded run, not the default', async () => {
  const report = await check({ workload: 'careless' });
  const found = report.properties.find(({ counterexample }) => counterexample !== undefined);
  const { replay: code, digest } = found!.counterexample!;
  expect(await engine.replay({ code, trace: false })).toMatchObject({
    digest,
    recordedDigest: digest,
    configuration: { workload: 'careless' },
  });
});

describe('R10 a single run in which nobody gets done', () => {
  test.each([
    ['D8 for a timer of the host is unknown', 'setTimeout(resolve, 30)', 'unknown'],
    ['for nothing at all is without progress', '', 'invalid'],
  ] as const)('R10 %s', async (_name, waits, expected) => {
    const file = lockFile(`hangs-${expected}`, `await new Promise((resolve) => { ${waits} });`);
    const found = await engine.run({ ...REQUEST, lock: { file }, run: 0 });
    expect(found.verdict).toBe(expected);
    const progress = found.properties.find(({ property }) => property === 'progress');
    expect(progress?.verdict).toBe(expected);
    const kinds = found.findings.map(({ kind }) => kind);
    expect(kinds).toContain('never-settles');
    expect(kinds.includes('real-asynchronous-work')).toBe(expected === 'unknown');
  });
});

describe('D14 a lock that takes its thread away', () => {
  test('D14 by ending the process ends a thread, and is named', async () => {
    const first = "env.monoMs(); if (env.client === 'B') process.exit(3);";
    const report = await check({ lock: { file: lockFile('exits', first) } });
    expect(report).toMatchObject({ verdict: 'unknown', runs: 0 });
    const [finding] = report.findings;
    expect(finding).toMatchObject({ kind: 'does-not-yield', host: 'B', place: 'exits.ts:7' });
    expect(finding?.message).toContain('run 0 of seed 3: client B ends its own thread');
    expect((await check({})).verdict).toBe('valid');
  });

  test.each([
    ['throwing', "throw new Error('late')"],
    ['ending it', 'process.exit(3)'],
  ])('D14 by %s when its run is long over is in nobody’s way', async (_how, late) => {
    const first = `setTimeout(() => { ${late}; }, 100);`;
    const file = lockFile('late', first);
    const { verdict } = await engine.run({ ...REQUEST, lock: { file }, run: 0 });
    expect(verdict).toBe('unknown');
    await pause(300);
    expect((await check({})).verdict).toBe('valid');
  });

  test('D14 while it is being loaded is wrong usage', async () => {
    const file = path.join(folder, 'exits-at-once.mjs');
    writeFileSync(file, 'process.exit(0);');
    await expect(check({ lock: { file } })).rejects.toThrow(/: loading it ends its own thread$/);
    const run = engine.run({ ...REQUEST, lock: { file }, run: 0 });
    await expect(run).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('D14 in a single run is told with its place', async () => {
    const file = lockFile('blocks', "env.monoMs(); if (env.client === 'B') for (;;) {}");
    const run = engine.run({ ...REQUEST, lock: { file }, run: 0 });
    await expect(run).rejects.toMatchObject({
      name: 'NoVerdict',
      message: expect.stringMatching(/^run 0 of seed 3: client B blocks .* \(blocks\.ts:7\)$/),
    });
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
    expect(finding?.message).toMatch(
      /run 0 of seed 3: client B blocks its thread, after its last environment call, monoMs at \d/,
    );
    expect((await check({})).verdict).toBe('valid');
  });

  test('D14 is not one that was silent because it did not have the processor', async () => {
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_600)';
    const report = await check({
      lock: { file: lockFile('starved', `globalThis.waited ??= ${wait};`) },
    });
    expect(report.findings).toEqual([]);
    expect(report.runs).toBeGreaterThan(0);
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
    expect(report.verdict).toBe('unknown');
    const vanished = report.properties.filter(({ reason }) => reason?.includes('broke it, '));
    expect(vanished.map(({ property }) => property)).toContain('mutual-exclusion');
    for (const { property, verdict } of vanished) {
      expect(verdict).toBe('unknown');
      const said = report.findings.find(({ message }) => message.includes(`violated ${property},`));
      expect(said?.message).toContain('and did not when it was made again');
    }
  });
});

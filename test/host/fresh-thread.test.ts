/**
 * Locks that keep something from run to run, in the engine as it is shipped: what they break is
 * told if a thread of its own shows it, as whoever replays it will see it (D15).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckRequest, Engine } from '../../src/host/engine-api.js';
import type { LockReport } from '../../src/report.js';
import { builtMain } from '../packaging/built.js';
import { lockSource } from '../packaging/lock-source.js';

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-fresh-'));
  const built = path.join(path.dirname(builtMain()), '../host/engine.js');
  engine = (await import(pathToFileURL(built).href)).createEngine();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Checks a lock whose `acquire` does this first. */
function check(name: string, first: string, request: Partial<CheckRequest>): Promise<LockReport> {
  const file = path.join(folder, `${name}.ts`);
  writeFileSync(file, lockSource(name, first));
  const quiet = { configuration: () => {}, progress: () => {} };
  const usual = { runs: 60, seed: 3, set: {}, strict: false, perClass: false };
  const asked = { ...usual, bail: false, ownBudget: false, lock: { file }, ...request };
  return engine.check(asked, quiet, new AbortController().signal);
}

const ofProgress = ({ properties }: LockReport) =>
  properties.find(({ property }) => property === 'progress')!;

const HANGS = 'await new Promise(() => {});';
/** Counts the acquires of a thread, each lock its own. */
const counted = (name: string) => `(globalThis['${name}'] = (globalThis['${name}'] ?? 0) + 1)`;
/** Checks a lock that answers nobody from the 20th acquire of a thread on. */
const checkWornOut = (name: string, request: Partial<CheckRequest>) =>
  check(name, `if (${counted(name)} > 20) ${HANGS}`, request);

test('D15 what only a thread shows that made other runs before is unknown', async () => {
  const report = await checkWornOut('wears-out', { faultClasses: ['interleaving'] });
  expect(report.findings.map(({ kind }) => kind)).toContain('not-deterministic');
  expect(ofProgress(report)).toEqual({
    property: 'progress',
    verdict: 'unknown',
    reason: expect.stringMatching(
      /^\d+ runs broke it, but not the smallest of them where no run was made before$/,
    ),
  });
  expect(report.verdict).toBe('unknown');
});

test('D15 each class of a campaign of its own is asked the same', async () => {
  const request = { perClass: true, faultClasses: ['interleaving', 'pause'] } as const;
  const { perClass, verdict } = await checkWornOut('wears-out-apart', {
    ...request,
    runs: 20,
  });
  const found = perClass!.map((one) => [one.faultClass, one.verdict]);
  expect(found).toEqual([
    ['interleaving', 'unknown'],
    ['pause', 'unknown'],
  ]);
  expect(verdict).toBe('unknown');
});

test('D15 what a thread of its own shows too is told, repeats the lock or not', async () => {
  const first = `await env.sleep(${counted('hangs')}); ${HANGS}`;
  const report = await check('hangs', first, { faultClasses: ['interleaving'] });
  expect(report.findings.map(({ kind }) => kind)).toContain('not-deterministic');
  expect(ofProgress(report)).toMatchObject({ verdict: 'invalid', expected: false });
});

test('D8 luck excuses nothing: what it made a lock break is told', async () => {
  const first = `if (Math.random() < 0.5) ${HANGS}`;
  const report = await check('by-luck', first, { faultClasses: ['interleaving'] });
  expect(ofProgress(report).verdict).toBe('invalid');
  expect(report.verdict).toBe('invalid');
});

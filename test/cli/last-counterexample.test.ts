/** The last counterexample is remembered where caches go, and nowhere else. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lastCounterexample, remember } from '../../src/cli/last-counterexample.js';
import { engineThat, holdfast } from './command-line.js';
import { brokenReport, CODE, lockReport } from './reports.js';

const cache = mkdtempSync(path.join(tmpdir(), 'holdfast-last-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
const env = { XDG_CACHE_HOME: cache };

test('a check remembers its first counterexample, and one without leaves it', async () => {
  const broken = brokenReport('pause inside the write');
  await holdfast(['check', 'set-nx'], { engine: engineThat(broken), env });
  expect(lastCounterexample(env)).toEqual({ code: CODE });
  await holdfast(['check', 'set-nx'], { engine: engineThat(lockReport()), env });
  expect(lastCounterexample(env)).toEqual({ code: CODE });
});

test('the file of a lock is remembered from the root on', () => {
  remember(env, { code: CODE, lockFile: './my-lock.ts' });
  expect(lastCounterexample(env)).toEqual({ code: CODE, lockFile: path.resolve('my-lock.ts') });
});

test('a damaged memory is none', () => {
  const file = path.join(cache, 'holdfast', 'last-counterexample.json');
  expect(readFileSync(file, 'utf8')).toContain(CODE);
  writeFileSync(file, '{"code":');
  expect(lastCounterexample(env)).toBeUndefined();
});

test('without a place for caches nothing is written', () => {
  remember({}, { code: CODE });
  expect(lastCounterexample({})).toBeUndefined();
  expect(existsSync('holdfast')).toBe(false);
});

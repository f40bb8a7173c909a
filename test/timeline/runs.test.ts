/** Traces of runs that the command made, on each service and under every fault. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { builtMain } from '../packaging/built.js';
import { expectTrace } from './trace-of.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-traces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['blind-delete', '12'],
  ['redlock', '3'],
  ['redisson-read-write', '5'],
  ['lease-lock', '2'],
  ['postgres-table-fenced', '9'],
  ['zookeeper-lock', '7'],
])('of %s, run %s', (lock, run) => {
  const file = path.join(folder, `${lock}.json`);
  const argv = ['run', lock, '--seed', '1', '--run', run, '--trace', file, '--quiet'];
  const { stderr } = spawnSync(process.execPath, [builtMain(), ...argv], { encoding: 'utf8' });
  expect(stderr).toBe(`the trace is in ${file}\n`);
  const { meta, ev, msg } = expectTrace(JSON.parse(readFileSync(file, 'utf8')));
  expect(meta).toMatchObject({ algorithm: lock, source: 'simulated', truth: 'exact' });
  expect(ev.dt.length).toBeGreaterThan(20);
  expect(msg.dt.length).toBeGreaterThan(20);
});

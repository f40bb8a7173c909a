/** Copies of a run: the command and the test are carried out, with the package as it was built. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCommand, asTest } from '../../src/lab/copies.js';
import { ROOT } from '../architecture/source.js';
import { builtMain } from '../packaging/built.js';
import { broken, drawn, type Played, played } from './played.js';

const folder = path.join(ROOT, '.holdfast');
let work = '';
let run: Played;
beforeAll(async () => {
  builtMain();
  mkdirSync(folder, { recursive: true });
  work = mkdtempSync(path.join(folder, 'copies-'));
  run = await played(await broken(drawn('set-nx', 0, { faultClasses: [], clients: 2 })));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const inShell = (command: string) =>
  spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });

function vitestOn(text: string) {
  const file = path.join(work, 'copied.test.ts');
  writeFileSync(file, text);
  const { CI: _ci, ...env } = process.env;
  const config = path.join(work, 'vitest.config.mjs');
  // So short that only a test with a time of its own can pass.
  writeFileSync(config, 'export default { test: { testTimeout: 1 } };\n');
  const args = ['vitest', 'run', '--root', work, '--config', config];
  return spawnSync('npx', args, { cwd: ROOT, encoding: 'utf8', env });
}

describe('a run', () => {
  it('copied as a command is made again, digest and all', () => {
    const command = asCommand(run.replay);
    expect(command).toBe(`npx holdfast replay ${run.replay}`);
    const { stdout, stderr } = inShell(`${command} --json`);
    expect(JSON.parse(stdout).digest, stderr).toBe(run.digest);
  });

  it('copied as a test passes, and fails once the run is another', () => {
    const text = asTest({ ...run, algorithm: 'set-nx' });
    expect(text).toContain("it('set-nx breaks ");
    const { stdout, stderr, status } = vitestOn(text);
    expect(status, stdout + stderr).toBe(0);
    const other = text.replace("verdict: 'invalid'", "verdict: 'valid'");
    expect(other).not.toBe(text);
    expect(vitestOn(other).status).toBe(1);
  });
});

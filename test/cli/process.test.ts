/** The command as a process of its own: signals, streams, and what is left when it is over. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { builtMain } from '../packaging/built.js';
import { lockSource } from '../packaging/lock-source.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; `watch` sees it and what it has printed whenever it has printed more. */
function command(
  argv: readonly string[],
  watch: (child: ChildProcess, err: string) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [builtMain(), ...argv], { cwd: folder });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      watch(child, err);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

function lockFile(name: string, first: string): string {
  writeFileSync(path.join(folder, name), lockSource('mine', first));
  return `./${name}`;
}

test('what a lock writes to the standard output is not in the document', async () => {
  const file = lockFile('loud.mjs', "process.stdout.write('raw\\n'); console.log('hello');");
  const { out, err } = await command(['check', file, '--runs', '3', '--json']);
  expect(JSON.parse(out)).toMatchObject({ algorithm: 'mine', runs: 3 });
  expect(err).toContain('raw\n');
});

/** Says that the lock is at work, so that a test knows when to interrupt. */
const RUNNING = "if (!globalThis.said) process.stderr.write('running\\n'); globalThis.said = true;";

test('an interruption ends the search, and the document is whole', async () => {
  const file = lockFile('slow.mjs', RUNNING);
  let interrupted = false;
  const { code, out } = await command(
    ['check', file, '--runs', '1000000', '--json'],
    (child, err) => {
      if (interrupted || !err.includes('running')) return;
      interrupted = true;
      child.kill('SIGINT');
    },
  );
  const report = JSON.parse(out);
  expect(report.interrupted).toBe(true);
  expect(code).toBe(report.verdict === 'invalid' ? 1 : 130);
});

test('an interruption is heard while lock code blocks', async () => {
  const file = lockFile('blocks.mjs', `${RUNNING} for (;;) {}`);
  const { code, out } = await command(['check', file, '--json'], (child, err) => {
    if (!err.includes('running')) return;
    child.kill('SIGINT');
    child.kill('SIGINT');
  });
  expect({ code, out }).toEqual({ code: 130, out: '' });
});

test('an interruption is enough to give up on a file that never loads', async () => {
  writeFileSync(path.join(folder, 'stuck.mjs'), "process.stderr.write('running\\n'); for (;;) {}");
  let interrupted = false;
  const { code, err } = await command(['check', './stuck.mjs'], (child, text) => {
    if (interrupted || !text.includes('running')) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  expect(code).toBe(64);
  expect(err).toContain('holdfast: ./stuck.mjs: loading it does not end\n');
});

/** Runs the command with one of its outputs where no disk has room. */
function withFull(output: 1 | 2, argv: readonly string[]) {
  const full = openSync('/dev/full', 'w');
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'];
  stdio[output] = full;
  const words = [builtMain(), ...argv];
  const { status, stderr } = spawnSync(process.execPath, words, { stdio, encoding: 'utf8' });
  closeSync(full);
  return { status, stderr };
}

test.each(['--version', '--help', 'explain', 'list'])('a full disk is told: %s', (word) => {
  expect(withFull(1, [word])).toEqual({
    status: 64,
    stderr:
      'holdfast: the standard output cannot be written (ENOSPC); make room, or send it elsewhere\n',
  });
});

test('a full disk for what is told changes no exit code', () => {
  expect(withFull(2, ['nonsense']).status).toBe(64);
});

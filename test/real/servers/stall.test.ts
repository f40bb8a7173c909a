/** The disk of a process can hang: who writes out a log waits, and the rest of it goes on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Disk } from '../../../src/real/servers/stall/stall.js';

/** Says which of its two files it has written out, over and over again. */
const WRITER = `
const { open } = require('node:fs/promises');
const write = async (name) => {
  const file = await open(name, 'w');
  for (;;) {
    await file.write(name);
    await file.datasync();
    process.stdout.write(name + '\\n');
    await new Promise((go) => setTimeout(go, 5));
  }
};
write('0.wal');
write('data');
`;

let folder = '';
let writer: ChildProcess | undefined;
afterEach(async () => {
  writer?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 4_000 && !isTrue(); tries++) await pause(1);
}

test('only who writes out a log waits, and goes on when the disk does', async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-stall-'));
  const child = spawn(process.execPath, ['-e', WRITER], { cwd: folder });
  writer = child;
  const written = { '0.wal': 0, data: 0 };
  child.stdout.on('data', (bytes: Buffer) => {
    for (const name of String(bytes).trim().split('\n')) written[name as 'data'] += 1;
  });
  await until(() => written['0.wal'] > 2 && written.data > 2);
  const disk = await Disk.open(folder, '.wal');
  await disk.hang(child.pid!, () => {});
  // What was under way has come.
  await pause(50);
  const before = { ...written };
  await until(() => written.data > before.data + 5);
  expect(written['0.wal']).toBe(before['0.wal']);
  disk.resume();
  await until(() => written['0.wal'] > before['0.wal'] + 2);
  expect(written['0.wal']).toBeGreaterThan(before['0.wal'] + 2);
});

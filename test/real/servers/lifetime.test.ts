/** What a tool leaves behind when it ends: nothing, and after a SIGKILL nothing for long. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { startPostgres } from '../../../src/real/servers/postgres.js';
import { identityOf } from '../../../src/real/servers/process-identity.js';
import {
  processFile,
  processOf,
  readRecords,
  remove,
  removeOrphans,
  type ServerRecord,
  stateFolder,
  writeRecord,
} from '../../../src/real/servers/state.js';
import { ServerTrouble } from '../../../src/real/servers/trouble.js';
import { itNeeds, runs } from './needing.js';

const ABANDONER = 'test/real/servers/abandoner.ts';
const before = process.env['XDG_CACHE_HOME'];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-lifetime-'));
  process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
});
afterEach(() => {
  removeOrphans();
  process.env['XDG_CACHE_HOME'] = before;
  rmSync(folder, { recursive: true });
});

/** The tool, and the pids of the servers that it started. */
async function abandoner(
  ...also: readonly string[]
): Promise<{ tool: ChildProcess; pids: readonly number[] }> {
  const tool = spawn(process.execPath, ['--import', 'tsx', ABANDONER, ...also], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(tool.stdout!, 'data')) as [Buffer];
  return { tool, pids: JSON.parse(line.toString()) as number[] };
}

async function end(tool: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  tool.kill(signal);
  await once(tool, 'exit');
}

const itServers = itNeeds('redis', 'postgres');
const foldersOfRecords = () => readRecords().map(([, record]) => record.folder);

describe('servers of a tool', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    itNeeds('redis')(`end with it at ${signal}`, async () => {
      const { tool, pids } = await abandoner();
      const folders = foldersOfRecords();
      expect(folders.map((one) => existsSync(one))).toEqual([true]);
      await end(tool, signal);
      expect(tool.signalCode).toBe(signal);
      expect(pids.map(runs)).toEqual([false]);
      expect(folders.map((one) => existsSync(one))).toEqual([false]);
      expect(readdirSync(stateFolder())).toEqual([]);
    });
  }

  itServers('outlive it after a SIGKILL until the next start, which ends them', async () => {
    const { tool, pids } = await abandoner('postgres');
    const folders = foldersOfRecords();
    expect(removeOrphans()).toEqual([]);
    await end(tool, 'SIGKILL');
    expect(pids.map(runs)).toEqual([true, true]);
    expect(
      removeOrphans()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['postgres', 'redis']);
    expect(pids.map(runs)).toEqual([false, false]);
    expect(folders.map((one) => existsSync(one))).toEqual([false, false]);
    expect(readdirSync(stateFolder())).toEqual([]);
  });

  itNeeds('postgres')('are not being made any more when what is there is removed', async () => {
    const opening = startPostgres().catch((error: Error) => error);
    while (readRecords().flatMap(([, record]) => processOf(record) ?? []).length === 0) {
      await pause(1);
    }
    const [[file, record]] = readRecords() as [[string, ServerRecord]];
    const { pid } = processOf(record)!;
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('initdb');
    remove(file, record);
    expect(runs(pid)).toBe(false);
    expect(await opening).toBeInstanceOf(ServerTrouble);
    expect(existsSync(record.folder)).toBe(false);
  });

  itServers('are not mistaken for a stranger who has their pid by now', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    const home = mkdtempSync(path.join(tmpdir(), 'holdfast-server-'));
    const { pid, startedAt } = identityOf(stranger.pid!)!;
    const fields = ['S', '1', ...Array.from({ length: 17 }, () => '0')].join(' ');
    writeFileSync(processFile(home), `${pid} (redis-server) ${fields} ${Number(startedAt) - 1}\n`);
    writeRecord(path.join(stateFolder(), 'gone.json'), {
      entry: { kind: 'redis', id: 'r1', host: '127.0.0.1', port: 1, url: '', version: '7.0.15' },
      folder: home,
      user: process.getuid!(),
      owner: { pid, startedAt: 'another', boot: 'another' },
    });
    expect(removeOrphans()).toHaveLength(1);
    expect(existsSync(home)).toBe(false);
    expect(runs(stranger.pid)).toBe(true);
    await end(stranger, 'SIGKILL');
  });
});

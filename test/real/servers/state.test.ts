/** Records of servers, and processes that are known again: what is believed, and what is not. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  familyOf,
  identityIn,
  identityOf,
  isAlive,
  isStopped,
  listensOn,
} from '../../../src/real/servers/process-identity.js';
import { freezeFamily, killFamily, thawFamily } from '../../../src/real/servers/signals.js';
import {
  makeFolder,
  readRecords,
  removeOrphans,
  stateFolder,
  writeWhole,
} from '../../../src/real/servers/state.js';
import { runs } from './needing.js';

const before = process.env['XDG_CACHE_HOME'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-state-'));
  process.env['XDG_CACHE_HOME'] = folder;
});
afterEach(() => {
  process.env['XDG_CACHE_HOME'] = before;
  rmSync(folder, { recursive: true });
});

describe('records', () => {
  it('of another form are left alone, with what they name', () => {
    const precious = path.join(folder, 'precious');
    mkdirSync(precious);
    const dead = { pid: 1, startedAt: 'never', boot: 'another' };
    const entry = { kind: 'redis', id: 'r1' };
    const files = {
      'half.json': '{"folder":',
      'empty.json': '{}',
      'no-owner.json': JSON.stringify({ folder: path.join(folder, 'holdfast-server-x'), entry }),
      'elsewhere.json': JSON.stringify({ folder: precious, user: 0, owner: dead, entry }),
      'draft.json.123': 'x',
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path.join(stateFolder(), name), text);
    }
    expect(readRecords()).toEqual([]);
    expect(removeOrphans()).toEqual([]);
    expect(existsSync(precious)).toBe(true);
  });

  it('cannot be kept where nothing can be written, which is said', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    process.env['XDG_CACHE_HOME'] = file;
    const help = 'set XDG_CACHE_HOME to a folder that can be written';
    expect(() => stateFolder()).toThrow(help);
    expect(() => writeWhole(path.join(file, 'record.json'), '{}')).toThrow(help);
    expect(() => makeFolder(path.join(file, 'server'))).toThrow(
      /\(ENOTDIR: .*\): set TMPDIR to a folder that can be written$/,
    );
  });
});

describe('a process', () => {
  it('is known by its pid and when it began', () => {
    const identity = identityOf(process.pid)!;
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startedAt: `${Number(identity.startedAt) + 1}` })).toBe(false);
    expect(isAlive({ ...identity, boot: 'another' })).toBe(false);
  });

  it('may have any name', () => {
    const file = path.join(folder, 'process');
    const numbers = Array.from({ length: 40 }, (_none, at) => at + 4).join(' ');
    writeFileSync(file, `77 (a) R 1 (b) c) S ${numbers}\n`);
    // proc(5): the 22nd field; the state is the third, and the numbers begin with the fourth.
    expect(identityIn(file)).toMatchObject({ pid: 77, startedAt: '22' });
    writeFileSync(file, '77 (cut');
    expect(identityIn(file)).toBeUndefined();
  });

  it('is frozen, thawed and ended with its children', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(parent.stdout!, 'data');
    const identity = identityOf(parent.pid!)!;
    const family = familyOf(parent.pid!);
    expect(family).toHaveLength(2);
    expect(freezeFamily(identity)).toEqual(family);
    expect(family.map(isStopped)).toEqual([true, true]);
    thawFamily(identity);
    while (family.some(isStopped)) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(killFamily(identity)).toBe(true);
    expect(family.map(runs)).toEqual([false, false]);
    expect(freezeFamily(identity)).toEqual([]);
  });

  it('listens where it listens, and nowhere else', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(listensOn(process.pid, port)).toBe(true);
    expect(listensOn(process.ppid, port)).toBe(false);
    server.close();
    await once(server, 'close');
    expect(listensOn(process.pid, port)).toBe(false);
  });
});

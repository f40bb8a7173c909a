/**
 * A real redis-server of one's own: on a free loopback port, without persistence, in a temporary
 * folder, and gone at the end whatever happens.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from './connection.js';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** `redis 7.0.15`, from the program itself. */
export function serverVersion(): string {
  const output = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return `redis ${/ v=(\S+)/.exec(output)?.[1] ?? 'unknown'}`;
}

async function connectWhenReady(port: number): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await Connection.open(port);
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function stop(server: ChildProcess, folder: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    if (server.exitCode !== null || server.pid === undefined) return finish();
    server.once('exit', finish);
    server.kill('SIGKILL');
  });
}

/**
 * Starts a server, hands its port, a connection and its folder to `use`, and stops it. Expired keys
 * are looked for 100 times a second (`hz`), so that short waits are enough.
 */
export async function withRedis<T>(
  use: (port: number, control: Connection, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-record-'));
  const port = await freePort();
  const options = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    hz: 100,
    'enable-debug-command': 'local',
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const kill = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = () => process.exit(130);
  process.once('exit', kill);
  process.once('SIGINT', leave);
  try {
    const control = await connectWhenReady(port);
    try {
      return await use(port, control, folder);
    } finally {
      control.close();
    }
  } finally {
    process.off('exit', kill);
    process.off('SIGINT', leave);
    await stop(server, folder);
  }
}

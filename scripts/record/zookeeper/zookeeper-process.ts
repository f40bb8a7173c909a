/**
 * A real ZooKeeper server of one's own: on a free loopback port, in a temporary folder, and gone at
 * the end whatever happens.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from './connection.js';

const JAR = '/usr/share/java/zookeeper.jar';

export interface ServerSettings {
  readonly tickTimeMs: number;
  readonly containerCheckIntervalMs: number;
  /** Absent: 20 ticks. */
  readonly maxSessionTimeoutMs?: number;
}

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

/** `zookeeper 3.8.0`, from the program itself. */
export function serverVersion(): string {
  const args = ['-cp', JAR, 'org.apache.zookeeper.version.VersionInfoMain'];
  const output = execFileSync('java', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return `zookeeper ${/(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? 'unknown'}`;
}

async function waitUntilReady(port: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      (await Connection.open(port, () => 0)).drop();
      return;
    } catch (error) {
      if (attempt === 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function configuration(folder: string, port: number, settings: ServerSettings): string {
  const { tickTimeMs, maxSessionTimeoutMs } = settings;
  return [
    `tickTime=${tickTimeMs}`,
    `dataDir=${folder}/data`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    'maxClientCnxns=0',
    ...(maxSessionTimeoutMs === undefined ? [] : [`maxSessionTimeout=${maxSessionTimeoutMs}`]),
    '',
  ].join('\n');
}

function start(folder: string, settings: ServerSettings): ChildProcess {
  const properties = {
    'zookeeper.forceSync': 'no',
    'znode.container.checkIntervalMs': String(settings.containerCheckIntervalMs),
  };
  const options = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', JAR];
  for (const [name, value] of Object.entries(properties)) options.push(`-D${name}=${value}`);
  const main = 'org.apache.zookeeper.server.ZooKeeperServerMain';
  return spawn('java', [...options, main, join(folder, 'zoo.cfg')], { stdio: 'ignore' });
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

/** Starts a server, hands its port to `use`, and stops it. */
export async function withZooKeeper<T>(
  settings: ServerSettings,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-record-'));
  const port = await freePort();
  writeFileSync(join(folder, 'zoo.cfg'), configuration(folder, port, settings));
  const server = start(folder, settings);
  const kill = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = () => process.exit(130);
  process.once('exit', kill);
  process.once('SIGINT', leave);
  try {
    await waitUntilReady(port);
    return await use(port);
  } finally {
    process.off('exit', kill);
    process.off('SIGINT', leave);
    await stop(server, folder);
  }
}

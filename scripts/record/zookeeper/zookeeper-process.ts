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

export function freePort(): Promise<number> {
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

export const JAVA_OPTIONS = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-cp',
  JAR,
] as const;

function stop(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) {
      return resolve();
    }
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
}

/** Hands a folder and a way to start java to `use`; at the end both are gone. */
export async function withProcesses<T>(
  use: (folder: string, start: (args: readonly string[]) => ChildProcess) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-record-'));
  const servers: ChildProcess[] = [];
  const kill = () => {
    for (const server of servers) server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = () => process.exit(130);
  process.once('exit', kill);
  process.once('SIGINT', leave);
  try {
    return await use(folder, (args) => {
      const server = spawn('java', args, { stdio: 'ignore' });
      servers.push(server);
      return server;
    });
  } finally {
    process.off('exit', kill);
    process.off('SIGINT', leave);
    await Promise.all(servers.map(stop));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a server, hands its port to `use`, and stops it. */
export function withZooKeeper<T>(
  settings: ServerSettings,
  use: (port: number) => Promise<T>,
): Promise<T> {
  return withProcesses(async (folder, start) => {
    const port = await freePort();
    writeFileSync(join(folder, 'zoo.cfg'), configuration(folder, port, settings));
    const interval = `-Dznode.container.checkIntervalMs=${settings.containerCheckIntervalMs}`;
    const main = 'org.apache.zookeeper.server.ZooKeeperServerMain';
    const properties = ['-Dzookeeper.forceSync=no', interval];
    start([...JAVA_OPTIONS, ...properties, main, join(folder, 'zoo.cfg')]);
    await waitUntilReady(port);
    return await use(port);
  });
}

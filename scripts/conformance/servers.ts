/** Lends real servers to whoever compares them with the simulated ones, and ends them then. */
import { programOf } from '../../src/real/servers/available.js';
import { startEtcd } from '../../src/real/servers/etcd.js';
import { type PostgresServer, startPostgres } from '../../src/real/servers/postgres.js';
import { startRedis } from '../../src/real/servers/redis.js';
import type { RealServer, ServerKind } from '../../src/real/servers/server.js';
import { startZooKeeper, type ZooKeeperOptions } from '../../src/real/servers/zookeeper.js';
import { Connection } from '../record/redis/connection.js';

/** `redis 7.0.15`. */
export function versionOf(kind: ServerKind): string {
  return `${kind} ${programOf(kind).version}`;
}

interface Lent {
  stop(): Promise<void>;
}

async function lend<S extends Lent, T>(server: S, use: (server: S) => Promise<T>): Promise<T> {
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

export async function withRedis<T>(
  use: (port: number, control: Connection) => Promise<T>,
): Promise<T> {
  const server = await startRedis({ settings: { 'enable-debug-command': 'local' } });
  return lend(server, async ({ port }) => {
    const control = await Connection.open(port);
    try {
      return await use(port, control);
    } finally {
      control.close();
    }
  });
}

/** With room for the sessions of several databases. */
export async function withPostgres<T>(use: (server: PostgresServer) => Promise<T>): Promise<T> {
  return lend(await startPostgres({ settings: { max_connections: '60' } }), use);
}

/** One member, with elections as they are unless somebody sets them. */
export async function withEtcd<T>(use: (members: readonly RealServer[]) => Promise<T>): Promise<T> {
  const cluster = await startEtcd({ members: 1, heartbeatMs: 100, electionMs: 1_000 });
  return lend(cluster, ({ members }) => use(members));
}

export async function withZooKeeper<T>(
  settings: ZooKeeperOptions,
  use: (port: number) => Promise<T>,
): Promise<T> {
  return lend(await startZooKeeper(settings), ({ servers }) => use(servers[0]!.port));
}

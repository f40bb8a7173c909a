/** A real ZooKeeper of one server, for tests of its clients. */
import type { ZooKeeperSession } from '../../../src/algorithms/zookeeper.js';
import { zookeeperClient } from '../../../src/real/client/zookeeper.js';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { CallLog, type StartedService } from './real-arm.js';

/** Sessions last two of its ticks, or longer. */
const TICK_MS = 200;
export const TIMEOUT_MS = 20 * TICK_MS;

async function removeBelow(session: ZooKeeperSession, path: string): Promise<void> {
  for (const name of await session.getChildren(path)) {
    const child = path === '/' ? `/${name}` : `${path}/${name}`;
    if (child === '/zookeeper') continue;
    await removeBelow(session, child);
    await session.delete(child);
  }
}

export async function startZooKeeperService(): Promise<StartedService> {
  const ensemble = await startZooKeeper({ tickTimeMs: TICK_MS });
  const { port } = ensemble.servers[0]!;
  const at = { server: 'z1', host: '127.0.0.1', port };
  return {
    service: 'zookeeper',
    answersAtEnd: false,
    ports: [port],
    async clear() {
      const session = zookeeperClient(new CallLog(), at).connect({ timeoutMs: TIMEOUT_MS });
      await removeBelow(session, '/');
      session.close();
    },
    open(calls, [address]) {
      const client = zookeeperClient(calls, address!);
      const sessions: ZooKeeperSession[] = [];
      const connect: typeof client.connect = (options) => {
        const session = client.connect(options);
        sessions.push(session);
        return session;
      };
      return {
        services: { zookeeper: [{ server: client.server, connect }] },
        close: () => {
          for (const session of sessions) session.close();
        },
      };
    },
    stop: () => ensemble.stop(),
  };
}

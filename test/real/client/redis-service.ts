/** Real Redis servers, the first with two replicas, for tests of their clients. */
import { redisConnection } from '../../../src/real/client/redis.js';
import { startRedis } from '../../../src/real/servers/redis.js';
import { CallLog, type StartedService } from './real-arm.js';

export interface RedisService extends StartedService {
  /** Kills the first server, and starts it again with nothing. */
  restart(): Promise<void>;
}

/** As many as the locks of several servers use by default. */
export const SERVERS = 5;

const REPLICAS = 2;

export async function startRedisService(servers: number): Promise<RedisService> {
  const primaries = await Promise.all(
    Array.from({ length: servers }, (_, at) => startRedis({ id: `r${at + 1}` })),
  );
  const [first] = primaries;
  const replicas = await Promise.all(
    Array.from({ length: REPLICAS }, (_, at) =>
      startRedis({ id: `r1-replica-${at + 1}`, replicaOf: first! }),
    ),
  );
  await Promise.all(replicas.map((replica) => replica.caughtUp(first!)));
  const admins = primaries.map(({ id, host, port }) =>
    redisConnection(new CallLog(), { server: id, host, port }),
  );
  return {
    service: 'redis',
    answersAtEnd: true,
    ports: primaries.map(({ port }) => port),
    async clear() {
      for (const admin of admins) {
        await admin.call('FLUSHALL');
        await admin.call('SCRIPT', 'FLUSH');
      }
    },
    open(calls, addresses) {
      const redis = addresses.map((address) => redisConnection(calls, address));
      return {
        services: { redis },
        close: () => {
          for (const connection of redis) connection.close();
        },
      };
    },
    async restart() {
      await first!.kill();
      await first!.start();
    },
    async stop() {
      for (const admin of admins) admin.close();
      for (const server of [...replicas, ...primaries]) await server.stop();
    },
  };
}

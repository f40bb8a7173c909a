/**
 * How servers of each service are connected with. A client library takes tenths of a second to load,
 * and a run has many processes: each loads the libraries of the servers that it has, and no others.
 */
import { type Service, serviceOf } from '../../service.js';
import type { Address } from './client-calls.js';

const LOAD = {
  redis: async () => (await import('./redis.js')).redisConnection,
  postgres: async () => (await import('./postgres.js')).postgresConnection,
  etcd: async () => (await import('./etcd.js')).etcdConnection,
  zookeeper: async () => (await import('./zookeeper.js')).zookeeperClient,
} as const satisfies Readonly<Record<Service, () => Promise<unknown>>>;

/** Those of the services that there are servers of. */
export type Connectors = { readonly [S in Service]?: Awaited<ReturnType<(typeof LOAD)[S]>> };

export async function connectorsFor(servers: readonly Address[]): Promise<Connectors> {
  const services = new Set(servers.map(({ server }) => serviceOf(server)));
  const { redis, postgres, etcd, zookeeper } = LOAD;
  return {
    ...(services.has('redis') && { redis: await redis() }),
    ...(services.has('postgres') && { postgres: await postgres() }),
    ...(services.has('etcd') && { etcd: await etcd() }),
    ...(services.has('zookeeper') && { zookeeper: await zookeeper() }),
  };
}

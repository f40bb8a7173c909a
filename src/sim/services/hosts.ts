/**
 * What stands for a service in a run: the host of its servers, and a client's way to one. Loaded
 * when a run needs it, because the parts of all services take longer to load than many runs; those
 * of Redis are there from the start.
 */
import type { RedisConnection } from '../../algorithms/environment.js';
import type { EtcdConnection } from '../../algorithms/etcd-connection.js';
import type { PostgresConnection } from '../../algorithms/postgres-connection.js';
import type { ZooKeeperClient } from '../../algorithms/zookeeper.js';
import type { ServerPlan } from '../../scenario.js';
import { type Service, serviceOf } from '../../service.js';
import { SimRedisConnection } from './redis-connection.js';
import { RedisHost } from './redis-host.js';
import type { Route } from './service-connection.js';
import type { ServiceHost, ServiceWorld } from './service-host.js';

/** What a client of each service is given. */
interface Connections {
  redis: RedisConnection;
  etcd: EtcdConnection;
  postgres: PostgresConnection;
  zookeeper: ZooKeeperClient;
}

interface Parts<S extends Service> {
  readonly Host: new (shared: ServiceWorld, plan: ServerPlan, index: number) => ServiceHost;
  readonly Connection: new (route: Route) => Connections[S];
}

type Loaded = { [S in Service]?: Parts<S> };

const loaded: Loaded = { redis: { Host: RedisHost, Connection: SimRedisConnection } };

const load: { readonly [S in Exclude<Service, 'redis'>]: () => Promise<Parts<S>> } = {
  etcd: async () => ({
    Host: (await import('./etcd-host.js')).EtcdHost,
    Connection: (await import('./etcd-connection.js')).SimEtcdConnection,
  }),
  postgres: async () => ({
    Host: (await import('./postgres-host.js')).PostgresHost,
    Connection: (await import('./postgres-connection.js')).SimPostgresConnection,
  }),
  zookeeper: async () => ({
    Host: (await import('./zookeeper-host.js')).ZooKeeperHost,
    Connection: (await import('./zookeeper-client.js')).SimZooKeeperClient,
  }),
};

/** The service of these servers, if `loadService` must be awaited before their hosts are made. */
export function serviceToLoad(plans: readonly ServerPlan[]): Service | undefined {
  for (const { id } of plans) {
    const service = serviceOf(id);
    if (service !== undefined && loaded[service] === undefined) return service;
  }
  return undefined;
}

export async function loadService(service: Service): Promise<void> {
  if (service !== 'redis') (loaded as Record<Service, unknown>)[service] = await load[service]();
}

export function createHost(shared: ServiceWorld, plan: ServerPlan, index: number): ServiceHost {
  const service = serviceOf(plan.id);
  if (service === undefined) throw new TypeError(`no simulated server is called ${plan.id}`);
  const { Host } = loaded[service]!;
  return new Host(shared, plan, index);
}

const NONE: readonly never[] = Object.freeze([]);

/** A client's ways to the servers of one service, in order; a lock uses one service mostly. */
export function connectionsTo<S extends Service>(
  service: S,
  routes: readonly Route[],
): readonly Connections[S][] {
  let connections: Connections[S][] | undefined;
  for (const route of routes) {
    if (route.host.service !== service) continue;
    const { Connection } = loaded[service] as Parts<S>;
    (connections ??= []).push(new Connection(route));
  }
  return connections ?? NONE;
}

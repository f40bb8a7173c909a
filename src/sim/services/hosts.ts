/**
 * What stands for a service in a run: the host of its servers, and a client's way to one. Loaded
 * when a run needs it, because the parts of all services take longer to load than many runs; those
 * of Redis are there from the start.
 */
import type { RedisConnection } from '../../algorithms/environment.js';
import type { EtcdConnection } from '../../algorithms/etcd-connection.js';
import type { PostgresConnection } from '../../algorithms/postgres-connection.js';
import type { ZooKeeperClient } from '../../algorithms/zookeeper.js';
import type { HostId } from '../../fault.js';
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

/** What is asked of a server here; a plan of one has it. */
interface Named {
  readonly id: HostId;
}

/** Whether `loadServices` must be awaited before hosts for these servers can be made. */
export function mustLoad(servers: readonly Named[]): boolean {
  return servers.some(({ id }) => serviceToLoad(id) !== undefined);
}

/** Loads what stands for these servers, if it is not there yet. */
export async function loadServices(servers: readonly Named[]): Promise<void> {
  for (const { id } of servers) {
    const service = serviceToLoad(id);
    if (service !== undefined)
      (loaded as Record<Service, unknown>)[service] = await load[service]();
  }
}

function serviceToLoad(server: HostId): Exclude<Service, 'redis'> | undefined {
  const service = serviceOf(server);
  if (service === undefined || service === 'redis') return undefined;
  return loaded[service] === undefined ? service : undefined;
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

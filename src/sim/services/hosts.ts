/** Which host stands for a server, by the service it belongs to. */
import type { ServerPlan } from '../../scenario.js';
import { serviceOf } from '../../service.js';
import { EtcdHost } from './etcd-host.js';
import type { PostgresHost } from './postgres-host.js';
import { RedisHost } from './redis-host.js';
import type { ServiceHost, ServiceWorld } from './service-host.js';
import { ZooKeeperHost } from './zookeeper-host.js';

/** The parser of SQL takes a tenth of a second to load: only a run that needs it waits for it. */
let Postgres: typeof PostgresHost | undefined;

/** Whether `loadHosts` must be awaited before hosts for these servers can be created. */
export function mustLoad(plans: readonly ServerPlan[]): boolean {
  return Postgres === undefined && plans.some(({ id }) => serviceOf(id) === 'postgres');
}

export async function loadHosts(): Promise<void> {
  Postgres = (await import('./postgres-host.js')).PostgresHost;
}

export function createHost(shared: ServiceWorld, plan: ServerPlan, index: number): ServiceHost {
  const service = serviceOf(plan.id);
  switch (service) {
    case 'redis':
      return new RedisHost(shared, plan, index);
    case 'etcd':
      return new EtcdHost(shared, plan, index);
    case 'postgres':
      return new Postgres!(shared, plan, index);
    case 'zookeeper':
      return new ZooKeeperHost(shared, plan, index);
    default:
      throw new TypeError(`no simulated server is called ${plan.id}`);
  }
}

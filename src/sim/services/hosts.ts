/** Which host stands for a server, by the service it belongs to. */
import type { ServerPlan } from '../../scenario.js';
import { serviceOf } from '../../service.js';
import { EtcdHost } from './etcd-host.js';
import { PostgresHost } from './postgres-host.js';
import { RedisHost } from './redis-host.js';
import type { ServiceHost, ServiceWorld } from './service-host.js';
import { ZooKeeperHost } from './zookeeper-host.js';

export function createHost(shared: ServiceWorld, plan: ServerPlan, index: number): ServiceHost {
  const service = serviceOf(plan.id);
  switch (service) {
    case 'redis':
      return new RedisHost(shared, plan, index);
    case 'etcd':
      return new EtcdHost(shared, plan, index);
    case 'postgres':
      return new PostgresHost(shared, plan, index);
    case 'zookeeper':
      return new ZooKeeperHost(shared, plan, index);
    default:
      throw new TypeError(`no simulated server is called ${plan.id}`);
  }
}

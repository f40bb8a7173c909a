/**
 * The coordination services that a lock may use, and how their servers are named: `r1`, `r2` for
 * Redis servers, `e1` for an etcd cluster, `p1` for a PostgreSQL, `z1` for a ZooKeeper ensemble. A
 * cluster that answers as one is one server here; what happens inside it, a change of its leader
 * say, is its fault class `failover`.
 */
import type { HostId } from './fault.js';

export const SERVICES = ['redis', 'etcd', 'postgres', 'zookeeper'] as const;
export type Service = (typeof SERVICES)[number];

const LETTERS: Readonly<Record<Service, string>> = {
  redis: 'r',
  etcd: 'e',
  postgres: 'p',
  zookeeper: 'z',
};
const SERVER_NAME = /^[repz][1-9]\d*$/;

/** The servers of a service, in order. */
export function serverNames(service: Service, count: number): HostId[] {
  return Array.from({ length: count }, (_, index) => `${LETTERS[service]}${index + 1}`);
}

/** The service that a server belongs to; `undefined` for a name that no server has. */
export function serviceOf(host: HostId): Service | undefined {
  const letter = SERVER_NAME.test(host) ? host[0] : '';
  for (const service of SERVICES) if (LETTERS[service] === letter) return service;
  return undefined;
}

/** Whether its leases live with sessions, whose timeouts it has agreed on with the clients. */
export function hasSessions(server: HostId): boolean {
  const service = serviceOf(server);
  return service === 'etcd' || service === 'zookeeper';
}

/** Whether a crash of one of these servers may lose what it has confirmed: that is an option. */
export function mayForget(servers: readonly HostId[]): boolean {
  return servers.some((server) => {
    const service = serviceOf(server);
    return service === 'redis' || service === 'postgres';
  });
}

/** `5 × redis`, `1 × redis with 2 replicas`: servers in words, by service. */
export function describeServers(servers: readonly HostId[], replicas = 1): string {
  const counts = SERVICES.map((service) => ({
    service,
    count: servers.filter((server) => serviceOf(server) === service).length,
  }));
  const used = counts.filter(({ count }) => count > 0);
  return used
    .map(({ service, count }) => {
      const text = `${count} × ${service}`;
      if (service !== 'redis' || replicas === 1) return text;
      return `${text} with ${replicas} replicas${count === 1 ? '' : ' each'}`;
    })
    .join(', ');
}

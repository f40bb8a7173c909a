/**
 * What servers make of a term that they are asked for. Apart from their models, which are loaded
 * only where a lock needs them, while every report says it beforehand.
 */
import type { HostId } from '../../fault.js';
import type { GrantedTerm } from '../../report.js';
import { type Service, serviceOf } from '../../service.js';
import { minTtlSeconds } from '../servers/etcd/min-ttl.js';

/** The defaults of etcd's `--heartbeat-interval` and `--election-timeout`. */
export const ETCD_TIMES = { heartbeatMs: 100, electionMs: 1_000 } as const;

/** `tickTime` of ZooKeeper's sample configuration. */
export const TICK_MS = 2_000;
/** `minSessionTimeout` and `maxSessionTimeout`, where nobody sets them. */
const [SHORTEST_TICKS, LONGEST_TICKS] = [2, 20];

/** `undefined` where the servers grant what they are asked for. */
export function otherTerm(servers: readonly HostId[], askedMs: number): GrantedTerm | undefined {
  for (const by of new Set(servers.map(serviceOf))) {
    if (by === undefined) continue;
    const grantedMs = granted(by, askedMs);
    if (grantedMs !== askedMs) return { askedMs, grantedMs, by };
  }
  return undefined;
}

function granted(service: Service, askedMs: number): number {
  switch (service) {
    case 'etcd':
      return Math.max(Math.ceil(askedMs / 1_000), minTtlSeconds(ETCD_TIMES)) * 1_000;
    case 'zookeeper':
      return Math.min(Math.max(askedMs, SHORTEST_TICKS * TICK_MS), LONGEST_TICKS * TICK_MS);
    default:
      return askedMs;
  }
}

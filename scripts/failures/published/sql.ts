/** Failures of locks in SQL databases. */
import type { PublishedFailure } from '../failure.js';

export const sqlFailures: readonly PublishedFailure[] = [
  {
    number: 120,
    id: 'sql-client-clock',
    citation: 'lukas-krecan/ShedLock#231, #263, #639, #1439',
    lock: 'postgres-table-client-clock',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['clock-step', 'clock-drift'],
    hosts: 'clients',
    clean: { lock: 'postgres-table' },
  },
  {
    number: 121,
    id: 'sql-stale-now',
    citation: 'lukas-krecan/ShedLock#132',
    lock: 'postgres-table-121',
    workload: 'metadata-recovery',
    property: 'ownership',
    faults: ['pause'],
    note: 'the next client overwrites a lease of somebody who was promised more of it',
    clean: { lock: 'postgres-table' },
  },
  {
    number: 129,
    id: 'pgadv-pooled-unlock',
    citation:
      'goauthentik/authentik#23876; pgbouncer/pgbouncer#102, #418; ' +
      'ClosureTree/with_advisory_lock#43',
    lock: 'postgres-advisory-129',
    property: 'leak',
    class: 'until-ttl',
    faults: [],
    clean: { lock: 'postgres-advisory' },
  },
  {
    number: 130,
    id: 'pgadv-pooled-reentry',
    citation: 'PostgreSQL documentation, "Advisory Locks"; pgbouncer/pgbouncer#102, #418',
    lock: 'postgres-advisory-130',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: [],
    clean: { lock: 'postgres-advisory' },
  },
];

/**
 * Flaw: the holder acquires again to stay one, as UCloud's health check does, and does not look at
 * the answer. The second acquire forgets the value that the first has set, then finds the lock
 * taken: it is not extended, and nobody can release it any more.
 */
import { defineLock } from '../lock.js';
import { ucloudLock } from '../ucloud-best-effort.js';
import { UCLOUD_OPTIONS } from '../ucloud-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'ucloud-best-effort-63',
  summary: 'One Redis key, acquired again instead of renewed: it ends all the same, by its TTL.',
  source:
    'SDU-eScience/UCloud: backend/service-lib-server/src/main/kotlin/micro/HealthCheckFeature.kt',
  services: { redis: 1 },
  options: { ...UCLOUD_OPTIONS, keepAlive: { ...UCLOUD_OPTIONS.keepAlive, default: 'acquire' } },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'until-ttl', faults: ['interleaving'], runs: 500 },
  fixedBy: 'set-nx',
  create: (environment, options) => ucloudLock(environment, options),
});

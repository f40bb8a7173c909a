/**
 * Flaw: an acquire that fails in any way says no and forgets what it has sent. When only the reply
 * was lost the key is set: nobody holds the lock, and nobody gets it until its TTL is over.
 */
import { defineLock } from '../lock.js';
import { ucloudLock } from '../ucloud-best-effort.js';
import { UCLOUD_OPTIONS } from '../ucloud-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'ucloud-best-effort-64',
  summary: 'One Redis key; an acquire whose reply was lost is a refusal, and its key stays.',
  source:
    'SDU-eScience/UCloud: backend/service-lib-server/src/main/kotlin/service/' +
    'DistributedLockBestEffort.kt, acquire',
  services: { redis: 1 },
  options: { ...UCLOUD_OPTIONS, acquire: { ...UCLOUD_OPTIONS.acquire, default: 'once' } },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'until-ttl', faults: ['lost-reply'], runs: 500 },
  fixedBy: 'set-nx',
  create: (environment, options) => ucloudLock(environment, options),
});

/**
 * Flaw: a renewal counts in whole seconds, rounded down. One for less than a second lets the key
 * live for 0 s, which deletes it, and says yes.
 */
import { defineLock } from '../lock.js';
import { ucloudLock } from '../ucloud-best-effort.js';
import { UCLOUD_OPTIONS } from '../ucloud-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'ucloud-best-effort-62',
  summary: 'One Redis key; a renewal for less than a second deletes it.',
  source:
    'SDU-eScience/UCloud: backend/service-lib-server/src/main/kotlin/service/' +
    'DistributedLockBestEffort.kt, renew, RENEW_SCRIPT',
  services: { redis: 1 },
  options: { ...UCLOUD_OPTIONS, renewMs: { ...UCLOUD_OPTIONS.renewMs, default: 999 } },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'mutual-exclusion', faults: ['interleaving'], runs: 500 },
  fixedBy: 'set-nx',
  create: (environment, options) => ucloudLock(environment, options),
});

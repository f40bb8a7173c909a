/**
 * Flaw: the cool-down of renewals ends by the wall clock. A step back makes it as much longer:
 * for so long every renewal says yes and extends nothing, and the lease ends under a holder that
 * renewed in time.
 */
import { defineLock } from '../lock.js';
import { ucloudLock } from '../ucloud-best-effort.js';
import { UCLOUD_OPTIONS } from '../ucloud-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';
import { reckonedUCloud } from './reckoned-ucloud.js';

export default defineLock({
  name: 'ucloud-best-effort-61',
  summary: 'One Redis key; when the clock steps back, renewals say yes and do nothing.',
  source:
    'SDU-eScience/UCloud: backend/service-lib-server/src/main/kotlin/service/' +
    'DistributedLockBestEffort.kt, renew',
  services: { redis: 1 },
  options: UCLOUD_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['clock-step'],
    runs: 2_000,
    workload: 'metadata-recovery',
  },
  fixedBy: 'set-nx',
  create: (environment, options) =>
    reckonedUCloud(environment, ucloudLock(environment, options, 'wall')),
});

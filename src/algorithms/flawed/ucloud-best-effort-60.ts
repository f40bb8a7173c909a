/**
 * Flaw: a renewal is followed by a cool-down, in which the next ones say yes without asking and
 * without extending anything. Their holder reckons with a TTL from each yes, and works on when the
 * lease of the last renewal that did ask has ended.
 */
import { defineLock } from '../lock.js';
import { ucloudLock } from '../ucloud-best-effort.js';
import { UCLOUD_OPTIONS } from '../ucloud-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';
import { reckonedUCloud } from './reckoned-ucloud.js';

export default defineLock({
  name: 'ucloud-best-effort-60',
  summary: 'One Redis key; a renewal soon after another says yes and does nothing.',
  source:
    'SDU-eScience/UCloud: backend/service-lib-server/src/main/kotlin/service/' +
    'DistributedLockBestEffort.kt, renew',
  services: { redis: 1 },
  options: UCLOUD_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause'],
    runs: 2_000,
    workload: 'metadata-recovery',
  },
  fixedBy: 'set-nx',
  create: (environment, options) =>
    reckonedUCloud(environment, ucloudLock(environment, options, 'monotonic')),
});

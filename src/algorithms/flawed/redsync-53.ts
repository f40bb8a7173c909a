/**
 * Flaw: the option that makes an extension set the key where it is gone. It is meant for servers
 * that restart, but says nothing of who held the lock meanwhile: a holder that slept through its
 * TTL, while another came and went, is told that it has held the lock all along.
 */
import { defineLock } from '../lock.js';
import { REDSYNC_LOCK_OPTIONS, redsyncLock } from '../redsync.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'redsync-53',
  summary: 'Redsync with WithSetNXOnExtend: a lost lock is set anew, and nobody hears of the gap.',
  source: 'go-redsync/redsync#149, v4.17.0: scripts.go, mutex.go',
  services: { redis: 'servers' },
  options: {
    ...REDSYNC_LOCK_OPTIONS,
    setNXOnExtend: { ...REDSYNC_LOCK_OPTIONS.setNXOnExtend, default: true },
  },
  declares: ({ driftFactor }) => ({ driftAllowance: { ratio: driftFactor, constantMs: 0 } }),
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['pause'],
    runs: 2_000,
    workload: 'metadata-recovery',
  },
  fixedBy: 'redsync',
  create: (environment, options) => redsyncLock(environment, options),
});

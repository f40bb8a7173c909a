/**
 * Flaw: an extension counts however long its answers took. Its holder reckons with the whole term
 * from the moment it hears yes, and works on although the servers have counted from the moment
 * they said it.
 */
import { defineLock } from '../lock.js';
import { REDSYNC_LOCK_OPTIONS, redsyncLock } from '../redsync.js';
import { NAIVE_CLAIMS } from './naive-claims.js';
import { ReckonedGrant } from './reckoned-grant.js';

export default defineLock({
  name: 'redsync-51',
  summary: 'Redsync before its Until: an extension is good for a whole term from when it is heard.',
  source: 'go-redsync/redsync#71: mutex.go, ExtendContext before acd8018',
  services: { redis: 'servers' },
  options: REDSYNC_LOCK_OPTIONS,
  declares: ({ driftFactor }) => ({ driftAllowance: { ratio: driftFactor, constantMs: 0 } }),
  claims: NAIVE_CLAIMS,
  flaw: { property: 'belief', faults: ['delay'], runs: 2_000, workload: 'metadata-recovery' },
  fixedBy: 'redsync',
  create(environment, options) {
    const lock = redsyncLock(environment, options);
    return {
      async acquire(key, wanted) {
        const answer = await lock.acquire(key, wanted);
        if (!answer.granted) return answer;
        const { ownerId, mutex } = answer;
        const grant = {
          ownerId,
          renew: () => answer.extendedAtAll(),
          release: () => answer.release(),
        };
        return new ReckonedGrant(
          environment,
          grant,
          mutex.untilMs,
          (_called, heardAtMs, ttlMs) => heardAtMs + ttlMs * (1 - options.driftFactor),
        );
      },
    };
  },
});

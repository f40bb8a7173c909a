/**
 * The careful lock of one server, with a fencing token: the script that sets the key also counts
 * the grant, so the number is minted with the lease and comes back in the same reply. The lock
 * itself still overlaps under a pause; a resource that checks the number is safe even then, for as
 * long as the server remembers the counter.
 */
import {
  COUNTER_NOT_ON_DISK,
  COUNTER_NOT_REPLICATED,
  KEY_NOT_ON_DISK,
  KEY_NOT_REPLICATED,
  LEFT_TO_TTL,
  NO_DRIFT_ALLOWANCE,
  PAUSED_HOLDER,
  SERVER_CLOCK_STEP,
  TOLD_EARLY,
  within,
} from './claims.js';
import { KEY_SERVER_OPTIONS, KeyServer } from './key-server.js';
import { defineLock } from './lock.js';
import { SET_AND_COUNT } from './redis-scripts.js';

/** Where the grants of a key are counted. It never expires, and shares the key's cluster slot. */
export function counterKey(key: string): string {
  return `{${key}}:fence`;
}

export default defineLock({
  name: 'set-nx-fenced',
  summary: 'One Redis key with a TTL, and a fencing token counted in the script that sets it.',
  source:
    'M. Kleppmann, "How to do distributed locking", 2016, section "Making the lock safe with ' +
    'fencing"; the counter inside the acquiring script as in redisson/redisson: RedissonFencedLock',
  services: { redis: 1 },
  options: KEY_SERVER_OPTIONS,
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, PAUSED_HOLDER),
      'clock-step': within(10_000, SERVER_CLOCK_STEP),
      'clock-drift': NO_DRIFT_ALLOWANCE,
      'server-crash': within(10_000, KEY_NOT_ON_DISK),
      failover: within(10_000, KEY_NOT_REPLICATED),
    },
    'resource-safety': {
      default: 'holds',
      'server-crash': within(10_000, COUNTER_NOT_ON_DISK),
      failover: within(10_000, COUNTER_NOT_REPLICATED),
    },
    fencing: {
      default: 'holds',
      'server-crash': within(10_000, COUNTER_NOT_ON_DISK),
      failover: within(10_000, COUNTER_NOT_REPLICATED),
    },
    ownership: { default: 'holds' },
    leak: LEFT_TO_TTL,
    progress: { default: 'holds' },
    belief: { default: 'holds', pause: TOLD_EARLY },
  },
  create(environment, options) {
    const server = new KeyServer(environment, options);
    return {
      acquire: (key, wanted) =>
        server.acquire(key, wanted, (ownerId) =>
          server.redis.eval(SET_AND_COUNT, [key, counterKey(key)], [ownerId, wanted.ttlMs]),
        ),
    };
  },
});

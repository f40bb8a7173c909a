/**
 * The lock of one Redis server, done carefully: one command to set the key with its TTL, a value
 * that nobody else has, scripts that touch the key only while it holds that value, and a term that
 * counts from the send. A grant that arrives after its term is refused.
 */
import {
  KEY_NOT_ON_DISK,
  KEY_NOT_REPLICATED,
  LEFT_TO_TTL,
  NO_DRIFT_ALLOWANCE,
  PAUSED_HOLDER,
  SERVER_CLOCK_STEP,
  TOLD_EARLY,
  UNFENCED_DOUBLE_GRANT,
  UNFENCED_PAUSE,
  UNFENCED_WRITE_IN_FLIGHT,
  within,
} from './claims.js';
import { KEY_SERVER_OPTIONS, KeyServer } from './key-server.js';
import { defineLock } from './lock.js';

export default defineLock({
  name: 'set-nx',
  summary: 'One Redis key with a TTL, set if absent, deleted only by its owner.',
  source:
    'Redis documentation, "Distributed Locks with Redis", section "Correct Implementation with a ' +
    'Single Instance" (redis/docs: content/develop/use/patterns/distributed-locks.md)',
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
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': within(10_000, UNFENCED_DOUBLE_GRANT),
      'clock-drift': UNFENCED_DOUBLE_GRANT,
      'server-crash': within(10_000, UNFENCED_DOUBLE_GRANT),
      failover: within(10_000, UNFENCED_DOUBLE_GRANT),
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
          server.redis.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs),
        ),
    };
  },
});

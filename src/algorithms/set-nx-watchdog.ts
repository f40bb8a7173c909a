/**
 * The careful lock of one server with a watchdog: while it is held it is renewed after every third
 * of its TTL, so a section may last longer than the TTL and a dead holder still frees the key soon.
 * Unlike the watchdogs of many libraries it has a local deadline: if renewals fail for as long as
 * the TTL lasts, the holder is told.
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
import { keepAlive } from './keep-alive.js';
import { KEY_SERVER_OPTIONS, KeyServer } from './key-server.js';
import { defineLock } from './lock.js';

export default defineLock({
  name: 'set-nx-watchdog',
  summary: 'One Redis key, renewed by a watchdog after every third of its TTL while it is held.',
  source:
    'redisson/redisson: docs/data-and-services/locks-and-synchronizers.md (lock watchdog); the ' +
    'local deadline after swarthy/redis-semaphore#24',
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
      async acquire(key, wanted) {
        const answer = await server.acquire(key, wanted, (ownerId) =>
          server.redis.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs),
        );
        const everyMs = wanted.ttlMs / 3;
        if (answer.granted) keepAlive(environment, answer, { everyMs, retryMs: everyMs });
        return answer;
      },
    };
  },
});

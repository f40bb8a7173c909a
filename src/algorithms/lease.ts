/**
 * A lock that lives and dies with a lease its client keeps alive: renewed after every third of its
 * TTL, and tried again soon when that fails. Its client ends the grant before the server can: a
 * guard is taken off the term, which covers clocks that run at different rates and leaves a holder
 * time to stop. Nobody has to release it; who does, ends it at once.
 */
import {
  KEY_NOT_ON_DISK,
  KEY_NOT_REPLICATED,
  LEFT_TO_TTL,
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
  name: 'lease',
  summary:
    'A lease on one Redis key, kept alive while held, ended by its client before its server.',
  source:
    'C. Gray and D. Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed ' +
    'File Cache Consistency", SOSP 1989; renewal after a third of the TTL as in etcd-io/etcd: ' +
    'client/v3',
  services: { redis: 1 },
  options: {
    guardRatio: {
      kind: 'number',
      default: 0.05,
      min: 0,
      max: 0.5,
      doc: 'share of the TTL by which the client ends the lease before the server can',
    },
    ...KEY_SERVER_OPTIONS,
  },
  declares: ({ guardRatio }) => ({ driftAllowance: { ratio: guardRatio, constantMs: 0 } }),
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, PAUSED_HOLDER),
      'clock-step': within(10_000, SERVER_CLOCK_STEP),
      'server-crash': within(10_000, KEY_NOT_ON_DISK),
      failover: within(10_000, KEY_NOT_REPLICATED),
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': within(10_000, UNFENCED_DOUBLE_GRANT),
      'server-crash': within(10_000, UNFENCED_DOUBLE_GRANT),
      failover: within(10_000, UNFENCED_DOUBLE_GRANT),
    },
    ownership: { default: 'holds' },
    leak: LEFT_TO_TTL,
    progress: { default: 'holds' },
    belief: { default: 'holds', pause: TOLD_EARLY },
  },
  create(environment, options) {
    const { guardRatio, retryDelayMs } = options;
    const server = new KeyServer(environment, options, { guardRatio });
    return {
      async acquire(key, wanted) {
        const answer = await server.acquire(key, wanted, (ownerId) =>
          server.redis.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs),
        );
        const everyMs = wanted.ttlMs / 3;
        if (answer.granted) keepAlive(environment, answer, { everyMs, retryMs: retryDelayMs });
        return answer;
      },
    };
  },
});

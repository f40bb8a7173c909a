/**
 * Redlock, the lock of several independent Redis servers: it is held if most of them gave it and
 * some of its term is left, less an allowance for drift. How votes are counted and what a failed
 * try cleans up is in `quorum-lock.ts`.
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
import { defineLock } from './lock.js';
import { DRIFT_CONSTANT_MS, QUORUM_OPTIONS, QuorumLock } from './quorum-lock.js';

export default defineLock({
  name: 'redlock',
  summary:
    'One key on each of several independent Redis servers; a majority within its term holds.',
  source:
    'Redis documentation, "Distributed Locks with Redis", section "The Redlock Algorithm" ' +
    '(redis/docs: content/develop/use/patterns/distributed-locks.md)',
  services: { redis: 'servers' },
  options: {
    ...QUORUM_OPTIONS,
    driftFactor: {
      kind: 'number',
      default: 0.01,
      min: 0,
      max: 0.5,
      doc: 'share of the TTL taken off the validity for clock drift',
    },
  },
  declares: ({ driftFactor }) => ({
    driftAllowance: { ratio: driftFactor, constantMs: DRIFT_CONSTANT_MS },
  }),
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, PAUSED_HOLDER),
      'clock-step': SERVER_CLOCK_STEP,
      'server-crash': KEY_NOT_ON_DISK,
      failover: KEY_NOT_REPLICATED,
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': UNFENCED_DOUBLE_GRANT,
      'server-crash': UNFENCED_DOUBLE_GRANT,
      failover: UNFENCED_DOUBLE_GRANT,
    },
    ownership: { default: 'holds' },
    leak: LEFT_TO_TTL,
    progress: { default: 'holds' },
    belief: { default: 'holds', pause: TOLD_EARLY },
  },
  create: (environment, options) => new QuorumLock(environment, options),
});

/**
 * The careful lock of one server, which is granted when the server's replicas have the key too, and
 * renewed when they have the new term: whichever takes over knows the lease. A grant that they do
 * not have in time is undone. What they miss is the release, so a lease may come back with its
 * server's successor, and then runs out. The bargain is time: every grant waits for replication.
 *
 * All replicas that may take over have to be asked for. One of two is not enough: the other may be
 * promoted.
 */
import {
  KEY_NOT_ON_DISK,
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
import { type Claim, defineLock } from './lock.js';

const WAIT_PAGE = 'Redis documentation, WAIT';

/** The rule takes a renewal for granted when the primary has confirmed it. */
const TOLD_BEFORE_REPLICATED: Exclude<Claim, 'holds'> = {
  worst: 'breaks',
  reason:
    'a renewal counts for the holder when the replicas have it, and for the server before: a ' +
    'holder that renews late is told while it waits for them, early and never late',
  source: WAIT_PAGE,
};

export default defineLock({
  name: 'set-nx-replicated',
  summary: 'One Redis key with a TTL, that WAITs for replicas before it is granted.',
  source:
    `${WAIT_PAGE}, and "Distributed Locks with Redis", section "Why Failover-based ` +
    'Implementations Are Not Enough"',
  services: { redis: 1 },
  replicas: 'replicas',
  options: {
    ...KEY_SERVER_OPTIONS,
    callTimeoutMs: { ...KEY_SERVER_OPTIONS.callTimeoutMs, default: 2_000 },
    replicas: {
      kind: 'number',
      default: 1,
      min: 1,
      max: 2,
      integer: true,
      doc: 'how many replicas must have the key: all that may take over',
    },
    replicationMs: {
      kind: 'number',
      default: 1_500,
      min: 1,
      max: 60_000,
      integer: true,
      doc: 'how long they have for it, in ms; below the call timeout',
    },
  },
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, PAUSED_HOLDER),
      'clock-step': within(10_000, SERVER_CLOCK_STEP),
      'clock-drift': NO_DRIFT_ALLOWANCE,
      'server-crash': KEY_NOT_ON_DISK,
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': UNFENCED_DOUBLE_GRANT,
      'clock-drift': UNFENCED_DOUBLE_GRANT,
      'server-crash': UNFENCED_DOUBLE_GRANT,
    },
    ownership: { default: 'holds' },
    leak: LEFT_TO_TTL,
    progress: { default: 'holds' },
    belief: {
      default: 'holds',
      pause: TOLD_EARLY,
      partition: TOLD_BEFORE_REPLICATED,
      delay: TOLD_BEFORE_REPLICATED,
      'half-open': TOLD_BEFORE_REPLICATED,
      'server-error': TOLD_BEFORE_REPLICATED,
    },
  },
  create(environment, options) {
    const { replicas, replicationMs: withinMs } = options;
    const server = new KeyServer(environment, options, { replication: { replicas, withinMs } });
    return {
      acquire: (key, wanted) =>
        server.acquire(key, wanted, (ownerId) =>
          server.redis.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs),
        ),
    };
  },
});

/** Failures of designs: one Redis key, Redlock, any lease. */
import type { PublishedFailure } from '../failure.js';

const REDIS_PAGE = 'Redis documentation, "Distributed Locks with Redis"';
const KLEPPMANN =
  'M. Kleppmann, [How to do distributed locking](https://martin.kleppmann.com/2016/02/08/' +
  'how-to-do-distributed-locking.html), 2016';

const FENCED = 'the holder overlaps all the same; the resource refuses it';
const DURABLE = { persistence: 'always' } as const;

export const designFailures: readonly PublishedFailure[] = [
  {
    number: 1,
    id: 'lease-gc-pause',
    citation: KLEPPMANN,
    lock: 'set-nx',
    property: 'mutual-exclusion',
    class: 'inherent-overlap',
    faults: ['pause'],
    clean: { lock: 'set-nx-fenced', judgedBy: 'resource-safety', why: FENCED },
  },
  {
    number: 2,
    id: 'lease-write-in-flight',
    citation: KLEPPMANN,
    lock: 'set-nx',
    property: 'resource-safety',
    faults: ['delay'],
    clean: { lock: 'set-nx-fenced' },
  },
  {
    number: 3,
    id: 'blind-del',
    citation: `${REDIS_PAGE}, section on a single instance; laravel/framework#26213`,
    lock: 'blind-delete',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['pause', 'delay'],
    clean: { lock: 'set-nx' },
  },
  {
    number: 4,
    id: 'get-then-del',
    citation: 'redis/redis-py#1031',
    lock: 'get-then-delete',
    property: 'ownership',
    faults: ['pause', 'delay'],
    clean: { lock: 'set-nx' },
  },
  {
    number: 5,
    id: 'setnx-then-expire',
    citation: 'redis/redis-py#902, #554; laravel/horizon#1738; lukas-krecan/ShedLock#65',
    lock: 'setnx-then-expire',
    property: 'leak',
    class: 'for-ever',
    faults: ['client-crash'],
    clean: { lock: 'set-nx' },
  },
  {
    number: 6,
    id: 'failover-async-repl',
    citation: `${REDIS_PAGE}, "Why Failover-based Implementations Are Not Enough"`,
    lock: 'set-nx',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['failover'],
    clean: { lock: 'set-nx-replicated' },
  },
  {
    number: 8,
    id: 'server-wallclock-ttl',
    citation: `${REDIS_PAGE}, "Disclaimer about consistency"; redis/redis#416`,
    lock: 'set-nx',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['clock-step'],
    hosts: 'servers',
    clean: { lock: 'lease-lock', why: 'its server counts terms on a monotonic clock' },
  },
  {
    number: 9,
    id: 'redlock-node-clock-jump',
    citation: `${KLEPPMANN}; S. Sanfilippo, [Is Redlock safe?](http://antirez.com/news/101), 2016`,
    lock: 'redlock',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['clock-step', 'partition'],
    hosts: 'servers',
    clean: {
      lock: 'etcd-mutex',
      why: 'a majority of servers that count terms on monotonic clocks',
    },
  },
  {
    number: 10,
    id: 'redlock-pause-before-replies',
    citation: `${KLEPPMANN}; S. Sanfilippo, [Is Redlock safe?](http://antirez.com/news/101), 2016`,
    lock: 'redlock-no-validity',
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause', 'delay'],
    clean: { lock: 'redlock' },
  },
  {
    number: 11,
    id: 'redlock-restart-no-persist',
    citation: `${REDIS_PAGE}, "Performance, Crash Recovery and fsync"`,
    lock: 'redlock',
    set: { persistence: 'none' },
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['server-crash'],
    clean: { lock: 'redlock', set: DURABLE },
  },
  {
    number: 12,
    id: 'redlock-restart-fsync-everysec',
    citation: `${REDIS_PAGE}, "Performance, Crash Recovery and fsync"`,
    lock: 'redlock',
    set: { persistence: 'everysec' },
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['server-crash'],
    clean: { lock: 'redlock', set: DURABLE },
  },
  {
    number: 14,
    id: 'redlock-unlock-only-winners',
    citation: `${REDIS_PAGE}, "The Redlock Algorithm", step 5`,
    lock: 'redlock-unlock-only-winners',
    property: 'leak',
    class: 'until-ttl',
    faults: ['lost-reply'],
    clean: { lock: 'redlock' },
  },
  {
    number: 15,
    id: 'redlock-no-topup',
    citation: 'go-redsync/redsync#186',
    lock: 'redsync',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['server-crash'],
    clean: {
      lock: 'redsync',
      set: DURABLE,
      why: 'a server that loses no key loses no vote; more votes than needed only make it rarer',
    },
  },
  {
    number: 16,
    id: 'redlock-no-jitter-livelock',
    citation: `${REDIS_PAGE}, "Retry on Failure"`,
    cannot:
      'Each message has a latency of its own, so contenders that try again after the same delay ' +
      'share out the votes anew each time, and soon one of them has most: the network is the ' +
      'jitter. To split for ever they would have to meet in the same order again and again.',
    tried: {
      lock: 'redlock',
      set: { servers: 4, retryJitterMs: 0 },
      property: 'progress',
      faults: [],
    },
  },
];

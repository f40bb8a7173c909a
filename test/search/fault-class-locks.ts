/**
 * One lock for each fault class: it keeps mutual exclusion under all classes but that one, and
 * those few that do the same to it. Most are a rock — a key without a TTL, believed only when every
 * replica must have it — with one mistake.
 */
import { Deadline } from '../../src/algorithms/deadline.js';
import {
  CallTimeout,
  ConnectionLost,
  type Environment,
  type RedisConnection,
  ReplyError,
} from '../../src/algorithms/environment.js';
import { deleteIfOwn } from '../../src/algorithms/key-server.js';
import { defineLock, type Grant, type LockAlgorithm } from '../../src/algorithms/lock.js';
import { refused, retrying } from '../../src/algorithms/retry.js';
import type { FaultClass } from '../../src/fault.js';
import type { CampaignPlan } from '../../src/search/generate.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import { defineWorkload } from '../../src/workloads/workload.js';

export interface Prey {
  readonly faultClass: FaultClass;
  readonly lock: LockAlgorithm;
  /** Classes that break it in the same way: they are off, whether the class is on or not. */
  readonly alsoBy: readonly FaultClass[];
  readonly plan?: Partial<CampaignPlan>;
}

/** Longer than any replica lags. */
const REPLICATED_MS = 1_100;
const RETRY = { retryDelayMs: 200, retryJitterMs: 100 };
const SET_IF_STILL =
  "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end " +
  "redis.call('SET', KEYS[1], ARGV[2]) return 1";

type Answer = Grant | undefined;

/** A lock whose acquire tries until its wait is over; `attempt` answers nothing if it is held. */
function trying(
  name: string,
  create: (
    environment: Environment,
    redis: RedisConnection,
  ) => (key: string, ttlMs: number) => Promise<Answer>,
): LockAlgorithm {
  return defineLock({
    name,
    summary: 'Keeps mutual exclusion but under one fault class.',
    source: 'test/search/fault-class-locks.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create(environment) {
      const attempt = create(environment, environment.redis[0]!);
      return {
        acquire: (key, wanted) =>
          retrying(environment, wanted, RETRY, async () => {
            return (await attempt(key, wanted.ttlMs)) ?? refused('held');
          }),
      };
    },
  });
}

function granted(redis: RedisConnection, key: string, ownerId: string): Grant {
  return {
    granted: true,
    ownerId,
    release: async () => (await deleteIfOwn(redis, key, ownerId)) === 1,
  };
}

/** Whether the key is still ours when every replica must have it. */
async function confirmed(
  environment: Environment,
  redis: RedisConnection,
  key: string,
  value: string,
): Promise<boolean> {
  await environment.sleep(REPLICATED_MS);
  return (await redis.call('GET', key)) === value;
}

/**
 * The rock, with a handler for what goes wrong with its SET: a grant out of thin air, or nothing.
 */
function rock(
  name: string,
  mistake: (error: unknown, ask: () => Promise<boolean>) => Promise<boolean> | boolean = () =>
    false,
  callTimeoutMs?: number,
): LockAlgorithm {
  return trying(name, (environment, connection) => {
    const redis = callTimeoutMs === undefined ? connection : connection.within(callTimeoutMs);
    return async (key) => {
      const ownerId = environment.ownerId();
      try {
        if ((await redis.call('SET', key, ownerId, 'NX')) === null) return undefined;
      } catch (error) {
        const free = async () => (await redis.call('GET', key)) === null;
        return (await mistake(error, free)) ? granted(redis, key, ownerId) : undefined;
      }
      const ours = await confirmed(environment, redis, key, ownerId);
      return ours ? granted(redis, key, ownerId) : undefined;
    };
  });
}

/** From which instant on a holder counts its term. */
type CountsFrom = 'send' | 'reply';

/**
 * The key is a lease that only clients count: a holder believes in it for 75 % of the TTL by
 * its monotonic clock, and whoever has seen the same holder for 80 % takes over.
 */
function leaseByClients(name: string, countsFrom: CountsFrom): LockAlgorithm {
  return trying(name, (environment, redis) => {
    let seen: { value: unknown; sinceMs: number } | undefined;
    return async (key, ttlMs) => {
      const ownerId = environment.ownerId();
      const sentMs = environment.monoMs();
      const value = await redis.call('GET', key);
      const nowMs = environment.monoMs();
      if (value !== null && seen?.value !== value) seen = { value, sinceMs: nowMs };
      if (value !== null && nowMs - seen!.sinceMs < 0.8 * ttlMs) return undefined;
      const won =
        value === null
          ? (await redis.call('SET', key, ownerId, 'NX')) !== null
          : (await redis.eval(SET_IF_STILL, [key], [value as string, ownerId])) === 1;
      if (!won || !(await confirmed(environment, redis, key, ownerId))) return undefined;
      const fromMs = countsFrom === 'send' ? sentMs : environment.monoMs();
      return ending(granted(redis, key, ownerId), new Deadline(environment, fromMs + 0.75 * ttlMs));
    };
  });
}

function ending(grant: Grant, deadline: Deadline): Answer {
  if (deadline.validForMs() <= 0) return undefined;
  const release = () => {
    deadline.end();
    return grant.release();
  };
  return { ...grant, release, signal: deadline.signal, validForMs: () => deadline.validForMs() };
}

/**
 * The pattern Redis once recommended: the key holds the wall-clock instant at which it ends, and
 * whoever finds it in the past takes over (Redis documentation, SETNX, "Design pattern: Locking").
 */
const deadlineInTheKey = trying('deadline-in-the-key', (environment, redis) => {
  return async (key, ttlMs) => {
    const sentMs = environment.monoMs();
    const value = `${environment.wallMs() + ttlMs} ${environment.ownerId()}`;
    const held = await redis.call('GET', key);
    const endsMs = held === null ? Infinity : Number.parseFloat(held as string);
    if (held !== null && endsMs + REPLICATED_MS > environment.wallMs()) return undefined;
    const won =
      held === null
        ? (await redis.call('SET', key, value, 'NX')) !== null
        : (await redis.eval(SET_IF_STILL, [key], [held as string, value])) === 1;
    if (!won || !(await confirmed(environment, redis, key, value))) return undefined;
    return ending(granted(redis, key, value), new Deadline(environment, sentMs + ttlMs));
  };
});

/** After a restart it removes whatever it finds, as if nobody else could hold the lock. */
const clearsOnRestart = trying('clears-on-restart', (environment, redis) => {
  // The probe starts late too, but it has not died.
  const restarted = environment.monoMs() > 0 && environment.client !== 'P';
  const cleared = restarted ? redis.call('DEL', 'orders').catch(() => {}) : undefined;
  return async (key) => {
    await cleared;
    const ownerId = environment.ownerId();
    if ((await redis.call('SET', key, ownerId, 'NX')) === null) return undefined;
    const ours = await confirmed(environment, redis, key, ownerId);
    return ours ? granted(redis, key, ownerId) : undefined;
  };
});

/** Believes in the reply, before any replica has heard of it. */
const unconfirmed = trying('unconfirmed', (environment, redis) => {
  return async (key) => {
    const ownerId = environment.ownerId();
    const won = (await redis.call('SET', key, ownerId, 'NX')) !== null;
    return won ? granted(redis, key, ownerId) : undefined;
  };
});

/** A semaphore of one: counts up to acquire and down to release, again if it got no answer. */
const countsAgain = trying('counts-again', (_environment, redis) => {
  const down = async (key: string): Promise<boolean> => {
    for (;;) {
      try {
        await redis.call('DECR', key);
        return true;
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
      }
    }
  };
  return async (key) => {
    if (((await redis.call('INCR', key)) as number) <= 1) {
      return { granted: true, release: () => down(key) };
    }
    await down(key);
    return undefined;
  };
});

/** How long each section lasts: shorter than any belief, long enough for others to come in. */
const SECTION_US = 5_000_000;

/** The careful workload, with sections of one length. */
export const steadyWork = defineWorkload({
  name: 'steady',
  summary: 'reads a counter, works for 5 s, writes it back; asks the grant before each act',
  operation: (client, plan) =>
    criticalSection.operation(client, { ...plan, sectionUs: SECTION_US, renew: false }),
});

export const PREY: readonly Prey[] = [
  { faultClass: 'pause', lock: leaseByClients('counts-from-the-send', 'send'), alsoBy: [] },
  { faultClass: 'clock-step', lock: deadlineInTheKey, alsoBy: ['pause'] },
  {
    faultClass: 'clock-drift',
    lock: leaseByClients('counts-from-the-send', 'send'),
    alsoBy: ['pause'],
    plan: { driftPpmMax: 500_000 },
  },
  { faultClass: 'client-crash', lock: clearsOnRestart, alsoBy: [] },
  { faultClass: 'server-crash', lock: rock('rock'), alsoBy: [], plan: { persistence: 'none' } },
  {
    faultClass: 'partition',
    lock: rock('silence-is-consent', (error) => error instanceof CallTimeout, 500),
    alsoBy: ['pause', 'delay', 'half-open'],
  },
  {
    faultClass: 'delay',
    lock: leaseByClients('counts-from-the-reply', 'reply'),
    alsoBy: ['pause', 'partition'],
  },
  {
    faultClass: 'lost-request',
    // It must still be on its way, so it counts as set.
    lock: rock('sent-is-set', (error, free) => error instanceof ConnectionLost && free()),
    alsoBy: ['server-crash', 'failover', 'half-open'],
  },
  { faultClass: 'lost-reply', lock: countsAgain, alsoBy: ['failover'] },
  {
    faultClass: 'half-open',
    // Longer than any other silence lasts.
    lock: rock('long-silence-is-consent', (error) => error instanceof CallTimeout, 8_000),
    alsoBy: [],
    plan: { ttlMs: 1_000, operationsEach: 8 },
  },
  {
    faultClass: 'server-error',
    lock: rock('errors-are-consent', (error) => error instanceof ReplyError),
    alsoBy: [],
  },
  { faultClass: 'failover', lock: unconfirmed, alsoBy: [] },
];

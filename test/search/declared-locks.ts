/**
 * Locks for several holders, for holders that acquire again, and with a queue: for each property a
 * sound one, and one with the mistake that everybody makes first. Holders look at their clocks, so
 * a sound lock keeps its promise wherever no service fails.
 */
import { Deadline } from '../../src/algorithms/deadline.js';
import type { Environment, RedisConnection } from '../../src/algorithms/environment.js';
import {
  type AcquireOptions,
  defineLock,
  type Grant,
  type LockAlgorithm,
  type Refusal,
} from '../../src/algorithms/lock.js';
import { DELETE_IF_OWN, EXTEND_IF_OWN } from '../../src/algorithms/redis-scripts.js';
import { refused, removing, retrying } from '../../src/algorithms/retry.js';
import type { Declarations } from '../../src/history.js';

const RETRY = { retryDelayMs: 20, retryJitterMs: 40 };

/** One try: the key that it has set, or nothing. */
type Attempt = (
  redis: RedisConnection,
  lock: string,
  ownerId: string,
  wanted: AcquireOptions,
) => Promise<string | undefined>;

/** A grant that is a key with an owner id, given up in time by its client's clock. */
class KeyedGrant implements Grant {
  readonly granted = true;
  readonly #deadline: Deadline;
  holds = 1;

  constructor(
    private readonly environment: Environment,
    private readonly redis: RedisConnection,
    readonly key: string,
    readonly ownerId: string,
    untilMs: number,
    /** Whether a release looks how often it was acquired. */
    private readonly counts: boolean,
  ) {
    this.#deadline = new Deadline(environment, untilMs);
  }

  onLost(callback: () => void): void {
    this.#deadline.onLost(callback);
  }

  validForMs(): number {
    return this.#deadline.validForMs();
  }

  release(): Promise<boolean> {
    this.holds--;
    if (this.counts && this.holds > 0) return Promise.resolve(this.validForMs() > 0);
    if (this.holds <= 0) this.#deadline.end();
    return removing(this.environment, RETRY, () =>
      this.redis.eval(DELETE_IF_OWN, [this.key], [this.ownerId]),
    );
  }

  /** The same holder once more: as long as the key is its own. */
  async again(ttlMs: number): Promise<Grant | Refusal> {
    const extended = await this.redis.eval(EXTEND_IF_OWN, [this.key], [this.ownerId, ttlMs]);
    if (extended !== 1) return refused('lost');
    this.holds++;
    return {
      granted: true,
      ownerId: this.ownerId,
      validForMs: () => this.validForMs(),
      release: () => this.release(),
    };
  }
}

function keyed(
  name: string,
  declares: Declarations,
  attempt: Attempt,
  design: { readonly counts?: boolean; readonly knowsHolder?: boolean } = {},
): LockAlgorithm {
  const { counts = true, knowsHolder = true } = design;
  return defineLock({
    name,
    summary: 'Tries until its key is set.',
    source: 'test/search/declared-locks.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    declares,
    create(environment) {
      const redis = environment.redis[0]!.within(500);
      const one = async (lock: string, wanted: AcquireOptions): Promise<Grant | Refusal> => {
        const ownerId = environment.ownerId();
        const untilMs = environment.monoMs() + wanted.ttlMs;
        const key = await attempt(redis, lock, ownerId, wanted);
        if (key === undefined) return refused('held');
        return new KeyedGrant(environment, redis, key, ownerId, untilMs, counts);
      };
      return {
        acquire: (lock, wanted) =>
          knowsHolder && wanted.holder instanceof KeyedGrant
            ? wanted.holder.again(wanted.ttlMs)
            : retrying(environment, wanted, RETRY, () => one(lock, wanted)),
      };
    },
  });
}

const set = async (redis: RedisConnection, key: string, ownerId: string, ttlMs: number) =>
  (await redis.call('SET', key, ownerId, 'NX', 'PX', ttlMs)) === null ? undefined : key;

// Readers and writers.

/** KEYS: the writer's, one's own; ARGV: the pattern of all readers', owner, TTL, mode. */
const ENTER = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if ARGV[4] == 'exclusive' and #redis.call('KEYS', ARGV[1]) > 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1
`;

/** One script looks at writer and readers, and sets the key. */
export const soundReadWrite = keyed(
  'sound-read-write',
  { readWrite: true },
  async (redis, lock, ownerId, { ttlMs, mode = 'exclusive' }) => {
    const writer = `${lock}:writer`;
    const own = mode === 'exclusive' ? writer : `${lock}:reader:${ownerId}`;
    const args = [`${lock}:reader:*`, ownerId, ttlMs, mode];
    return (await redis.eval(ENTER, [writer, own], args)) === 1 ? own : undefined;
  },
);

/** The reader looks for the writer, and the writer for nobody. */
export const naiveReadWrite = keyed(
  'naive-read-write',
  { readWrite: true },
  async (redis, lock, ownerId, { ttlMs, mode = 'exclusive' }) => {
    if (mode === 'exclusive') return set(redis, `${lock}:writer`, ownerId, ttlMs);
    if ((await redis.call('EXISTS', `${lock}:writer`)) === 1) return undefined;
    return set(redis, `${lock}:reader:${ownerId}`, ownerId, ttlMs);
  },
);

// Holders that acquire again.

const plainly: Attempt = (redis, lock, ownerId, { ttlMs }) => set(redis, lock, ownerId, ttlMs);

export const soundReentrant = keyed('sound-reentrant', { reentrant: true }, plainly);

/** Whoever gives back once gives back all. */
export const uncounted = keyed('uncounted', { reentrant: true }, plainly, { counts: false });

/** It waits for itself. */
export const notReentrant = keyed('not-reentrant', { reentrant: true }, plainly, {
  knowsHolder: false,
});

// Permits.

/** KEYS: one's own; ARGV: the pattern of all, owner, TTL, how many. */
const TAKE_PERMIT = `
if #redis.call('KEYS', ARGV[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`;
const PERMITS = 2;

export const soundSemaphore = keyed(
  'sound-semaphore',
  { permits: PERMITS },
  async (redis, lock, ownerId, { ttlMs }) => {
    const key = `${lock}:${ownerId}`;
    const args = [`${lock}:*`, ownerId, ttlMs, PERMITS];
    return (await redis.eval(TAKE_PERMIT, [key], args)) === 1 ? key : undefined;
  },
);

/** It counts, and then takes: others count meanwhile. */
export const overcounting = keyed(
  'overcounting',
  { permits: PERMITS },
  async (redis, lock, ownerId, { ttlMs }) => {
    const taken = (await redis.call('KEYS', `${lock}:*`)) as readonly string[];
    if (taken.length >= PERMITS) return undefined;
    return set(redis, `${lock}:${ownerId}`, ownerId, ttlMs);
  },
);

// Queues.

/** Everybody takes a place, and whoever asks first when nobody holds is granted. */
export const unfair = defineLock({
  name: 'unfair',
  summary: 'A queue that nobody looks at.',
  source: 'test/search/declared-locks.ts',
  services: { etcd: 1 },
  options: {},
  claims: {},
  declares: { fairness: 'enqueue-order' },
  create(environment) {
    const etcd = environment.etcd[0]!.within(2_000);
    return {
      async acquire(lock, wanted) {
        const { id: lease } = await etcd.grant(wanted.ttlMs);
        const place = `${lock}/${lease}`;
        const held = `held/${lock}`;
        const release = async () => {
          await etcd.revoke(lease);
          return true;
        };
        await etcd.put(place, '', { lease });
        const answer = await retrying(environment, wanted, RETRY, async () => {
          const { succeeded } = await etcd.txn({
            compare: [{ target: 'create', key: held, result: 'equal', operand: 0 }],
            success: [{ type: 'put', key: held, value: '', lease }],
            failure: [],
          });
          return succeeded ? { granted: true, release } : refused('held');
        });
        if (!answer.granted) await release();
        return answer;
      },
    };
  },
});

/**
 * Redsync's mutex, step by step as go-redsync/redsync v4.17.0 has it (mutex.go, redsync.go,
 * scripts.go): what the locks `redsync` and `lock-manager` are built on. One value serves all tries
 * of a `lock`; a failed try is undone on all servers, once, and nobody looks at how that went.
 *
 * Times are read off the monotonic clock, as Go's `time.Now` compares them. A try has the timeout
 * `expiry × timeoutFactor`; `unlock`, `extend` and `valid` have none of their own, so there the
 * timeout of the Redis client under the pool counts (`clientTimeoutMs`, 3 s as in redis/go-redis).
 */
import { isCallFailure } from './call-failure.js';
import type { Environment, RedisConnection } from './environment.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';
import { majority } from './quorum.js';
import { EXTEND_IF_OWN } from './redis-scripts.js';

/** The options of a mutex by their names upstream; `WithExpiry` is the TTL that is asked for. */
export const REDSYNC_OPTIONS = {
  tries: {
    kind: 'number',
    default: 32,
    min: 1,
    max: 10_000,
    integer: true,
    doc: 'how often a lock tries (WithTries); a wait of 0 ms is TryLock, one try',
  },
  retryDelayMinMs: {
    kind: 'number',
    default: 50,
    min: 1,
    max: 60_000,
    integer: true,
    doc: 'shortest pause between two tries, in ms',
  },
  retryDelayMaxMs: {
    kind: 'number',
    default: 250,
    min: 1,
    max: 60_000,
    integer: true,
    doc: 'end of the range of that pause, itself left out; WithRetryDelay sets both alike',
  },
  driftFactor: {
    kind: 'number',
    default: 0.01,
    min: 0,
    max: 0.5,
    doc: 'share of the TTL taken off the validity for clock drift (WithDriftFactor)',
  },
  timeoutFactor: {
    kind: 'number',
    default: 0.05,
    min: 0.001,
    max: 1,
    doc: 'share of the TTL that one try to lock may take (WithTimeoutFactor)',
  },
  genValue: {
    kind: 'choice',
    default: 'random',
    values: ['random', 'client'],
    doc: 'a value for each lock, or one of its own for each client (WithGenValueFunc)',
  },
  failFast: {
    kind: 'boolean',
    default: false,
    doc: 'answer as soon as a quorum said yes, or taken (WithFailFast)',
  },
  shufflePools: {
    kind: 'boolean',
    default: false,
    doc: 'ask the servers in a random order (WithShufflePools)',
  },
  setNXOnExtend: {
    kind: 'boolean',
    default: false,
    doc: 'extend sets the key where it is gone (WithSetNXOnExtend)',
  },
  clientTimeoutMs: {
    kind: 'number',
    default: 3_000,
    min: 1,
    max: 60_000,
    doc: 'how long the Redis client waits for a reply where Redsync sets no limit, in ms',
  },
} as const satisfies OptionSpecs;

export type RedsyncOptions = OptionValues<typeof REDSYNC_OPTIONS>;

/** Deletes KEYS[1] if it holds ARGV[1]: 1. Nothing there: -1. Somebody else's: 0. */
export const REDSYNC_DELETE = `
local value = redis.call('GET', KEYS[1])
if value == ARGV[1] then
  return redis.call('DEL', KEYS[1])
elseif value == false then
  return -1
end
return 0
`;

/** Lets KEYS[1] live ARGV[2] ms from now if it holds ARGV[1], and sets it anew if it is gone. */
export const REDSYNC_TOUCH_OR_SET = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
elseif redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then
  return 1
end
return 0
`;

/** What one server said, when it said anything. */
type Vote = 'yes' | 'taken' | 'expired';

/**
 * What all servers said together: `ErrTaken` if a quorum said taken, else the errors of each, of
 * which callers look for one: `ErrLockAlreadyExpired`.
 */
export interface Outcome {
  readonly yes: number;
  readonly taken: number;
  readonly expired: number;
  readonly failed: number;
}

/** Why a lock was not had: `ErrTaken` or errors of the last try, else `ErrFailed`. */
export type LockFailure = 'lock already taken' | 'redis failed' | 'failed to acquire lock';

/** The context of a lock: sleeps, and says whether it is not done meanwhile. */
export interface LockContext {
  sleep(ms: number): Promise<boolean>;
}

/** A set of independent servers, and the options of all mutexes made from it. */
export class Redsync {
  readonly quorum: number;
  readonly servers: readonly RedisConnection[];

  constructor(
    readonly environment: Environment,
    readonly options: RedsyncOptions,
  ) {
    this.servers = environment.redis.map((server) => server.within(options.clientTimeoutMs));
    this.quorum = majority(this.servers.length);
  }

  /** `NewMutex`; a `value` given is `WithValue`: the lock is taken over from whoever had it. */
  newMutex(name: string, expiryMs: number, value = ''): RedsyncMutex {
    return new RedsyncMutex(this, name, expiryMs, value);
  }
}

export class RedsyncMutex {
  /** Reading of the monotonic clock up to which the lock is valid (`Until`). */
  untilMs = Number.NEGATIVE_INFINITY;
  readonly #servers: readonly RedisConnection[];
  readonly #tryServers: readonly RedisConnection[];

  constructor(
    private readonly redsync: Redsync,
    readonly name: string,
    readonly expiryMs: number,
    /** Set when the lock is had (`Value`). */
    public value: string,
  ) {
    const { environment, options, servers } = redsync;
    this.#servers = options.shufflePools ? shuffled(servers, environment) : servers;
    const tryMs = Math.min(expiryMs * options.timeoutFactor, options.clientTimeoutMs);
    this.#tryServers = this.#servers.map((server) => server.within(tryMs));
  }

  /** `LockContext`, and `TryLockContext` with one try. `undefined`: the lock is had. */
  async lock(value: string, tries: number, context: LockContext): Promise<LockFailure | undefined> {
    const { environment, quorum } = this.redsync;
    let failure: LockFailure | undefined;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (attempt > 0 && !(await context.sleep(this.#retryDelayMs()))) break;
      const startMs = environment.monoMs();
      const votes = await this.#ask(this.#tryServers, (server) => this.#set(server, value));
      const untilMs = this.#validUntilMs(startMs);
      if (votes.yes >= quorum && environment.monoMs() < untilMs) {
        this.value = value;
        this.untilMs = untilMs;
        return undefined;
      }
      await this.#ask(this.#tryServers, (server) => this.#release(server, value));
      if (attempt === tries - 1) failure = failureOf(votes, quorum);
    }
    return failure ?? 'failed to acquire lock';
  }

  /** `Unlock`: true if a quorum of servers deleted the key. */
  unlock(): Promise<Outcome> {
    return this.#ask(this.#servers, (server) => this.#release(server, this.value));
  }

  /**
   * `Extend`: for as long as the lock was made for. `extended` is false without a quorum, and also
   * (`ErrExtendFailed`) if the extension is over by the time it is confirmed.
   */
  async extend(): Promise<Outcome & { readonly extended: boolean }> {
    const { environment, quorum } = this.redsync;
    const startMs = environment.monoMs();
    const votes = await this.#ask(this.#servers, (server) => this.#touch(server));
    if (votes.yes < quorum) return { ...votes, extended: false };
    const untilMs = this.#validUntilMs(startMs);
    if (environment.monoMs() >= untilMs) return { ...votes, extended: false };
    this.untilMs = untilMs;
    return { ...votes, extended: true };
  }

  /** `Valid`, deprecated for `Until`: whether a quorum of servers still holds the value. */
  async valid(): Promise<boolean> {
    if (this.value === '') return false;
    const votes = await this.#ask(this.#servers, async (server) =>
      (await server.call('GET', this.name)) === this.value ? 'yes' : 'taken',
    );
    return votes.yes >= this.redsync.quorum;
  }

  #validUntilMs(startMs: number): number {
    return startMs + this.expiryMs - this.expiryMs * this.redsync.options.driftFactor;
  }

  /** Whole milliseconds, the upper end left out. */
  #retryDelayMs(): number {
    const { environment, options } = this.redsync;
    const { retryDelayMinMs, retryDelayMaxMs } = options;
    const rangeMs = retryDelayMaxMs - retryDelayMinMs;
    if (rangeMs <= 0) return retryDelayMinMs;
    return retryDelayMinMs + Math.floor(environment.random() * rangeMs);
  }

  async #set(server: RedisConnection, value: string): Promise<Vote> {
    const reply = await server.call('SET', this.name, value, 'NX', 'PX', this.expiryMs);
    return reply === 'OK' ? 'yes' : 'taken';
  }

  async #release(server: RedisConnection, value: string): Promise<Vote> {
    const deleted = await server.eval(REDSYNC_DELETE, [this.name], [value]);
    return deleted === -1 ? 'expired' : deleted === 0 ? 'taken' : 'yes';
  }

  async #touch(server: RedisConnection): Promise<Vote> {
    const { setNXOnExtend } = this.redsync.options;
    const script = setNXOnExtend ? REDSYNC_TOUCH_OR_SET : EXTEND_IF_OWN;
    const touched = await server.eval(script, [this.name], [this.value, this.expiryMs]);
    return touched === 0 ? 'taken' : 'yes';
  }

  /** Asks all servers at once; waits for all of them, or with `failFast` for a quorum. */
  #ask(
    servers: readonly RedisConnection[],
    act: (server: RedisConnection) => Promise<Vote>,
  ): Promise<Outcome> {
    const { quorum, options } = this.redsync;
    return new Promise((resolve, reject) => {
      const votes = { yes: 0, taken: 0, expired: 0, failed: 0 };
      let open = servers.length;
      const counted = (vote: keyof Outcome): void => {
        if (open === 0) return;
        votes[vote] += 1;
        open -= 1;
        if (options.failFast && (votes.yes >= quorum || votes.taken >= quorum)) open = 0;
        if (open === 0) resolve(votes);
      };
      const onFailure = (error: unknown): void => {
        if (isCallFailure(error)) counted('failed');
        else reject(error);
      };
      for (const server of servers) act(server).then(counted, onFailure);
    });
  }
}

/** The error that comes with an outcome; none if every server said yes. */
function failureOf(votes: Outcome, quorum: number): LockFailure | undefined {
  if (votes.taken >= quorum) return 'lock already taken';
  return votes.taken + votes.expired + votes.failed > 0 ? 'redis failed' : undefined;
}

function shuffled(
  servers: readonly RedisConnection[],
  environment: Environment,
): readonly RedisConnection[] {
  const order = [...servers];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(environment.random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** An outcome of which nobody can say whether the lock was held: too few servers answered. */
export class RedsyncUndecided extends Error {
  override readonly name = 'RedsyncUndecided';
  constructor(didWhat: string, { yes, failed }: Outcome) {
    super(`${yes} servers ${didWhat}, ${failed} failed`);
  }
}

/** What is done while a lock waits: until `waitMs` has passed or the caller aborts. */
export function contextOf(
  environment: Environment,
  { waitMs, signal }: { readonly waitMs?: number; readonly signal?: AbortSignal },
): LockContext {
  const startedAtMs = environment.monoMs();
  return {
    async sleep(ms) {
      if (signal?.aborted) return false;
      const leftMs = (waitMs ?? Infinity) - (environment.monoMs() - startedAtMs);
      await environment.sleep(Math.max(0, Math.min(ms, leftMs)), signal);
      return ms <= leftMs && signal?.aborted !== true;
    },
  };
}

/**
 * The object of UCloud's best-effort lock (SDU-eScience/UCloud, service-lib-server,
 * `DistributedLockBestEffort`): the calls of its interface, the commands that each sends, in its
 * order. How clients use it is in `ucloud-best-effort.ts`. Calls of one object never overlap here,
 * so its mutex is left out.
 */
import { inBackground, isCallFailure } from './call-failure.js';
import type { Environment, RedisConnection } from './environment.js';
import { deleteIfOwn } from './key-server.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';

export const UCLOUD_OPTIONS = {
  acquire: {
    kind: 'choice',
    default: 'with-lock',
    values: ['with-lock', 'once'],
    doc: 'how an acquire goes: withLock tries until the wait is over, once is one try',
  },
  renewMs: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 3_600_000,
    integer: true,
    doc: 'duration that a renewal asks for, in ms; 0 for the TTL',
  },
  keepAlive: {
    kind: 'choice',
    default: 'renew',
    values: ['renew', 'acquire'],
    doc: 'how a holder stays one: it renews, or acquires again and does not look at the answer',
  },
  clientTimeoutMs: {
    kind: 'number',
    default: 60_000,
    min: 1,
    max: 3_600_000,
    doc: 'how long the Redis client waits for a reply, in ms',
  },
} as const satisfies OptionSpecs;

export type UCloudOptions = OptionValues<typeof UCLOUD_OPTIONS>;

/** `EXPIRE` in whole seconds, if KEYS[1] holds ARGV[1]. Answers 1, else 0. */
export const UCLOUD_RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return 0
`;

/** Renewals for less set no cool-down. */
const COOL_DOWN_FROM_MS = 5_000;
const COOL_DOWN_SHARE = 10;

/** The clock that ends the cool-down of renewals; upstream it is the wall clock. */
export type CoolDownClock = 'wall' | 'monotonic';

/** What `create(name, duration)` answers. */
export class UCloudLock {
  readonly #redis: RedisConnection;
  readonly #key: string;
  /** New with each acquire, upstream a random 32-bit integer as text; none if it is not held. */
  #value: string | undefined;
  #coolDownUntilMs = 0;

  constructor(
    private readonly environment: Environment,
    options: UCloudOptions,
    name: string,
    private readonly durationMs: number,
    private readonly coolDownClock: CoolDownClock,
  ) {
    this.#redis = environment.redis[0]!.within(options.clientTimeoutMs);
    this.#key = `distributed-lock-${name}`;
  }

  get value(): string | undefined {
    return this.#value;
  }

  /** One try. It forgets the value of before, also if that still holds the key. */
  async acquire(): Promise<boolean> {
    const value = this.environment.ownerId();
    this.#value = undefined;
    try {
      const reply = await this.#redis.call('SET', this.#key, value, 'PX', this.durationMs, 'NX');
      if (reply !== 'OK') return false;
    } catch (error) {
      if (isCallFailure(error)) return false;
      throw error;
    }
    this.#value = value;
    return true;
  }

  /**
   * Whether the lock is still held, or the cool-down of the renewal before is not over.
   *
   * @throws the failure of the call; the cool-down has begun all the same.
   */
  async renew(durationMs: number): Promise<boolean> {
    const value = this.#required();
    const { environment } = this;
    const onWall = this.coolDownClock === 'wall';
    const nowMs = Math.floor(onWall ? environment.wallMs() : environment.monoMs());
    if (nowMs <= this.#coolDownUntilMs) return true;
    if (durationMs >= COOL_DOWN_FROM_MS) {
      this.#coolDownUntilMs = nowMs + Math.floor(durationMs / COOL_DOWN_SHARE);
    }
    const seconds = Math.floor(durationMs / 1_000);
    return (await this.#redis.eval(UCLOUD_RENEW, [this.#key], [value, seconds])) !== 0;
  }

  /** Sends the release, and does not wait for what comes of it. */
  release(): void {
    const value = this.#required();
    inBackground(deleteIfOwn(this.#redis, this.#key, value));
    this.#value = undefined;
  }

  #required(): string {
    if (this.#value === undefined) throw new NotAcquired('the lock has not been acquired');
    return this.#value;
  }
}

/** A renewal or release of a lock object that holds nothing. */
export class NotAcquired extends Error {
  override readonly name = 'NotAcquired';
}

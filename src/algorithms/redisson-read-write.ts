/**
 * Redisson's `RReadWriteLock`: many readers or one writer, both reentrant. A writer may read as
 * well, and goes on reading when it has left; a reader cannot become a writer.
 */

import type { Environment, RedisReply } from './environment.js';
import { defineLock } from './lock.js';
import {
  type Hold,
  REDISSON_OPTIONS,
  RedissonBaseLock,
  type RedissonOptions,
  UNLOCK_LATCH_MS,
  UNLOCK_MESSAGE,
} from './redisson-base.js';
import { COUNTED, REDISSON_LEAK, UNFENCED, UNWARNED } from './redisson-claims.js';
import {
  READ_ENTER,
  READ_LEAVE,
  READ_RENEW_ALL,
  WRITE_ENTER,
  WRITE_LEAVE,
} from './redisson-read-write-scripts.js';
import { type RenewAll, renewByHash, Watchdog } from './redisson-watchdog.js';

/** Message of a channel: a writer left, and all who wait may try. */
const WRITER_LEFT_MESSAGE = 1;

/** The scripts, where a version differs. */
export interface ReadWriteDesign {
  readonly readEnter: string;
  readonly readLeave: string;
}

export class RedissonReadWriteLock extends RedissonBaseLock {
  private readRenewal: Watchdog | undefined;
  private writeRenewal: Watchdog | undefined;

  constructor(
    environment: Environment,
    options: RedissonOptions,
    private readonly design: ReadWriteDesign = { readEnter: READ_ENTER, readLeave: READ_LEAVE },
  ) {
    super(environment, options);
  }

  protected override channel({ key }: Hold): string {
    return `redisson_rwlock:{${key}}`;
  }

  /** A writer that leaves wakes only those who are waiting then: nothing is kept for who comes. */
  protected override wakes(message: string, waiting: boolean): boolean {
    return waiting || message !== String(WRITER_LEFT_MESSAGE);
  }

  protected enter({ key, ownerId, mode, leaseMs }: Hold): Promise<number | null> {
    const answer: Promise<RedisReply> =
      mode === 'shared'
        ? this.redis.eval(
            this.design.readEnter,
            [key, timeoutPrefix(key, ownerId)],
            [leaseMs, ownerId, writer(ownerId)],
          )
        : this.redis.eval(WRITE_ENTER, [key], [leaseMs, writer(ownerId)]);
    return answer as Promise<number | null>;
  }

  protected leave(hold: Hold, latch: string): Promise<number | null> {
    const { key, ownerId, mode, leaseMs } = hold;
    const channel = this.channel(hold);
    const answer: Promise<RedisReply> =
      mode === 'shared'
        ? this.redis.eval(
            this.design.readLeave,
            [key, channel, timeoutPrefix(key, ownerId), `{${key}}`, latch],
            [UNLOCK_MESSAGE, ownerId, 'publish', UNLOCK_LATCH_MS],
          )
        : this.redis.eval(
            WRITE_LEAVE,
            [key, channel, latch],
            [WRITER_LEFT_MESSAGE, leaseMs, writer(ownerId), 'publish', UNLOCK_LATCH_MS],
          );
    return answer as Promise<number | null>;
  }

  protected override renewFor({ key, ownerId, mode, leaseMs }: Hold): void {
    const { environment, redis } = this;
    if (mode === 'shared') {
      this.readRenewal ??= new Watchdog(environment, leaseMs, this.renewReads(leaseMs));
      this.readRenewal.add(key, ownerId);
    } else {
      this.writeRenewal ??= new Watchdog(environment, leaseMs, renewByHash(redis, leaseMs));
      this.writeRenewal.add(key, writer(ownerId));
    }
  }

  private renewReads(leaseMs: number): RenewAll {
    return async (names, holders) => {
      const keys = names.flatMap((name) => [name, `{${name}}`]);
      const args = holders.flatMap((holder) => [1, holder]);
      const answers = await this.redis.eval(READ_RENEW_ALL, keys, [leaseMs, ...args]);
      return (answers as number[]).map((answer) => answer === 1);
    };
  }

  /** A read that ends takes an entry off the renewal of its holder's writes, too. */
  protected override renewNoMore({ key, ownerId, mode }: Hold): void {
    this.writeRenewal?.remove(key, writer(ownerId));
    if (mode === 'shared') this.readRenewal?.remove(key, ownerId);
  }
}

function writer(ownerId: string): string {
  return `${ownerId}:write`;
}

/** What the keys of a reader's entries begin with. */
function timeoutPrefix(key: string, ownerId: string): string {
  return `{${key}}:${ownerId}:rwlock_timeout`;
}

export default defineLock({
  name: 'redisson-read-write',
  summary: "Redisson's read-write lock: readers with a time-out each, or one writer.",
  source:
    'redisson/redisson v4.7.0: RedissonReadLock.java, RedissonWriteLock.java, ' +
    'renewal/ReadLockTask.java',
  services: { redis: 1 },
  options: REDISSON_OPTIONS,
  declares: { readWrite: true, reentrant: true },
  claims: {
    'read-write': UNWARNED,
    'resource-safety': UNFENCED,
    reentrancy: COUNTED,
    ownership: { default: 'holds' },
    leak: REDISSON_LEAK,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) => new RedissonReadWriteLock(environment, options),
});

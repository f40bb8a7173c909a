/**
 * Flaw: whatever the lock writes is followed by a WAIT for all replicas that the server is known to
 * have, and then one of them is enough: only if none has the write in time is the lock given back.
 * Any other replica may take over, and grants it again. No setting asks for more than one.
 *
 * Replicas lag here by up to the second that Redisson gives them. Callers who find that too long to
 * wait are told to give them less (redisson/redisson#4211), and these do.
 */
import { inBackground, isCallFailure, NotReplicated } from '../call-failure.js';
import type { Environment } from '../environment.js';
import { defineLock } from '../lock.js';
import { type Hold, REDISSON_OPTIONS, type RedissonOptions } from '../redisson-base.js';
import { RedissonLock } from '../redisson-lock.js';
import type { RenewAll } from '../redisson-watchdog.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

/** How often a request that no replica had in time is sent again (`retryAttempts`). */
const RETRY_ATTEMPTS = 4;
/** Least time before it is, and as much again at random (`retryDelay`). */
const RETRY_DELAY_MS = 1_000;

class RedissonLock7 extends RedissonLock {
  /** As last counted; `undefined` when a WAIT has told of another number. */
  private connectedReplicas: number | undefined;

  constructor(
    environment: Environment,
    options: RedissonOptions,
    private readonly slavesSyncTimeoutMs: number,
  ) {
    super(environment, options);
  }

  protected override enter(hold: Hold): Promise<number | null> {
    return this.insisting(async () => {
      try {
        return await this.synced(() => super.enter(hold));
      } catch (error) {
        if (error instanceof NotReplicated) await this.giveBack(hold);
        throw error;
      }
    });
  }

  protected override leave(hold: Hold, latch: string): Promise<number | null> {
    return this.insisting(() => this.synced(() => super.leave(hold, latch)));
  }

  protected override renewal(leaseMs: number): RenewAll {
    const renewAll = super.renewal(leaseMs);
    return (names, holders) => this.synced(() => renewAll(names, holders));
  }

  /** Leaves what no replica knows; what the acquire ends with is the same either way. */
  private async giveBack(hold: Hold): Promise<void> {
    const latch = this.newLatch(hold);
    try {
      await this.synced(() => super.leave(hold, latch));
      inBackground(this.redis.call('DEL', latch));
    } catch (error) {
      if (!isCallFailure(error)) throw error;
    }
  }

  /** @throws {NotReplicated} if none of the replicas has what was written in time. */
  private async synced<T>(write: () => Promise<T>): Promise<T> {
    const replicas = (this.connectedReplicas ??= await this.countReplicas());
    const written = write();
    if (replicas === 0) return written;
    const waited = this.redis.call('WAIT', replicas, this.slavesSyncTimeoutMs);
    inBackground(waited);
    const answer = await written;
    const acknowledged = Number(await waited);
    if (acknowledged !== replicas) this.connectedReplicas = undefined;
    if (acknowledged === 0) throw new NotReplicated(0, 1);
    return answer;
  }

  private async countReplicas(): Promise<number> {
    const told = String(await this.redis.call('INFO', 'replication'));
    return Number(/connected_slaves:(\d+)/.exec(told)?.[1] ?? 0);
  }

  private async insisting<T>(attempt: () => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof NotReplicated) || retries === RETRY_ATTEMPTS) throw error;
      }
      await this.environment.sleep(RETRY_DELAY_MS * (1 + this.environment.random()));
    }
  }
}

export default defineLock({
  name: 'redisson-lock-7',
  summary: "Redisson's lock on a Redis with two replicas, granted when either of them has it.",
  source:
    'redisson/redisson v4.7.0: CommandAsyncService.java, syncedEval, handleNoSync; Config.java ' +
    '(checkLockSyncedSlaves, slavesSyncTimeout); redisson/redisson#5256; redisson/redisson#4211',
  services: { redis: 1 },
  replicas: 2,
  options: {
    ...REDISSON_OPTIONS,
    slavesSyncTimeoutMs: {
      kind: 'number',
      default: 500,
      min: 1,
      max: 60_000,
      integer: true,
      doc: 'how long the replicas have for what was written, in ms (Redisson gives them 1 s)',
    },
  },
  // Not reentrant: who enters again waits for replicas, which R19 takes for waiting for oneself.
  declares: { wokenByMessage: true },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'mutual-exclusion', class: 'double-grant', faults: ['failover'], runs: 2_000 },
  fixedBy: 'set-nx-replicated',
  create: (environment, options) =>
    new RedissonLock7(environment, options, options.slavesSyncTimeoutMs),
});

/**
 * What the locks that are a row of a table have in common: a row for each lock with its owner and
 * when that ends, written by one statement that fails to write while somebody else's stands. They
 * differ in whose clock says so, and in what else a row tells.
 */
import { inBackground, mayHaveBeenApplied } from './call-failure.js';
import { Deadline, GONE } from './deadline.js';
import type { Environment } from './environment.js';
import type { AcquireOptions, Grant, Refusal } from './lock.js';
import type { PostgresResult } from './postgres.js';
import type { PostgresConnection } from './postgres-connection.js';
import {
  callTimeoutOption,
  type RetryOptions,
  refused,
  removing,
  retrying,
  retryOptions,
} from './retry.js';

/** Options of every lock in a table. */
export const LOCK_TABLE_OPTIONS = {
  callTimeoutMs: callTimeoutOption(1_000),
  ...retryOptions({ retryDelayMs: 200, retryJitterMs: 200 }),
} as const;

export interface LockTableOptions extends RetryOptions {
  readonly callTimeoutMs: number;
}

/** The statements of a design. Each answers the row that it wrote or removed, or none. */
export interface TableDesign {
  take(key: string, ownerId: string, ttlMs: number): Promise<PostgresResult>;
  extend(key: string, ownerId: string, ttlMs: number): Promise<PostgresResult>;
  /** `held` of its row: whether it had not run out. */
  giveBack(key: string, ownerId: string): Promise<PostgresResult>;
  /** From which instant on a term counts; default: from before the request is made. */
  readonly countsFromAnswer?: true;
}

export class LockTable {
  constructor(
    readonly environment: Environment,
    private readonly options: RetryOptions,
    readonly design: TableDesign,
  ) {}

  acquire(key: string, wanted: AcquireOptions): Promise<TableGrant | Refusal> {
    return retrying(this.environment, wanted, this.options, () => this.#attempt(key, wanted.ttlMs));
  }

  /**
   * One try. Each has an owner id of its own: with one id for all, the clean-up of an earlier try
   * that arrives late would remove the row that a later try was granted.
   */
  async #attempt(key: string, ttlMs: number): Promise<TableGrant | Refusal> {
    const { environment } = this;
    const ownerId = environment.ownerId();
    const calledAtMs = environment.monoMs();
    let answer: PostgresResult;
    try {
      answer = await this.design.take(key, ownerId, ttlMs);
    } catch (error) {
      if (mayHaveBeenApplied(error)) inBackground(this.remove(key, ownerId));
      throw error;
    }
    const [row] = answer.rows;
    if (row === undefined) return refused('held');
    const deadline = new Deadline(environment, this.endsAtMs(calledAtMs, ttlMs));
    if (deadline.validForMs() > 0)
      return new TableGrant(this, key, ownerId, deadline, row['fence']);
    inBackground(this.remove(key, ownerId));
    return refused('granted too late');
  }

  /** When a term ends that was asked for by a call made at `calledAtMs`. */
  endsAtMs(calledAtMs: number, ttlMs: number): number {
    return (this.design.countsFromAnswer ? this.environment.monoMs() : calledAtMs) + ttlMs;
  }

  /** Removes the row if it is ours, trying again a few times; `false`: it was over before. */
  remove(key: string, ownerId: string): Promise<boolean> {
    return removing(this.environment, this.options, async () => {
      const { rows } = await this.design.giveBack(key, ownerId);
      return rows[0]?.['held'] === true ? 1 : 0;
    });
  }
}

/** The row is ours until the deadline. */
class TableGrant implements Grant {
  readonly granted = true;
  readonly fencingToken?: number;

  constructor(
    private readonly table: LockTable,
    private readonly key: string,
    readonly ownerId: string,
    private readonly deadline: Deadline,
    fence: unknown,
  ) {
    if (fence !== undefined) this.fencingToken = Number(fence);
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  onLost(callback: () => void): void {
    this.deadline.onLost(callback);
  }

  validForMs(): number {
    return this.deadline.validForMs();
  }

  async renew(ttlMs: number): Promise<boolean> {
    if (this.validForMs() <= 0) return false;
    const { table, deadline, key, ownerId } = this;
    const calledAtMs = table.environment.monoMs();
    // A shorter TTL counts as soon as it may have been applied, a longer one when it is confirmed.
    deadline.shortenTo(calledAtMs + ttlMs);
    const { rows } = await table.design.extend(key, ownerId, ttlMs);
    if (rows.length === 1) return deadline.extendTo(table.endsAtMs(calledAtMs, ttlMs));
    deadline.lose(GONE);
    return false;
  }

  release(): Promise<boolean> {
    this.deadline.end();
    return this.table.remove(this.key, this.ownerId);
  }
}

/** The pool of a lock, with its time limit. */
export function poolOf(
  { postgres }: Environment,
  { callTimeoutMs }: { readonly callTimeoutMs: number },
): PostgresConnection {
  return postgres[0]!.within(callTimeoutMs);
}

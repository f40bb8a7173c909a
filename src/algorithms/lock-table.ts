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

/** What a design asks the database. */
export interface TableDesign {
  /** Reads the time by a statement of its own. Absent: the others do that for themselves. */
  readTime?(): Promise<string>;
  /** Answers the row that it wrote; its `fence` is the fencing token. */
  take(key: string, ownerId: string, ttlMs: number, time: string): Promise<PostgresResult>;
  extend(key: string, ownerId: string, ttlMs: number, time: string): Promise<PostgresResult>;
  /** Answers the row that it gave back; `held`: whether it had not run out. */
  giveBack(key: string, ownerId: string): Promise<PostgresResult>;
}

/** Statements that need no more than key, owner id and TTL in ms ($1, $2, $3). */
export function statements(
  pool: PostgresConnection,
  acquire: string,
  renew: string,
  release: string,
): TableDesign {
  return {
    take: (key, ownerId, ttlMs) => pool.query(acquire, [key, ownerId, ttlMs]),
    extend: (key, ownerId, ttlMs) => pool.query(renew, [key, ownerId, ttlMs]),
    giveBack: (key, ownerId) => pool.query(release, [key, ownerId]),
  };
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
    const { environment, design } = this;
    const ownerId = environment.ownerId();
    const time = design.readTime === undefined ? '' : await design.readTime();
    const endsAtMs = environment.monoMs() + ttlMs;
    let answer: PostgresResult;
    try {
      answer = await design.take(key, ownerId, ttlMs, time);
    } catch (error) {
      if (mayHaveBeenApplied(error)) inBackground(this.remove(key, ownerId));
      throw error;
    }
    const [row] = answer.rows;
    if (row === undefined) return refused('held');
    const deadline = new Deadline(environment, endsAtMs);
    if (deadline.validForMs() > 0)
      return new TableGrant(this, key, ownerId, deadline, row['fence']);
    inBackground(this.remove(key, ownerId));
    return refused('granted too late');
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
    const { deadline, key, ownerId } = this;
    const { design, environment } = this.table;
    const time = design.readTime === undefined ? '' : await design.readTime();
    const endsAtMs = environment.monoMs() + ttlMs;
    // A shorter TTL counts as soon as it may have been applied, a longer one when it is confirmed.
    deadline.shortenTo(endsAtMs);
    const { rows } = await design.extend(key, ownerId, ttlMs, time);
    if (rows.length === 1) return deadline.extendTo(endsAtMs);
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

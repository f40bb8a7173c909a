/** A session: what outlives its transactions, and where it stands in the query it runs. */
import type { PostgresError } from './errors.js';
import type { Lock, LockOwner, Waiter } from './locks/lock-manager.js';
import type { PostgresQuery } from './port.js';
import type { Running } from './runner.js';
import type { Settings } from './settings.js';
import type { Sequence } from './storage/sequence.js';
import type { Transaction } from './storage/transaction.js';
import type { Query } from './syntax/parse.js';

export const NEVER = Number.POSITIVE_INFINITY;

export class Session implements LockOwner {
  readonly held = new Set<Lock>();
  waiting: Waiter | undefined = undefined;
  /** The lock it waited for and was granted, until whoever wanted it asks again. */
  granted: Lock | undefined = undefined;
  /** Its sleep is over. */
  slept = false;
  /** What it waited for ended with this instead. */
  failure: PostgresError | undefined = undefined;
  blocked = false;
  /** Its client is gone, which it will notice when it has something to say. */
  gone = false;
  transaction: Transaction | undefined = undefined;
  running: Running | undefined = undefined;
  /** Queries that came while another ran. */
  readonly pending: PostgresQuery[] = [];
  readonly prepared = new Map<string, Query>();
  readonly listening = new Set<string>();
  readonly notifications: { readonly channel: string; readonly payload: string }[] = [];
  /** Values that nextval gave to this session. */
  readonly currentValues = new Map<Sequence, bigint>();
  last: Sequence | undefined = undefined;
  /** Deadlines, on the server's monotonic clock. */
  sleepUntilUs = NEVER;
  lockDeadlineUs = NEVER;
  deadlockAtUs = NEVER;
  statementDeadlineUs = NEVER;
  idleDeadlineUs = NEVER;

  constructor(
    readonly connection: number,
    readonly processId: number,
    readonly settings: Settings,
  ) {}

  /** The next instant at which something happens to it by itself. */
  nextDeadlineUs(): number {
    if (!this.blocked) return this.idleDeadlineUs;
    return Math.min(
      this.sleepUntilUs,
      this.lockDeadlineUs,
      this.deadlockAtUs,
      this.statementDeadlineUs,
    );
  }
}

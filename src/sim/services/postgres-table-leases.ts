/**
 * Which rows are leases (docs/semantics.md, R1). A server cannot know what a row is to its clients,
 * so the operation stands in for it: a row whose key contains the lock's, and that tells its owner,
 * is a lease of the acquire or renew whose request wrote it, for the `ttlMs` that was asked for,
 * which run out on the wall clock of the server. A release, and whatever takes the owner away, ends
 * it.
 */
import type { Request } from '../connection.js';
import type { LeaseObserver, RequestEffect, ServerLeases } from '../leases.js';
import type { PostgresRow } from '../servers/postgres/port.js';

/** Texts that are no owner: an instant or a large number, as the server writes them. */
const NO_NAME = /^-?infinity$|^\d{4,}-\d\d-\d\d[ T]|^-?[\d.]+$/;

/** What a table needs of its server. */
export interface TableClock {
  wallUs(): number;
  /** Asks to be woken at that reading of the wall clock. */
  wakeAt(wallUs: number | undefined): void;
}

/** When the term of a row is over, on the server's wall clock. */
interface Term {
  /** The row as it was written. */
  readonly row: string;
  readonly untilUs: number;
}

export class TableLeases {
  private readonly terms = new Map<string, Term>();
  /** Terms that are over, or were replaced: what is undone may bring one back. */
  private readonly past: Term[] = [];
  private readonly undone = new Map<string, PostgresRow | undefined>();

  constructor(
    private readonly leases: LeaseObserver,
    private readonly here: ServerLeases,
    private readonly clock: TableClock,
    private readonly ttlUs: number,
    private readonly lockKey: string,
  ) {}

  /** A request wrote a row, or removed it. */
  written(
    key: string,
    after: PostgresRow | undefined,
    request: Request,
    effect: RequestEffect,
  ): void {
    this.expire();
    const { leases, here, clock, ttlUs } = this;
    const owner = after === undefined ? undefined : this.ownerIn(after, key);
    if (after === undefined || owner === undefined || request.action === 'release') {
      leases.removed(here, key, request, effect);
      this.forget(key);
    } else {
      this.forget(key);
      const { sentAtUs } = request;
      leases.granted(here, { key, value: owner, termUs: ttlUs, sentAtUs }, request, effect);
      this.terms.set(key, { row: JSON.stringify(after), untilUs: clock.wallUs() + ttlUs });
    }
    this.wake();
  }

  /** A crash or failover undid what was written, the last first: the row is what it was before. */
  undo(key: string, row: PostgresRow | undefined): void {
    this.undone.set(key, row);
  }

  /** All is undone that is. */
  settle(): void {
    for (const [key, row] of this.undone) this.bringBack(key, row);
    this.undone.clear();
    this.wake();
  }

  private bringBack(key: string, row: PostgresRow | undefined): void {
    const { leases, here, clock } = this;
    leases.ended(here, key, 'lost');
    this.forget(key);
    const owner = row === undefined ? undefined : this.ownerIn(row, key);
    const text = JSON.stringify(row);
    const term = this.past.findLast((one) => one.row === text);
    if (owner === undefined || term === undefined) return;
    const leftUs = term.untilUs - clock.wallUs();
    if (leftUs <= 0) return;
    leases.reinstated(here, key, owner, leftUs);
    this.terms.set(key, term);
  }

  /** The wall clock is another: ends what is over by it. */
  expire(): void {
    const nowUs = this.clock.wallUs();
    for (const [key, { untilUs }] of this.terms) {
      if (untilUs > nowUs) continue;
      this.leases.ended(this.here, key, 'expired');
      this.forget(key);
    }
  }

  /** Asks to be woken when the next term is over. */
  wake(): void {
    let nextUs: number | undefined;
    for (const { untilUs } of this.terms.values()) {
      if (nextUs === undefined || untilUs < nextUs) nextUs = untilUs;
    }
    this.clock.wakeAt(nextUs);
  }

  private forget(key: string): void {
    const term = this.terms.get(key);
    if (term === undefined) return;
    this.terms.delete(key);
    this.past.push(term);
  }

  /** An id that a client was given to own with, else the first text that may be a name. */
  private ownerIn(row: PostgresRow, key: string): string | undefined {
    let name: string | undefined;
    for (const value of Object.values(row)) {
      if (typeof value !== 'string' || value === key) continue;
      if (this.leases.isOwner(value)) return value;
      if (name !== undefined || NO_NAME.test(value)) continue;
      // Of a key of several columns that which names the lock is no owner either.
      if (!value.includes(this.lockKey) || !key.includes(value)) name = value;
    }
    return name;
  }
}

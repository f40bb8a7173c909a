/**
 * The keys of the server: finding, writing and expiring them, and telling of it. Every write goes
 * through `put` or `remove`, which keep the change log, the WATCHes, the blocked calls and the
 * observer informed.
 *
 * Expiry is Redis 7's (`db.c: keyIsExpired`): in milliseconds of the wall clock, a key is gone as
 * soon as the clock reads more than its expiry. The clock is read once for each command, so that a
 * script or transaction sees one instant. HGETALL, SMEMBERS, KEYS and SCAN answer in the order of
 * insertion, where Redis promises no order.
 */
import type { Alarm } from './alarm.js';
import type { ChangeLog } from './change-log.js';
import type { Entry } from './entry.js';
import type { KeyChange, RedisPort } from './port.js';
import { SortedSet } from './sorted-set.js';

export interface KeyspaceListener {
  /** A key that clients watch was written or deleted. */
  touched(key: string): void;
  /** A key became a list or sorted set. */
  created(key: string): void;
  expired(key: string): void;
}

export class Keyspace {
  readonly entries = new Map<string, Entry>();
  /** Wall clock of the command in hand, in milliseconds. */
  nowMs = 0;
  /** No key expires before this; at most this early. */
  private earliestMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly port: RedisPort,
    private readonly log: ChangeLog,
    private readonly alarm: Alarm,
    private readonly listener: KeyspaceListener,
  ) {}

  /** What a key holds now; a key whose time has come is removed first. */
  find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.expireAtMs === undefined || this.nowMs <= entry.expireAtMs) return entry;
    this.expire(key, entry);
    return undefined;
  }

  /** Writes a key; `before` is what `find` found. */
  put(
    key: string,
    before: Entry | undefined,
    entry: Entry,
    change: 'command' | 'counter' = 'command',
  ): void {
    this.entries.set(key, entry);
    const expireAtMs = entry.expireAtMs;
    if (expireAtMs !== undefined && expireAtMs < this.earliestMs) this.watchExpiry(expireAtMs);
    this.changed(key, before, entry, change);
    if ((entry.type === 'list' || entry.type === 'zset') && before?.type !== entry.type) {
      this.listener.created(key);
    }
  }

  /** Deletes a key; `before` is what `find` found. */
  remove(key: string, before: Entry): void {
    this.entries.delete(key);
    this.changed(key, before, undefined, 'command');
  }

  /* ---- collections to change: copies while an earlier state may still be asked for ---- */

  draftHash(fields: Map<string, string> | undefined): Map<string, string> {
    return fields !== undefined && !this.log.keeps ? fields : new Map(fields);
  }

  draftSet(members: Set<string> | undefined): Set<string> {
    return members !== undefined && !this.log.keeps ? members : new Set(members);
  }

  draftList(items: string[] | undefined): string[] {
    if (items === undefined) return [];
    return this.log.keeps ? items.slice() : items;
  }

  draftSorted(sorted: SortedSet | undefined): SortedSet {
    return sorted !== undefined && !this.log.keeps ? sorted : new SortedSet(sorted);
  }

  /* ---- time ---- */

  /** Removes every key whose time has come; answers when to look again (∞: no key expires). */
  expireDue(): number {
    if (this.nowMs > this.earliestMs) {
      for (const [key, entry] of this.entries) {
        if (entry.expireAtMs !== undefined && this.nowMs > entry.expireAtMs)
          this.expire(key, entry);
      }
    }
    this.earliestMs = Number.POSITIVE_INFINITY;
    for (const { expireAtMs } of this.entries.values()) {
      if (expireAtMs !== undefined && expireAtMs < this.earliestMs) this.earliestMs = expireAtMs;
    }
    return (this.earliestMs + 1) * 1000;
  }

  /**
   * While the server is down: tells of every key whose time comes. It stays, for the restart to
   * look at, which finds it expired unless the clock went back. Answers when to look again.
   */
  lapse(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [key, entry] of this.entries) {
      if (entry.expireAtMs === undefined || this.lapsed.has(key)) continue;
      if (this.nowMs <= entry.expireAtMs) nextMs = Math.min(nextMs, entry.expireAtMs);
      else {
        this.lapsed.add(key);
        this.port.keyChanged(key, entry, undefined, 'expired');
      }
    }
    return (nextMs + 1) * 1000;
  }
  private readonly lapsed = new Set<string>();

  /** The server is up again: what had expired is gone, unless the clock went back meanwhile. */
  comeBack(): void {
    for (const key of this.lapsed) {
      const entry = this.entries.get(key);
      if (entry?.expireAtMs === undefined) continue;
      if (this.nowMs > entry.expireAtMs) this.entries.delete(key);
      else this.port.keyChanged(key, undefined, entry, 'lost');
    }
    this.lapsed.clear();
  }

  private watchExpiry(expireAtMs: number): void {
    this.earliestMs = expireAtMs;
    this.alarm.ask((expireAtMs + 1) * 1000);
  }

  private expire(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.changed(key, entry, undefined, 'expired');
    this.listener.expired(key);
  }

  private changed(
    key: string,
    before: Entry | undefined,
    after: Entry | undefined,
    change: KeyChange,
  ): void {
    this.log.record(this.port.monoUs(), key, before);
    this.listener.touched(key);
    this.port.keyChanged(key, before, after, change);
  }

  /* ---- forgetting ---- */

  /**
   * Puts keys back to what they held, as a crash or failover does. What would come back expired
   * does not come back.
   */
  revert(held: ReadonlyMap<string, Entry | undefined>): void {
    for (const [key, kept] of held) {
      const current = this.entries.get(key);
      const gone = kept?.expireAtMs !== undefined && this.nowMs > kept.expireAtMs;
      const restored = gone ? undefined : kept;
      if (restored === current) continue;
      if (restored === undefined) this.entries.delete(key);
      else this.entries.set(key, restored);
      this.port.keyChanged(key, current, restored, 'lost');
    }
    this.earliestMs = Number.NEGATIVE_INFINITY;
  }
}

/**
 * The keys of etcd, with all their earlier states back to the last compaction, as `mvcc/
 * kvstore_txn.go`, `key_index.go` and `index.go` keep them. A write is a transaction: all that it
 * changes has the same new revision, and becomes visible to others when it is committed.
 */
import type { RpcError } from './check.js';
import { COMPACTED, FUTURE_REVISION } from './errors.js';
import { compareBytes, inRange } from './interval.js';
import type { KeyValue } from './messages.js';

/** What the state of a key at a deletion looks like: only `modRevision` counts. */
export function isDeletion(kv: KeyValue): boolean {
  return kv.createRevision === 0;
}

/** One step of a transaction: a key, and what it held before. */
export interface Change {
  readonly before: KeyValue | undefined;
  readonly after: KeyValue;
}

export class Store {
  /** Of the last write. */
  revision = 1;
  /** No revision before this can be read; −1: none was compacted (`kvstore.go: NewStore`). */
  compactRevision = -1;
  /** Every key that has a state left, in order. */
  private readonly keys: string[] = [];
  /** The states of each key that has any, the oldest first. */
  private readonly states = new Map<string, KeyValue[]>();
  /** All states of all keys in the order they came about. */
  private log: KeyValue[] = [];
  /** What the transaction in hand did. */
  private changes: Change[] = [];

  /** The revision that reads within the transaction in hand see. */
  get readRevision(): number {
    return this.changes.length === 0 ? this.revision : this.revision + 1;
  }

  /** A key as of a revision that is not compacted. */
  find(key: string, revision: number): KeyValue | undefined {
    const states = this.states.get(key);
    if (states === undefined) return undefined;
    for (let at = states.length - 1; at >= 0; at--) {
      const state = states[at]!;
      if (state.modRevision <= revision) return isDeletion(state) ? undefined : state;
    }
    return undefined;
  }

  /** The keys of a range as of a revision that is not compacted, in order. */
  range(key: string, rangeEnd: string, revision: number): KeyValue[] {
    const found: KeyValue[] = [];
    if (rangeEnd === '') {
      const kv = this.find(key, revision);
      if (kv !== undefined) found.push(kv);
      return found;
    }
    for (let at = this.placeOf(key); at < this.keys.length; at++) {
      const candidate = this.keys[at]!;
      if (!inRange(candidate, key, rangeEnd)) break;
      const kv = this.find(candidate, revision);
      if (kv !== undefined) found.push(kv);
    }
    return found;
  }

  /** Where a key stands, or would stand, among all. */
  private placeOf(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.keys[middle]!, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /* ---- transactions ---- */

  /** Writes a key; answers what it held before. */
  put(key: string, value: string, lease: number): KeyValue | undefined {
    const modRevision = this.revision + 1;
    const before = this.find(key, modRevision);
    this.change(before, {
      key,
      value,
      createRevision: before?.createRevision ?? modRevision,
      modRevision,
      version: (before?.version ?? 0) + 1,
      lease,
    });
    return before;
  }

  /** Deletes the keys of a range; answers what they held before. */
  deleteRange(key: string, rangeEnd: string): KeyValue[] {
    const found = this.range(key, rangeEnd, this.readRevision);
    for (const before of found) {
      this.change(before, {
        key: before.key,
        value: '',
        createRevision: 0,
        modRevision: this.revision + 1,
        version: 0,
        lease: 0,
      });
    }
    return found;
  }

  private change(before: KeyValue | undefined, after: KeyValue): void {
    const states = this.states.get(after.key);
    if (states !== undefined) {
      states.push(after);
    } else {
      this.states.set(after.key, [after]);
      this.keys.splice(this.placeOf(after.key), 0, after.key);
    }
    this.log.push(after);
    this.changes.push({ before, after });
  }

  /** Ends the transaction in hand; answers what it changed. Without changes, no new revision. */
  commit(): readonly Change[] {
    const { changes } = this;
    if (changes.length === 0) return changes;
    this.revision += 1;
    this.changes = [];
    return changes;
  }

  /* ---- history ---- */

  /** All states that came about from a revision on that is not compacted. */
  since(revision: number): readonly KeyValue[] {
    let low = 0;
    let high = this.log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.log[middle]!.modRevision < revision) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? this.log : this.log.slice(low);
  }

  /** Marks what came before a revision as gone; `forget` removes it. */
  compact(revision: number): RpcError | undefined {
    if (revision <= this.compactRevision) return COMPACTED;
    if (revision > this.revision) return FUTURE_REVISION;
    this.compactRevision = revision;
    return undefined;
  }

  /**
   * Removes all states before the revision compacted last but the newest of each key, and that too
   * if it is a deletion (`key_index.go: compact`).
   */
  forget(): void {
    const { compactRevision } = this;
    const kept = new Set<KeyValue>();
    for (const [key, states] of this.states) {
      const first = states.findLastIndex(({ modRevision }) => modRevision <= compactRevision);
      const from = first >= 0 && isDeletion(states[first]!) ? first + 1 : Math.max(first, 0);
      states.splice(0, from);
      for (const state of states) kept.add(state);
      if (states.length > 0) continue;
      this.states.delete(key);
      this.keys.splice(this.placeOf(key), 1);
    }
    this.log = this.log.filter((state) => kept.has(state));
  }
}

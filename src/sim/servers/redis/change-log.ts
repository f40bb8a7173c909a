/**
 * The one log behind replicas, disks and WAIT: for every change when it happened and what the key
 * held before. Going back to the state of an earlier instant is undoing what came after it. The log
 * is trimmed to what its slowest reader may still ask for.
 */
import type { Entry } from './entry.js';

/** Entries that are no longer needed are cut off in blocks of this many. */
const CUT = 1024;

export class ChangeLog {
  /** When the last change happened on the monotonic clock, −∞ if there was none. */
  lastAtUs = Number.NEGATIVE_INFINITY;
  /** Number of changes in all: the replication offset that ROLE and INFO show. */
  count = 0;

  private readonly times: number[] = [];
  private readonly keys: string[] = [];
  private readonly befores: (Entry | undefined)[] = [];
  private first = 0;

  /** `keepUs`: how far back `since` may reach; 0 keeps nothing. */
  constructor(readonly keepUs: number) {}

  /** Whether earlier states are kept at all. */
  get keeps(): boolean {
    return this.keepUs > 0;
  }

  record(atUs: number, key: string, before: Entry | undefined): void {
    this.lastAtUs = atUs;
    this.count += 1;
    if (this.keepUs === 0) return;
    this.times.push(atUs);
    this.keys.push(key);
    this.befores.push(before);
    const horizon = atUs - this.keepUs;
    while (this.times[this.first]! < horizon) this.first += 1;
    if (this.first >= CUT && this.first * 2 >= this.times.length) this.cut();
  }

  private cut(): void {
    this.times.splice(0, this.first);
    this.keys.splice(0, this.first);
    this.befores.splice(0, this.first);
    this.first = 0;
  }

  /** What each key held at the instant `atUs`, of the keys that changed later than that. */
  changedAfter(atUs: number): Map<string, Entry | undefined> {
    const held = new Map<string, Entry | undefined>();
    for (let index = this.times.length - 1; index >= this.first; index--) {
      if (this.times[index]! <= atUs) break;
      held.set(this.keys[index]!, this.befores[index]);
    }
    return held;
  }

  /** Forgets everything: all readers have the current state. */
  clear(): void {
    this.times.length = 0;
    this.keys.length = 0;
    this.befores.length = 0;
    this.first = 0;
    this.lastAtUs = Number.NEGATIVE_INFINITY;
  }
}

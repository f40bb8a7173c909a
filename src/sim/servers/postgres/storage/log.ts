/**
 * What a crash or a failover can lose: the commits and sequence records of the last moments, in
 * order, with what undoes them.
 */
import type { Catalog } from '../catalog/catalog.js';
import type { Sequence, SequenceRecord } from './sequence.js';
import type { Change } from './transaction.js';

export interface LogRecord {
  /** On the server's monotonic clock. */
  readonly atUs: number;
  /** Whether the commit waited until it was on disk. */
  readonly flushed: boolean;
  readonly changes: readonly Change[];
  /** The definitions before it, if it changed them. */
  readonly catalogBefore: Catalog | undefined;
  readonly sequence: Sequence | undefined;
  readonly sequenceBefore: SequenceRecord | undefined;
}

export class CommitLog {
  private readonly records: LogRecord[] = [];
  /** Records from here on count; those before are too old to be lost. */
  private first = 0;

  /** @param keptUs Age at which nothing is lost any more. */
  constructor(private readonly keptUs: number) {}

  append(record: LogRecord): void {
    if (this.keptUs === 0) return;
    this.records.push(record);
    const oldUs = record.atUs - this.keptUs;
    while (this.records[this.first]!.atUs < oldUs) this.first += 1;
    if (this.first > 256) {
      this.records.splice(0, this.first);
      this.first = 0;
    }
  }

  /** Takes off the records made after `cutUs`, the newest first. */
  takeAfter(cutUs: number): LogRecord[] {
    return this.takeWhile((record) => record.atUs > cutUs);
  }

  /** The same, but stops at what was flushed: all before it is on disk too. */
  takeUnflushedAfter(cutUs: number): LogRecord[] {
    return this.takeWhile((record) => record.atUs > cutUs && !record.flushed);
  }

  /** Nothing of what was recorded so far can be lost any more. */
  forget(): void {
    this.records.length = 0;
    this.first = 0;
  }

  private takeWhile(lost: (record: LogRecord) => boolean): LogRecord[] {
    const taken: LogRecord[] = [];
    while (this.records.length > this.first && lost(this.records.at(-1)!)) {
      taken.push(this.records.pop()!);
    }
    return taken;
  }
}

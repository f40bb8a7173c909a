/**
 * Sequences: outside of transactions, and logged 32 values ahead, so that a crash or a failover
 * skips values and never repeats one that was logged (PostgreSQL sources: sequence.c).
 */
import type { SequenceDefinition } from '../catalog/definitions.js';
import { PostgresError } from '../errors.js';

const LOGGED_AHEAD = 32n;

/** What the log says of a sequence: where a recovered server goes on. */
export interface SequenceRecord {
  readonly last: bigint;
  readonly called: boolean;
}

export class Sequence {
  private last: bigint;
  private called = false;
  /** Values that may still be given without another record in the log. */
  private logCount = 0n;
  logged: SequenceRecord;

  constructor(readonly definition: SequenceDefinition) {
    this.last = definition.start;
    this.logged = { last: definition.start, called: false };
  }

  /** The next value, and whether the log got a record. */
  next(): { readonly value: bigint; readonly wrote: boolean } {
    const { increment } = this.definition;
    const first = !this.called;
    const value = first ? this.last : this.step(this.last, increment);
    const wrote = first || this.logCount === 0n;
    if (wrote) {
      this.logCount = LOGGED_AHEAD;
      this.logged = { last: this.clamp(value + LOGGED_AHEAD * increment), called: true };
    } else {
      this.logCount -= 1n;
    }
    this.last = value;
    this.called = true;
    return { value, wrote };
  }

  private step(value: bigint, increment: bigint): bigint {
    const { min, max, cycle, name } = this.definition;
    const next = value + increment;
    if (next <= max && next >= min) return next;
    if (cycle) return increment > 0n ? min : max;
    const [word, limit] = increment > 0n ? ['maximum', max] : ['minimum', min];
    throw new PostgresError(
      '2200H',
      `nextval: reached ${word} value of sequence "${name}" (${limit})`,
    );
  }

  private clamp(value: bigint): bigint {
    const { min, max } = this.definition;
    return value > max ? max : value < min ? min : value;
  }

  set(value: bigint, called: boolean): void {
    const { min, max, name } = this.definition;
    if (value < min || value > max) {
      throw new PostgresError(
        '22003',
        `setval: value ${value} is out of bounds for sequence "${name}" (${min}..${max})`,
      );
    }
    this.last = value;
    this.called = called;
    this.logCount = 0n;
    this.logged = { last: value, called };
  }

  restart(): void {
    this.set(this.definition.start, false);
  }

  /** Goes on from what the log has. */
  recover(record: SequenceRecord): void {
    this.last = record.last;
    this.called = record.called;
    this.logCount = 0n;
    this.logged = record;
  }
}

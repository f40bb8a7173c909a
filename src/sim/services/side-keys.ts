/**
 * Keys that contain the lock's key and more, and hold what names no owner. One may be the lock,
 * such as `lock:orders` set to `locked`; or a note beside it, such as who held it last, which is no
 * lease (docs/semantics.md, R1; docs/decisions/0004). It is a note if its operation has a lease
 * that says more: one that names an owner, or whose name this one only adds to; or if it has no
 * term in a run that has such leases. What was found a note once stays one, and what was written
 * down of it until then is left out of the history. The code under test never sees it.
 */
import type { OperationId } from '../../fault.js';
import type { HistoryRecord, LeaseId, LeaseRecord } from '../../history.js';
import type { Request } from '../connection.js';
import type { LeaseObserver, LiveLease, ServerLeases } from '../leases.js';
import type { KeyChange, KeyState } from '../servers/redis/port.js';

export class SideKeys {
  private readonly notes = new Set<string>();
  /** Keys that held an owner id at some time: leases, whatever they hold. */
  private readonly owned = new Set<string>();
  /** Keys that are taken for leases although no value of theirs named an owner. */
  private readonly presumed = new Set<string>();

  constructor(
    private readonly leases: LeaseObserver,
    private readonly lockKey: string,
  ) {}

  /** Whether a string that changes is a note. */
  isNoteChanged(
    here: ServerLeases,
    key: string,
    after: KeyState | undefined,
    change: KeyChange,
    request: Request | undefined,
  ): boolean {
    if (change !== 'command' || after === undefined || request === undefined) {
      return this.isKnownNote(key);
    }
    return this.isNote(here, key, after.value, after.expireAtMs !== undefined, request);
  }

  /** Whether a key that is written now is a note. */
  isNote(
    here: ServerLeases,
    key: string,
    value: string | undefined,
    hasTerm: boolean,
    request: Request,
  ): boolean {
    if (key === this.lockKey || this.owned.has(key)) return false;
    if (this.namesOwner(value)) {
      this.owned.add(key);
      this.presumed.delete(key);
      this.notes.delete(key);
      return false;
    }
    if (this.notes.has(key)) return true;
    const { operation } = this.leases.actorOf(here, request);
    const old = here.byKey.get(key);
    const isNote =
      this.isBeside(key, here.server, hasTerm ? operation : undefined) ||
      (old !== undefined && this.isBeside(key, here.server, old.actor.operation));
    if (!isNote) this.presumed.add(key);
    else this.takeForNote(key);
    return isNote;
  }

  /** Whether a key was found to be a note. */
  isKnownNote(key: string): boolean {
    return this.notes.has(key);
  }

  /** Whether a lease rests on nothing but its name, and nobody ever gave it a term. */
  isDoubtful({ key, termUs }: LeaseRecord): boolean {
    return termUs === 'none' && this.presumed.has(key);
  }

  /** The history without what was written down of notes before they were found to be some. */
  withoutNotes(records: readonly HistoryRecord[]): readonly HistoryRecord[] {
    for (const lease of [...this.known()]) {
      const { key, server } = lease.record;
      if (!this.presumed.has(key)) continue;
      if (this.isBeside(key, server, lease.actor.operation)) this.takeForNote(key);
    }
    if (this.notes.size === 0) return records;
    const left = new Set<LeaseId>();
    return records.filter((record) => {
      if (record.type === 'lease' && this.notes.has(record.key)) left.add(record.lease);
      return !('lease' in record && left.has(record.lease));
    });
  }

  /** All leases until now: those that have ended, and those that stand. */
  private *known(): Iterable<LiveLease> {
    yield* this.leases.past;
    yield* this.leases.standing();
  }

  private takeForNote(key: string): void {
    this.notes.add(key);
    this.presumed.delete(key);
    for (const { byKey } of this.leases.servers) byKey.delete(key);
  }

  /** Whether there is a lease that says more: of the operation, or of any if none is named. */
  private isBeside(key: string, server: string, operation: OperationId | undefined): boolean {
    if (operation === '') return false;
    for (const lease of this.known()) {
      if (operation !== undefined && lease.actor.operation !== operation) continue;
      if (this.saysMore(lease, key, server)) return true;
    }
    return false;
  }

  private saysMore({ record, value }: LiveLease, key: string, server: string): boolean {
    if (record.key === key) return false;
    return (record.server === server && key.includes(record.key)) || this.namesOwner(value);
  }

  /** Whether a value is or contains an owner id: a token of JSON may hold more beside it. */
  private namesOwner(value: string | undefined): boolean {
    if (value === undefined) return false;
    if (this.leases.issuedToOf(value) !== undefined) return true;
    for (const ownerId of this.leases.issuedTo.keys()) if (value.includes(ownerId)) return true;
    return false;
  }
}

/**
 * The queues of a lock as a history tells them (docs/semantics.md, R20): who took a place when, and
 * until when it lasted.
 */
import type { HostId } from '../fault.js';
import type { DequeuedRecord, EnqueuedRecord } from '../history.js';
import { isBefore } from './promised-end.js';
import type { Grant, HistoryIndex } from './sections.js';

export interface Place {
  readonly record: EnqueuedRecord;
  /** Index of that record: places of a queue stand in this order. */
  readonly at: number;
  /** Index of the record that says how it ended; `Infinity` if it stands to the end. */
  until: number;
  cause: DequeuedRecord['cause'] | undefined;
  /** The grant it was taken for; `undefined` if no acquire of this history did. */
  readonly grant: Grant | undefined;
}

export interface Queue {
  readonly server: HostId;
  /** In order. */
  readonly places: readonly Place[];
  /** The last place that each grant took before its acquire ended, if it took one. */
  readonly byGrant: ReadonlyMap<Grant, Place>;
}

/** All queues, in the order of their first places. */
export function queuesOf(index: HistoryIndex): Queue[] {
  const queues = new Map<string, { server: HostId; places: Place[]; byGrant: Map<Grant, Place> }>();
  const standing = new Map<string, Place[]>();
  index.records.forEach((record, at) => {
    if (record.type !== 'enqueued' && record.type !== 'dequeued') return;
    const { server, key, operation, host, incarnation } = record;
    const name = `${server} ${key}`;
    const owner = `${name} ${host} ${incarnation} ${operation}`;
    if (record.type === 'dequeued') {
      // Who comes again, in a new session, may do so before the place of the old one has ended.
      const place = standing.get(owner)?.shift();
      if (place === undefined) return;
      place.until = at;
      place.cause = record.cause;
      return;
    }
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = { server, places: [], byGrant: new Map() };
      queues.set(name, queue);
    }
    const found = index.grantByOperation.get(operation);
    const grant = found?.client === host && found.incarnation === incarnation ? found : undefined;
    const place: Place = { record, at, until: Infinity, cause: undefined, grant };
    queue.places.push(place);
    // A request that was under way when the acquire ended may make a place that nobody waits in.
    if (grant !== undefined && !isBefore(grant.acquire.completed, at)) {
      queue.byGrant.set(grant, place);
    }
    const places = standing.get(owner);
    if (places === undefined) standing.set(owner, [place]);
    else places.push(place);
  });
  return [...queues.values()];
}

/** Whether a place is for the same lock, in a mode that excludes that of the grant. */
export function excludes({ record, grant: holder }: Place, { key, mode }: Grant): boolean {
  if (holder !== undefined && holder.key !== key) return false;
  const other = holder?.mode ?? record.mode;
  return other === 'exclusive' || mode === 'exclusive';
}

/**
 * Watches (`mvcc/watchable_store.go`, `watcher.go`, `etcdserver/api/v3rpc/watch.go`). One that
 * begins after the newest revision is told of each write at once. One that begins in the past waits
 * for the next round of a loop, at most 100 ms, and gets all it missed in one message; so does
 * every watch from the revision of an earlier answer, as locks make it. Not modelled: messages that
 * report progress (every 10 minutes), fragments, and batches of more than 1000 revisions.
 */
import { DUPLICATE_WATCH_ID, EMPTY_WATCH_RANGE } from './errors.js';
import { compareBytes, FROM_KEY, inRange } from './interval.js';
import type { WatchCreateRequest, WatchEvent, WatchResponse } from './messages.js';
import type { EtcdPort } from './port.js';
import type { View } from './range.js';
import { type Change, isDeletion, type Store } from './store.js';

/** The number of a watch that could not be created. */
const INVALID_WATCH_ID = -1;

interface Watcher {
  readonly watchId: number;
  readonly key: string;
  readonly rangeEnd: string;
  readonly prevKv: boolean;
  readonly noPut: boolean;
  readonly noDelete: boolean;
  /** Revisions before this are of no interest, or known already. */
  minRevision: number;
  /** One that was cancelled by a compaction has its number until the client cancels it. */
  state: 'synced' | 'unsynced' | 'compacted';
}

/** The watches of one connection. */
export class WatchStream {
  readonly watchers = new Map<number, Watcher>();
  private nextId = 0;

  /** The number of a watch for which the client chose none. */
  freeId(): number {
    while (this.watchers.has(this.nextId)) this.nextId += 1;
    this.nextId += 1;
    return this.nextId - 1;
  }
}

export class Watches {
  constructor(
    private readonly port: EtcdPort,
    private readonly store: Store,
  ) {}

  /** Creates a watch; the answer says whether it has to wait for a round. */
  create(
    connection: number,
    stream: WatchStream,
    call: number,
    request: WatchCreateRequest,
    { revision }: View,
  ): boolean {
    const { rangeEnd, startRevision, prevKv, noPut, noDelete } = request;
    const key = request.key === '' ? FROM_KEY : request.key;
    const reason = refuse(stream, key, request);
    if (reason !== '') {
      const refused = response(INVALID_WATCH_ID, revision, true, true, reason, 0, []);
      this.port.send(connection, { call, body: refused });
      return false;
    }
    const watchId = request.watchId === 0 ? stream.freeId() : request.watchId;
    const minRevision = startRevision === 0 ? revision + 1 : startRevision;
    const state = minRevision > revision ? 'synced' : 'unsynced';
    stream.watchers.set(watchId, {
      watchId,
      key,
      rangeEnd,
      prevKv,
      noPut,
      noDelete,
      minRevision,
      state,
    });
    const created = response(watchId, revision, true, false, '', 0, []);
    this.port.send(connection, { call, body: created });
    return state === 'unsynced';
  }

  /** Ends a watch; nothing answers for one that does not exist. */
  cancel(
    connection: number,
    stream: WatchStream,
    call: number,
    watchId: number,
    { revision }: View,
  ): void {
    if (!stream.watchers.delete(watchId)) return;
    const canceled = response(watchId, revision, false, true, '', 0, []);
    this.port.send(connection, { call, body: canceled });
  }

  /** Tells the watches of a connection of a write that was just made. */
  notify(
    connection: number,
    stream: WatchStream,
    changes: readonly Change[],
    revision: number,
  ): void {
    for (const watcher of stream.watchers.values()) {
      if (watcher.state !== 'synced' || revision < watcher.minRevision) continue;
      const events: WatchEvent[] = [];
      for (const { before, after } of changes) {
        if (!isOfInterest(watcher, after.key, isDeletion(after))) continue;
        events.push({
          type: isDeletion(after) ? 'delete' : 'put',
          kv: after,
          prevKv: watcher.prevKv ? before : undefined,
        });
      }
      this.push(connection, watcher.watchId, revision, events);
    }
  }

  private push(
    connection: number,
    watchId: number,
    revision: number,
    events: readonly WatchEvent[],
  ): void {
    if (events.length === 0) return;
    const body = response(watchId, revision, false, false, '', 0, events);
    this.port.send(connection, { call: undefined, body });
  }

  /** A round of the loop: what watches of a connection missed. */
  catchUp(connection: number, stream: WatchStream, view: View): void {
    for (const watcher of stream.watchers.values()) {
      if (watcher.state !== 'unsynced') continue;
      if (watcher.minRevision < view.compactRevision) {
        watcher.state = 'compacted';
        const body = response(watcher.watchId, 0, false, true, '', view.compactRevision, []);
        this.port.send(connection, { call: undefined, body });
        continue;
      }
      watcher.state = 'synced';
      const events = this.missed(watcher, view);
      watcher.minRevision = Math.max(watcher.minRevision, view.revision + 1);
      this.push(connection, watcher.watchId, view.revision, events);
    }
  }

  private missed(watcher: Watcher, { revision, compactRevision }: View): WatchEvent[] {
    const events: WatchEvent[] = [];
    // Below 0 is after everything: revisions are looked for by their bytes.
    if (watcher.minRevision < 0) return events;
    for (const kv of this.store.since(watcher.minRevision)) {
      if (kv.modRevision > revision) break;
      const deleted = isDeletion(kv);
      if (!isOfInterest(watcher, kv.key, deleted)) continue;
      const before = kv.modRevision - 1;
      const hasPrevious = watcher.prevKv && kv.createRevision !== kv.modRevision;
      const isKept = hasPrevious && before >= compactRevision;
      const prevKv = isKept ? this.store.find(kv.key, before) : undefined;
      events.push({ type: deleted ? 'delete' : 'put', kv, prevKv });
    }
    return events;
  }
}

/** The member behind a connection has missed what came after a revision. */
export function fallBehind({ watchers }: WatchStream, revision: number): void {
  for (const watcher of watchers.values()) {
    if (watcher.state !== 'synced') continue;
    watcher.state = 'unsynced';
    watcher.minRevision = Math.max(watcher.minRevision, revision + 1);
  }
}

/** Why a watch cannot be; '': it can. */
function refuse(stream: WatchStream, key: string, request: WatchCreateRequest): string {
  const { rangeEnd, watchId } = request;
  const hasEnd = rangeEnd !== '' && rangeEnd !== FROM_KEY;
  if (hasEnd && compareBytes(key, rangeEnd) >= 0) return EMPTY_WATCH_RANGE;
  return watchId !== 0 && stream.watchers.has(watchId) ? DUPLICATE_WATCH_ID : '';
}

function isOfInterest(watcher: Watcher, key: string, deleted: boolean): boolean {
  if (deleted ? watcher.noDelete : watcher.noPut) return false;
  return inRange(key, watcher.key, watcher.rangeEnd);
}

function response(
  watchId: number,
  revision: number,
  created: boolean,
  canceled: boolean,
  cancelReason: string,
  compactRevision: number,
  events: readonly WatchEvent[],
): WatchResponse {
  return {
    type: 'watch',
    revision,
    watchId,
    created,
    canceled,
    cancelReason,
    compactRevision,
    events,
  };
}

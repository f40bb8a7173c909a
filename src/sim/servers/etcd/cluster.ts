/**
 * The keys and leases on which the members agree, and the answers to requests about them
 * (`etcdserver/apply.go`, `v3_server.go`). What a request changes, the observer is told of and then
 * the watches, before its own answer leaves.
 */
import { LEASE_NOT_FOUND } from './errors.js';
import { compareBytes } from './interval.js';
import { type Lease, Lessor } from './lessor.js';
import type {
  EtcdRequest,
  EtcdResponse,
  LeaseGrantRequest,
  LeaseTimeToLiveRequest,
  PutRequest,
  TxnRequest,
  WatchCancelRequest,
  WatchCreateRequest,
} from './messages.js';
import { minTtlSeconds } from './min-ttl.js';
import { deleteRange, put, refusePut } from './operations.js';
import type { EtcdPort, EtcdServerOptions, KeyChange } from './port.js';
import { answerRange, type View } from './range.js';
import type { Session } from './session.js';
import { isDeletion, Store } from './store.js';
import { applyTxn, isReadOnly, readTxn } from './txn.js';
import { Watches } from './watches.js';

/** Requests that are answered at once, with one message; the others have a life of their own. */
export type Question = Exclude<
  EtcdRequest,
  WatchCreateRequest | WatchCancelRequest | { readonly type: 'leaseKeepAlive' }
>;

/** Ids that the server chooses begin with one of so many numbers. */
const ID_PREFIXES = 1_048_576;
const IDS_PER_PREFIX = 4_294_967_296;

export class Cluster {
  readonly store = new Store();
  readonly watches: Watches;
  lessor: Lessor;
  /** By number of the connection. */
  readonly sessions = new Map<number, Session>();
  /** Whether what was compacted is kept, because a member does not know of it yet. */
  keepsCompacted = false;
  /** The next id for a lease; drawn when first needed (`pkg/idutil/id.go`). */
  private nextId = 0;

  constructor(
    options: EtcdServerOptions,
    private readonly port: EtcdPort,
  ) {
    this.watches = new Watches(port, this.store);
    this.lessor = new Lessor(port, minTtlSeconds(options));
  }

  /** The answer to a request, by a member that has this view and takes its leases from there. */
  answer(request: Question, view: View, lessor: Lessor): EtcdResponse {
    const { store } = this;
    switch (request.type) {
      case 'range':
        return answerRange(store, request, view);
      case 'put':
        return this.put(request);
      case 'deleteRange': {
        const response = deleteRange(store, request);
        this.commit('deleted');
        return response;
      }
      case 'txn':
        return isReadOnly(request) ? readTxn(store, request, view) : this.applyTxn(request);
      case 'compact':
        return this.compact(request.revision);
      case 'leaseGrant':
        return this.grant(request);
      case 'leaseRevoke': {
        const lease = lessor.get(request.id);
        if (lease === undefined) return LEASE_NOT_FOUND;
        this.revoke(lease, 'released');
        return { type: 'leaseRevoke', revision: store.revision };
      }
      case 'leaseTimeToLive':
        return this.timeToLive(request, view, lessor);
      case 'leaseLeases':
        return { type: 'leaseLeases', revision: view.revision, ids: lessor.byExpiry() };
    }
  }

  /* ---- keys ---- */

  private put(request: PutRequest): EtcdResponse {
    const error = refusePut(this.store, this.lessor, request);
    if (error !== undefined) return error;
    const response = put(this.store, request);
    this.commit('deleted');
    return response;
  }

  private applyTxn(request: TxnRequest): EtcdResponse {
    const response = applyTxn(this.store, this.lessor, request);
    this.commit('deleted');
    return response;
  }

  /** Ends the write in hand; `deletion` says why keys went, if any did. */
  private commit(deletion: 'deleted' | 'expired' | 'released'): void {
    const changes = this.store.commit();
    if (changes.length === 0) return;
    const { lessor, port } = this;
    for (const { before, after } of changes) {
      if (before !== undefined && before.lease !== 0) lessor.detach(before.lease, after.key);
      if (after.lease !== 0) lessor.attach(after.lease, after.key);
      if (isDeletion(after)) {
        port.keyChanged(after.key, before, undefined, deletion);
      } else {
        const change: KeyChange = before === undefined ? 'created' : 'overwritten';
        port.keyChanged(after.key, before, after, change);
      }
    }
    for (const { connection, isolated, watches } of this.sessions.values()) {
      if (isolated || watches.watchers.size === 0) continue;
      this.watches.notify(connection, watches, changes, this.store.revision);
    }
  }

  private compact(revision: number): EtcdResponse {
    const error = this.store.compact(revision);
    if (error !== undefined) return error;
    if (!this.keepsCompacted) this.store.forget();
    return { type: 'compact', revision: this.store.revision };
  }

  /** All members know of the last compaction. */
  forgetCompacted(): void {
    this.keepsCompacted = false;
    if (this.store.compactRevision > 0) this.store.forget();
  }

  /* ---- leases ---- */

  private grant({ id, ttlSeconds }: LeaseGrantRequest): EtcdResponse {
    const chosen = id === 0 ? this.chooseId() : id;
    const lease = this.lessor.grant(chosen, ttlSeconds, this.port.monoUs());
    if ('type' in lease) return lease;
    const { revision } = this.store;
    return { type: 'leaseGrant', revision, id: lease.id, ttlSeconds: lease.ttlSeconds };
  }

  private chooseId(): number {
    if (this.nextId === 0) this.nextId = this.port.choose(ID_PREFIXES) * IDS_PER_PREFIX + 1;
    while (this.lessor.has(this.nextId)) this.nextId += 1;
    this.nextId += 1;
    return this.nextId - 1;
  }

  private timeToLive(
    { id, keys }: LeaseTimeToLiveRequest,
    { revision }: View,
    lessor: Lessor,
  ): EtcdResponse {
    const lease = lessor.get(id);
    return {
      type: 'leaseTimeToLive',
      revision,
      id,
      ttlSeconds: lease === undefined ? -1 : lease.remainingSeconds(this.port.monoUs()),
      grantedTtlSeconds: lease?.ttlSeconds ?? 0,
      keys: lease !== undefined && keys ? [...lease.keys] : [],
    };
  }

  /** Ends a lease and deletes its keys, in order, in one write. */
  revoke(lease: Lease, change: 'expired' | 'released'): void {
    const keys = [...lease.keys].sort(compareBytes);
    this.lessor.remove(lease, change);
    for (const key of keys) this.store.deleteRange(key, '');
    this.commit(change);
  }
}

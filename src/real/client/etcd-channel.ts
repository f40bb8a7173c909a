/**
 * One connection to a real etcd. Its calls do not wait for each other; keep-alives are one stream
 * and watches another, each answered in order. It is over with the first sign that it broke: then
 * whoever waits learns whether the request had left (docs/semantics.md, R7).
 */
import { CallTimeout, ConnectionLost } from '../../algorithms/environment.js';
import type { EtcdWatchNews } from '../../algorithms/etcd.js';
import type { EtcdRequest, EtcdResponse } from '../../sim/servers/etcd/messages.js';
import { requestText } from '../../sim/services/etcd-text.js';
import { toClientAnswer } from '../../sim/services/etcd-translation.js';
import { limitCall } from './call-limit.js';
import type { Address, ClientCalls } from './client-calls.js';
import {
  type Raw,
  toAnswer,
  toKeepAliveAnswer,
  toRpc,
  toWatchCancel,
  toWatchCreate,
  toWatchResponse,
} from './etcd-messages.js';
import {
  type EtcdServices,
  type GrpcCall,
  type GrpcError,
  type GrpcStream,
  openServices,
  READY,
  SHUTDOWN,
  TRANSIENT_FAILURE,
  toEtcdError,
} from './etcd-services.js';

/** What a lock can ask for. */
export type Asked = Exclude<EtcdRequest, { type: 'compact' | 'leaseLeases' }>;

/** A request that was not answered yet. */
interface Waiting {
  readonly request: Asked;
  isSent: boolean;
  /** Its caller has given up; its answer still comes. */
  isOver: boolean;
  end(answer: unknown): void;
}

interface Watcher {
  readonly onNews: (news: EtcdWatchNews) => void;
  readonly end: (how: { readonly compactRevision: number | undefined }) => void;
}

export class EtcdChannel {
  isOpen = true;
  private isReady = false;
  private readonly services: EtcdServices;
  /** All that were not answered, in the order of their calls. */
  private readonly waiting = new Set<Waiting>();
  /** What was begun in gRPC and is to be ended with the connection. */
  private readonly begun = new Set<GrpcCall>();
  private keepAlives: GrpcStream | undefined;
  private watchStream: GrpcStream | undefined;
  /** Those on the streams, whose answers come in their order. */
  private keepingAlive: Waiting[] = [];
  private watching: Waiting[] = [];
  private readonly watchers = new Map<number, Watcher>();
  private watches = 0;

  constructor(
    private readonly calls: ClientCalls,
    private readonly address: Address,
  ) {
    this.services = openServices(address);
    this.followState(this.services.channel.getConnectivityState(true));
  }

  /** gRPC would connect again by itself; this connection ends instead. */
  private followState(known: number): void {
    const { channel } = this.services;
    channel.watchConnectivityState(known, Number.POSITIVE_INFINITY, () => {
      if (!this.isOpen) return;
      const state = channel.getConnectivityState(false);
      const isReady = state === READY;
      if (this.isReady || state === TRANSIENT_FAILURE || state === SHUTDOWN) {
        this.lose();
        return;
      }
      this.followState(state);
      if (!isReady) return;
      this.isReady = true;
      for (const call of this.waiting) this.transmit(call);
    });
  }

  /** Sends a request, as soon as the connection is there; the caller has entered. */
  ask<T>(request: Asked, callTimeoutMs: number | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const call: Waiting = {
        request,
        isSent: false,
        isOver: false,
        end: (answer) => {
          clear();
          call.isOver = true;
          this.waiting.delete(call);
          if (answer instanceof Error) reject(answer);
          else resolve(answer as T);
        },
      };
      const clear = limitCall(callTimeoutMs, () => call.end(new CallTimeout(callTimeoutMs!)));
      this.waiting.add(call);
      if (this.isReady) this.transmit(call);
    });
  }

  private transmit(call: Waiting): void {
    const { request } = call;
    call.isSent = true;
    this.calls.sends(this.address.server, requestText(request));
    switch (request.type) {
      case 'leaseKeepAlive':
        this.keepingAlive.push(call);
        this.leaseStream().write({ ID: request.id });
        return;
      case 'watchCreate':
        this.watching.push(call);
        this.streamOfWatches().write(toWatchCreate(request));
        return;
      case 'watchCancel':
        this.streamOfWatches().write(toWatchCancel(request.watchId));
        call.end(undefined);
        return;
      default: {
        const { service, method, payload } = toRpc(request);
        const begun = this.services.call(service, method, payload, (error, answer) => {
          this.begun.delete(begun);
          if (error !== null) this.failed(error, [call]);
          else this.answered(call, toAnswer(request.type, answer!));
        });
        this.begun.add(begun);
      }
    }
  }

  private answered(call: Waiting | undefined, body: EtcdResponse): void {
    if (call === undefined || call.isOver) return;
    call.end(toClientAnswer({ call: undefined, body }));
  }

  private failed(error: GrpcError, calls: readonly Waiting[]): void {
    if (!this.isOpen) return;
    const ofServer = toEtcdError(error);
    if (ofServer === undefined) this.lose();
    else for (const call of calls) if (!call.isOver) call.end(ofServer);
  }

  // Streams

  private leaseStream(): GrpcStream {
    if (this.keepAlives !== undefined) return this.keepAlives;
    const stream = this.services.stream('Lease', 'leaseKeepAlive');
    stream.on('data', (raw) => this.answered(this.keepingAlive.shift(), toKeepAliveAnswer(raw)));
    stream.on('error', (error) => {
      this.keepAlives = undefined;
      this.begun.delete(stream);
      this.failed(error, this.keepingAlive.splice(0));
    });
    this.begun.add(stream);
    this.keepAlives = stream;
    return stream;
  }

  private streamOfWatches(): GrpcStream {
    if (this.watchStream !== undefined) return this.watchStream;
    const stream = this.services.stream('Watch', 'watch');
    stream.on('data', (raw) => this.watched(raw));
    stream.on('error', (error) => {
      this.watchStream = undefined;
      this.begun.delete(stream);
      this.failed(error, this.watching.splice(0));
      this.endWatchers();
    });
    this.begun.add(stream);
    this.watchStream = stream;
    return stream;
  }

  private watched(raw: Raw): void {
    const body = toWatchResponse(raw);
    const { watchId, created, canceled, compactRevision, revision, events } = body;
    if (created) {
      this.answered(this.watching.shift(), body);
      return;
    }
    const watcher = this.watchers.get(watchId);
    if (watcher === undefined) return;
    if (!canceled) {
      this.calls.event(() => watcher.onNews({ revision, events }));
      return;
    }
    this.watchers.delete(watchId);
    watcher.end({ compactRevision: compactRevision === 0 ? undefined : compactRevision });
  }

  /** The number of a new watch on this connection. */
  addWatcher(watcher: Watcher): number {
    this.watches += 1;
    this.watchers.set(this.watches, watcher);
    return this.watches;
  }

  /** Whether it was there: nothing more is delivered to it. */
  removeWatcher(watchId: number): boolean {
    return this.watchers.delete(watchId);
  }

  private endWatchers(): void {
    for (const { end } of this.watchers.values()) end({ compactRevision: undefined });
    this.watchers.clear();
  }

  // The end

  close(): void {
    this.lose();
  }

  private lose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const call of this.begun) call.cancel();
    this.begun.clear();
    this.services.channel.close();
    for (const call of [...this.waiting]) call.end(new ConnectionLost(call.isSent));
    this.endWatchers();
  }
}

/**
 * A connection to a simulated etcd, as a lock sees it: typed calls, each a stream of its own but
 * for keep-alives and watches, and answers as a client library hands them out (docs/semantics.md,
 * R7). A call's own timeout is a deadline of gRPC: it ends that call, and not the connection.
 */

import type {
  EtcdDeleteAnswer,
  EtcdDeleteOptions,
  EtcdLease,
  EtcdPutAnswer,
  EtcdPutOptions,
  EtcdRangeAnswer,
  EtcdRangeOptions,
  EtcdTimeToLive,
  EtcdTxn,
  EtcdTxnAnswer,
  EtcdWatch,
  EtcdWatchNews,
  EtcdWatchOptions,
} from '../../algorithms/etcd.js';
import type { EtcdConnection } from '../../algorithms/etcd-connection.js';
import { Connection } from '../connection.js';
import type { EtcdMessage, EtcdRequest, WatchResponse } from '../servers/etcd/messages.js';
import { hashRequest } from './etcd-hash.js';
import { requestText } from './etcd-text.js';
import { toClientAnswer, toOperation, toTxn } from './etcd-translation.js';
import { callTimeoutFrom, never, ServiceConnection } from './service-connection.js';

/** A watch as its connection knows it. */
interface Watcher {
  readonly onNews: (news: EtcdWatchNews) => void;
  readonly end: (how: { readonly compactRevision: number | undefined }) => void;
}

/** A connection and the watches on it, by the number that the client gave to each. */
class Channel extends Connection {
  readonly watchers = new Map<number, Watcher>();
  watches = 0;

  override answers = (body: unknown): number => (body as EtcdMessage).call!;

  override onPush = (message: unknown): boolean => {
    const { call, body } = message as EtcdMessage;
    if (call !== undefined) return false;
    if (body.type === 'watch') this.toWatcher(body);
    return true;
  };

  private toWatcher({ watchId, revision, events, canceled, compactRevision }: WatchResponse): void {
    const watcher = this.watchers.get(watchId);
    if (watcher === undefined) return;
    if (!canceled) {
      this.process.run(() => watcher.onNews({ revision, events }));
      return;
    }
    this.watchers.delete(watchId);
    watcher.end({ compactRevision: compactRevision === 0 ? undefined : compactRevision });
  }

  override onClose = (): void => {
    for (const { end } of this.watchers.values()) end({ compactRevision: undefined });
    this.watchers.clear();
  };
}

export class SimEtcdConnection extends ServiceConnection implements EtcdConnection {
  grant(ttlMs: number, id = 0): Promise<EtcdLease> {
    const ttlSeconds = Math.ceil(ttlMs / 1_000);
    return this.ask({ type: 'leaseGrant', id, ttlSeconds });
  }

  keepAlive(id: number): Promise<EtcdLease | undefined> {
    return this.ask({ type: 'leaseKeepAlive', id });
  }

  revoke(id: number): Promise<{ readonly revision: number }> {
    return this.ask({ type: 'leaseRevoke', id });
  }

  timeToLive(id: number, options: { readonly keys?: boolean } = {}): Promise<EtcdTimeToLive> {
    return this.ask({ type: 'leaseTimeToLive', id, keys: options.keys ?? false });
  }

  put(key: string, value: string, options: EtcdPutOptions = {}): Promise<EtcdPutAnswer> {
    return this.ask(toOperation({ type: 'put', key, value, ...options }));
  }

  range(key: string, options: EtcdRangeOptions = {}): Promise<EtcdRangeAnswer> {
    return this.ask(toOperation({ type: 'range', key, ...options }));
  }

  delete(key: string, options: EtcdDeleteOptions = {}): Promise<EtcdDeleteAnswer> {
    return this.ask(toOperation({ type: 'deleteRange', key, ...options }));
  }

  txn(txn: EtcdTxn): Promise<EtcdTxnAnswer> {
    return this.ask(toTxn(txn));
  }

  watch(
    key: string,
    options: EtcdWatchOptions,
    onNews: (news: EtcdWatchNews) => void,
  ): Promise<EtcdWatch> {
    const channel = this.enter() as Channel | undefined;
    if (channel === undefined) return never();
    channel.watches += 1;
    const watchId = channel.watches;
    const lost: EtcdWatch['lost'] = new Promise((end) => {
      channel.watchers.set(watchId, { onNews, end });
    });
    const cancel = (): void => {
      if (!channel.watchers.delete(watchId) || !channel.open) return;
      if (!channel.process.enter()) return;
      this.sendOn(channel, { type: 'watchCancel', watchId }).catch(() => {});
    };
    const { rangeEnd = '', startRevision = 0 } = options;
    const { prevKv = false, noPut = false, noDelete = false } = options;
    const keys = { key, rangeEnd, startRevision } as const;
    return this.sendOn(channel, {
      type: 'watchCreate',
      ...keys,
      prevKv,
      noPut,
      noDelete,
      watchId,
    }).then(
      () => ({ cancel, lost }),
      (error: unknown) => {
        cancel();
        throw error;
      },
    );
  }

  within(callTimeoutMs: number): EtcdConnection {
    return new SimEtcdConnection(this.route, callTimeoutFrom(callTimeoutMs, 'within'));
  }

  protected readonly decode = toClientAnswer;

  protected textOf(body: unknown): string {
    return requestText(body as EtcdRequest);
  }

  protected override open(): Connection {
    const { process, link, host, numbers } = this.route;
    const channel = new Channel(process, link, host, numbers.next());
    channel.decode = this.decode;
    return channel;
  }

  private ask<T>(request: EtcdRequest): Promise<T> {
    return this.send(request, hashRequest(request)) as Promise<T>;
  }

  private sendOn(channel: Channel, request: EtcdRequest): Promise<unknown> {
    const { trace } = this.route.process.host.world;
    const text = trace === undefined ? '' : requestText(request);
    return channel.send(request, hashRequest(request), text, this.callTimeoutMs);
  }
}

/**
 * A connection to a real etcd, as a lock sees it, over the gRPC clients of `etcd3`. It opens on
 * first use and again after it was lost.
 */
import { randomInt } from 'node:crypto';
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
import { toOperation, toTxn } from '../../sim/services/etcd-translation.js';
import { callTimeoutFrom } from '../../sim/services/service-connection.js';
import type { Address, ClientCalls } from './client-calls.js';
import { type Asked, EtcdChannel } from './etcd-channel.js';

/** The way to one cluster, through one of its members. Nothing is opened yet. */
export function etcdConnection(calls: ClientCalls, address: Address): EtcdConnection {
  return new RealEtcdConnection({ calls, address, channel: undefined }, undefined);
}

/** The connection in use, which several limits of time share. */
interface Way {
  readonly calls: ClientCalls;
  readonly address: Address;
  channel: EtcdChannel | undefined;
}

/**
 * Ids that the server chooses have 64 bits, of which a number holds 53: so the client chooses, as
 * the protocol lets it.
 */
const LEASE_IDS = 2 ** 48 - 1;

class RealEtcdConnection implements EtcdConnection {
  readonly server: string;

  constructor(
    private readonly way: Way,
    private readonly callTimeoutMs: number | undefined,
  ) {
    this.server = way.address.server;
  }

  grant(ttlMs: number, given = 0): Promise<EtcdLease> {
    const ttlSeconds = Math.ceil(ttlMs / 1_000);
    const id = given === 0 ? randomInt(1, LEASE_IDS) : given;
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

  async watch(
    key: string,
    options: EtcdWatchOptions,
    onNews: (news: EtcdWatchNews) => void,
  ): Promise<EtcdWatch> {
    const { calls } = this.way;
    const channel = this.enter();
    let watchId = 0;
    const lost: EtcdWatch['lost'] = new Promise((end) => {
      watchId = channel.addWatcher({ onNews, end });
    });
    const cancel = (): void => {
      if (!channel.removeWatcher(watchId) || !channel.isOpen) return;
      calls.enter();
      channel.ask({ type: 'watchCancel', watchId }, undefined).catch(() => {});
    };
    const { rangeEnd = '', startRevision = 0 } = options;
    const { prevKv = false, noPut = false, noDelete = false } = options;
    const filters = { prevKv, noPut, noDelete } as const;
    const request = { type: 'watchCreate', key, rangeEnd, startRevision, watchId } as const;
    try {
      await channel.ask({ ...request, ...filters }, this.callTimeoutMs);
    } catch (error) {
      cancel();
      throw error;
    }
    return { cancel, lost };
  }

  within(callTimeoutMs: number): EtcdConnection {
    return new RealEtcdConnection(this.way, callTimeoutFrom(callTimeoutMs, 'within'));
  }

  close(): void {
    this.way.calls.enter();
    this.way.channel?.close();
  }

  /** A call enters: the connection in use, or a new one. */
  private enter(): EtcdChannel {
    const { way } = this;
    way.calls.enter();
    if (way.channel?.isOpen !== true) way.channel = new EtcdChannel(way.calls, way.address);
    return way.channel;
  }

  private ask<T>(request: Asked): Promise<T> {
    return this.enter().ask(request, this.callTimeoutMs);
  }
}

/**
 * A connection of a lock to an etcd cluster. It opens on first use and again after it was lost;
 * nothing is sent twice and nothing is queued while it is down (R7). As gRPC has it, the calls of
 * one connection do not wait for each other, but for keep-alives, which are one stream.
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
} from './etcd.js';

export interface EtcdConnection {
  /** Name of the cluster, `e1`. */
  readonly server: string;

  /** A lease of so long, rounded up to whole seconds; the server chooses its id unless given. */
  grant(ttlMs: number, id?: number): Promise<EtcdLease>;
  /** Gives the lease its whole TTL again; undefined: there is no such lease any more. */
  keepAlive(id: number): Promise<EtcdLease | undefined>;
  /** Ends the lease and deletes its keys; rejects with code `NotFound` if there is none. */
  revoke(id: number): Promise<{ readonly revision: number }>;
  timeToLive(id: number, options?: { readonly keys?: boolean }): Promise<EtcdTimeToLive>;

  put(key: string, value: string, options?: EtcdPutOptions): Promise<EtcdPutAnswer>;
  range(key: string, options?: EtcdRangeOptions): Promise<EtcdRangeAnswer>;
  delete(key: string, options?: EtcdDeleteOptions): Promise<EtcdDeleteAnswer>;
  txn(txn: EtcdTxn): Promise<EtcdTxnAnswer>;

  /** Resolves when the server has created the watch; `onNews` runs as an event of this client. */
  watch(
    key: string,
    options: EtcdWatchOptions,
    onNews: (news: EtcdWatchNews) => void,
  ): Promise<EtcdWatch>;

  /**
   * The same connection, on which each call gives up after so long; `Infinity` for none, as without
   * it. Throws `TypeError` or `RangeError` unless that is a number of milliseconds above 0.
   */
  within(callTimeoutMs: number): EtcdConnection;
  /** Closes the connection: pending calls reject with `ConnectionLost`, watches are lost. */
  close(): void;
}

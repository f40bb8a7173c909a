/**
 * What a member keeps of a connection: its watches, and its keep-alives, which are one stream and
 * answered one after the other (`etcdserver/api/v3rpc/lease.go: leaseKeepAlive`).
 */
import { WatchStream } from './watches.js';

export interface KeepAlive {
  readonly call: number;
  readonly id: number;
  /** The newest revision when its turn came; 0: it has not. */
  revision: number;
}

export class Session {
  /** Requests so far. */
  calls = 0;
  /** Whether it is to a leader that was cut off. */
  isolated = false;
  readonly watches = new WatchStream();
  /** The first one is being worked on. */
  readonly keepAlives: KeepAlive[] = [];
  /** Whether that one waits for a leader. */
  isWaiting = false;

  constructor(readonly connection: number) {}
}

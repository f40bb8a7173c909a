/**
 * A real server that was started here, as everything else sees it: where it is, and what can be
 * done to it from outside. Whoever started it stops it; what is left of a tool that was killed the
 * next one ends.
 */
import type { HostId } from '../../fault.js';
import type { Service } from '../../service.js';

/** What runs: a service, or the pooler in front of one. */
export type ServerKind = Service | 'pgbouncer';

/** Where a server is and what it is: plain data. */
export interface ServerEntry {
  readonly kind: ServerKind;
  /**
   * As in docs/semantics.md, Names: `r1`, `p1`. Of more than a scenario counts: `r1-replica-1`,
   * `p1-transaction` (a pooler), `e1-member-2`, `z1-server-3`.
   */
  readonly id: HostId;
  /** Always loopback. */
  readonly host: string;
  readonly port: number;
  /** What a client library takes, such as `redis://127.0.0.1:21001`; ZooKeeper: `host:port`. */
  readonly url: string;
  /** Of the program, such as `7.0.15`. */
  readonly version: string;
}

/** Every method that returns a promise settles within a limit; it rejects with a ServerTrouble. */
export interface RealServer extends ServerEntry {
  /** The service that its clients speak: of a pooler that of what is behind it. */
  readonly service: Service;
  /** `undefined` while it is not running. */
  readonly pid: number | undefined;
  /** SIGSTOP to all its processes: from the return on none of them runs. Twice is once. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** SIGKILL to all its processes. What is on the disk stays, and the port stays its own. */
  kill(): Promise<void>;
  /** Runs it again, on the same port, with what is on the disk; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it for good, and removes its folder. Twice is once. */
  stop(): Promise<void>;
  /** It lives on when this process ends, until `holdfast servers down`. */
  leaveRunning(): void;
}

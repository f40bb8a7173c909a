/**
 * What a connection of a real client library tells the process that it runs in: that a call of the
 * code under test has begun, and that a request leaves. So calls are counted and paused as in the
 * simulation (docs/semantics.md, R4), and what went over the wire has a place in the history.
 */
import type { HostId } from '../../fault.js';

export interface ClientCalls {
  /**
   * Every call of code under test to its environment comes here first. It may stop this process
   * until somebody lets it go on; it returns then.
   */
  enter(): void;
  /** A request leaves; `text` as the trace of a simulated run shows it. */
  sends(server: HostId, text: string): void;
  /** What the simulated run drew of so many; absent where none is followed: then by chance. */
  choose?(n: number, usual: number): number;
  /** Runs code under test because of news from a server: what it throws is reported. */
  event(code: () => void): void;
}

/** Where the server of a client is: mostly a proxy of its own, which knows who is calling. */
export interface Address {
  readonly server: HostId;
  readonly host: string;
  readonly port: number;
}

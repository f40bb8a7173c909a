/**
 * The stage of a run as its nemesis sees it, and what everybody else may ask of a nemesis. A run
 * without faults has the calm one.
 */
import type { HostId } from '../fault.js';
import type { CallWatcher, ClientHost } from './client.js';
import type { Link } from './link.js';
import type { ServiceHost } from './services/service-host.js';

/** A death, as the rest of the run must know it. */
export interface Death {
  readonly atUs: number;
  /** Whether the client's code was ahead of that instant: what it did after it never happened. */
  readonly wasAhead: boolean;
  readonly forEver: boolean;
}

/** What a nemesis can reach. */
export interface Stage {
  client(id: HostId): ClientHost | undefined;
  server(id: HostId): ServiceHost | undefined;
  link(client: HostId, server: HostId): Link | undefined;
  links(): readonly Link[];
  /** A client died, for ever or until a restart: its operation in progress ends as `info` (R8). */
  died(client: ClientHost, death: Death): void;
  /** Starts a new incarnation of a client that died. */
  restart(client: ClientHost): void;
  /** Whether any client operation is in progress: then a server fault touches it (R13). */
  busy(): boolean;
}

export interface Nemesis extends CallWatcher {
  /** Sets the timed faults. */
  begin(stage: Stage): void;
  /** A client enters an operation: its call and delivery faults are now waited for. */
  operationEntered(client: ClientHost): void;
  /** When the last effect of a fault that has struck ends. */
  readonly activeUntilUs: number;
  /** No further fault begins; those that wait for a message are called off. */
  stop(): void;
}

/** Does nothing, and waits for nothing. */
export const CALM: Nemesis = {
  activeUntilUs: 0,
  begin() {},
  operationEntered(client) {
    client.watchedCall = Infinity;
    client.watchedDelivery = Infinity;
  },
  called() {},
  delivered() {},
  foresee() {},
  stop() {},
};

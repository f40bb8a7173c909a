/**
 * What went over the wire in a real run, as its proxies saw it, and what was done to its servers:
 * from these, and with the observers of the simulation, lease records are made.
 */
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId, OperationId, Struck } from '../../fault.js';
import type { Action } from '../../history.js';

/** A request that its server has applied or refused. */
export interface WireRequest {
  readonly client: HostId;
  readonly incarnation: number;
  readonly server: HostId;
  /** Tells the connections of a run apart. */
  readonly connection: number;
  /** The server of an ensemble that it is to, from 1. */
  readonly member?: number | undefined;
  /** As the trace of a simulated run shows it. */
  readonly text: string;
  /** The pooler that the connection goes through. */
  readonly pooler: PoolerMode | undefined;
  /** As a model of the server takes it: of Redis the words of the command. */
  readonly body: unknown;
  /** The error that was all that the server had for it. */
  readonly refused: string | undefined;
  readonly operation: OperationId;
  readonly action: Action | undefined;
  /** When it left its client. */
  readonly sentAtUs: number;
  /** Between these it was applied: it was passed on, and its reply had come. */
  readonly earliestUs: number;
  latestUs: number;
  /** What the server answered, as a trace shows it; undefined if it has not been seen. */
  reply: string | undefined;
  /** When the reply was handed to the client. */
  deliveredAtUs: number | undefined;
}

/** What was done to a server from outside, or to a connection. */
export type WireEvent = { readonly atUs: number; readonly server: HostId } & (
  | { readonly event: 'crash' | 'restart' }
  | {
      readonly event: 'promote';
      readonly replica: number;
      readonly lagUs: number;
      /** Of an ensemble or a cluster. */
      struck?: Struck;
    }
  /** Who was cut off or stalled is back. */
  | { readonly event: 'healed' }
  | { readonly event: 'step'; readonly byUs: number }
  | { readonly event: 'rate'; readonly ratePpm: number }
  | { readonly event: 'hangup'; readonly connection: number }
  /** The client knows that a connection is over. */
  | { readonly event: 'left'; readonly connection: number }
);

/** Who asked its environment for an owner id. */
export interface IssuedId {
  readonly ownerId: string;
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
}

/**
 * The first thing in which two makings of one run differ (docs/semantics.md, D15), and the log of a
 * run from which it is found: one entry for each event delivered and each record of the history.
 */
import type { HostId, OperationId, Struck } from './fault.js';
import type { HistoryRecord } from './history.js';

/** An event that was delivered, or a record that took its place in the history. */
export interface LogEntry {
  readonly entry: 'event' | 'record';
  /** Its number among the run's events, or among its records; from 0, as runs are counted. */
  readonly index: number;
  readonly atUs: number;
  /** Of an event `request`, `reply`, `timer` and so on; of a record its type. */
  readonly kind: string;
  /** Whose it is, where it is somebody's: a client, else a server. */
  readonly host?: HostId;
  readonly operation?: OperationId;
  /** The other end of a message. */
  readonly peer?: HostId;
  /** The lane of an event: tells connections apart. */
  readonly lane?: number;
  /** The server of an ensemble that a connection is to, from 1. */
  readonly member?: number;
  /** Of the entry that follows the start of a failover. */
  readonly struck?: Struck;
  /** What an event carries, in words: the command, the reply, the fault. */
  readonly payload?: string;
  readonly record?: HistoryRecord;
  /** Equal for entries that add the same to the digest (R14), their instants apart. */
  readonly fingerprint: string;
}

/** What the first entry that is not the same in both makings differs in. */
export type DiffersIn = 'instant' | 'payload' | 'record' | 'connection' | 'order' | 'end';

/** Where it differs. An entry is described as in the first making, unless that one was over. */
export interface Difference {
  readonly differsIn: DiffersIn;
  readonly entry: LogEntry['entry'];
  readonly index: number;
  readonly atUs: number;
  readonly kind: string;
  readonly host?: HostId;
  readonly operation?: OperationId;
  /** The entry in words: `a reply of r1 to client A in A2`. */
  readonly what: string;
  /** What there was the first time: an instant, a shortened payload or field, or an entry. */
  readonly first: string;
  readonly second: string;
}

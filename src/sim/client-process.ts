/**
 * What the runner of a client and its sections ask of the process they run in. The simulator's
 * `Process` answers in virtual time; a process of an operating system does in real time, with the
 * same runner around the same lock.
 */

import type { HostId, OperationId } from '../fault.js';
import type { FindingKind } from '../finding.js';
import type { Action, CallId, HistoryRecord } from '../history.js';
import type { Cell } from '../invariant.js';
import type { Locate } from './trace-recorder.js';

/** The host of a client: its name, its operation, and where its records go. */
export interface RunnerHost {
  readonly id: HostId;
  /** The operation in progress, empty outside of any. */
  readonly operation: OperationId;
  /** Where this host's code is, in microseconds of the run (R4). */
  readonly frontierUs: number;
  readonly world: {
    /** What ended before is history and cannot be undone. */
    readonly nowUs: number;
    readonly locate?: Locate | undefined;
    find(kind: FindingKind, message: string, host?: string, place?: string): void;
  };
  enterOperation(id: OperationId): void;
  leaveOperation(): void;
  record(record: HistoryRecord): void;
  /** Does something when the world gets to this host's frontier. */
  reached(act: () => void): void;
}

/** One incarnation of a client (R8). */
export interface RunnerProcess<T = unknown> {
  readonly host: RunnerHost;
  readonly name: string;
  readonly incarnation: number;
  readonly alive: boolean;
  /** What the workload is calling, if anything. */
  action: Action | undefined;
  /** The grant whose release has not left yet. */
  releasing: number | undefined;
  /** Every call to the environment comes here first; `false`: this process is dead (R8). */
  enter(): boolean;
  /** Calls back after `wantedUs` of the monotonic clock; the caller has entered. */
  setTimer(wantedUs: number, callback: () => void): T;
  cancelTimer(timer: T): void;
}

/** The way to the resource that the lock protects. */
export interface RunnerStore {
  /** Sends an access; rejects if it is not known what became of it. The caller has entered. */
  send(access: Access): Promise<AccessReply>;
}

/** One access to the resource. */
export interface Access {
  readonly access: 'read' | 'write';
  /** `undefined`: the counter. */
  readonly cell: Cell | undefined;
  readonly key: string;
  readonly grant: CallId;
  readonly fencingToken: number | undefined;
  /** What a write leaves behind. */
  readonly value: number;
}

export interface AccessReply {
  readonly accepted: boolean;
  readonly value: number;
}

/**
 * What a client process is told when it starts, and what it says and hears afterwards. One line of
 * JSON each; instants are microseconds since the start of the run, on the clock that all processes
 * of a machine share (`process.hrtime`, CLOCK_MONOTONIC).
 */
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type {
  ClientCrashFault,
  ClockStepFault,
  Fault,
  HostId,
  OperationId,
  PauseFault,
} from '../../fault.js';
import type { FindingKind } from '../../finding.js';
import type { Action, CallId, HistoryRecord } from '../../history.js';
import type { Decision, SeedKey } from '../../random.js';
import type { Scenario } from '../../scenario.js';
import type { Address } from './client-calls.js';
import type { PostgresAddress } from './postgres-session.js';

export interface ClientJob {
  /** Name of a built-in lock, or the file that holds one. */
  readonly lock: { readonly name: string } | { readonly file: string };
  readonly scenario: Scenario;
  readonly client: HostId;
  readonly incarnation: number;
  /** The first number of its invocations; no two processes of a run share one. */
  readonly firstCall: CallId;
  readonly servers: readonly (Address | PostgresAddress)[];
  /** Ways to them that lead through a pooler. */
  readonly poolers: readonly PooledAddress[];
  readonly store: Address;
  /** What the run's randomness is made of, and where its decisions were others. */
  readonly key: SeedKey;
  readonly decisions: readonly Decision[];
  /** Faults that this process carries out on itself, at its own calls. */
  readonly faults: readonly Fault[];
  /** Whether the run goes by what this process says: it says it at once then (`Journal`). */
  readonly isAwaited: boolean;
}

export interface PooledAddress extends PostgresAddress {
  readonly pooler: PoolerMode;
}

export interface ClientClockState {
  readonly wallOffsetUs: number;
  readonly ratePpm: number;
}

/** A fault that a client process can carry out on itself. */
export type ClientFault = PauseFault | ClientCrashFault | ClockStepFault;

/** A request left for a server. */
export interface SentLine {
  readonly line: 'sent';
  readonly atUs: number;
  readonly server: HostId;
  readonly text: string;
  readonly operation: OperationId;
  readonly action: Action | undefined;
}

/** What a client process says. */
export type ClientLine =
  | { readonly line: 'ready' }
  | { readonly line: 'record'; readonly record: HistoryRecord }
  | SentLine
  | { readonly line: 'issued'; readonly ownerId: string; readonly operation: OperationId }
  /** It stops, or ends, itself now because of a fault; the last thing that it says before. */
  | { readonly line: 'strikes'; readonly atUs: number; readonly fault: string }
  | { readonly line: 'found'; readonly kind: FindingKind; readonly message: string }
  /** It has been through its operations; what is left to do in the background goes on. */
  | { readonly line: 'done'; readonly nextOperation: number };

/** A client process begins; it may have waited for that for a while. */
export interface StartMessage {
  readonly go: 'start';
  /** The run starts, or started, at that reading of the shared clock, in nanoseconds, as text. */
  readonly startNs: string;
  /** The first of its operations that has not begun, from 0. */
  readonly firstOperation: number;
  /** How its wall clock differs from the machine's, and its clocks' rates from true time. */
  readonly clock: ClientClockState;
}

/** What a client process hears. */
export type ControlMessage =
  | StartMessage
  | { readonly go: 'ending' | 'exit' }
  | { readonly clock: ClientClockState }
  /** It does to itself now what this fault does to it, and says so before. */
  | { readonly strikes: ClientFault };

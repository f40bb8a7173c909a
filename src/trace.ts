/**
 * The trace: the history and what lies beneath it. Input of the timeline and the viewer, never of a
 * checker. All times are integer microseconds of world time.
 */
import type { HostId } from './fault.js';
import type { History } from './history.js';
import type { Decision } from './random.js';
import type { Scenario } from './scenario.js';

/** What became of a message. */
export type MessageFate = 'delivered' | 'lost' | 'receiver-down' | 'in-flight';

export interface TraceMessage {
  readonly from: HostId;
  readonly to: HostId;
  readonly sentAtUs: number;
  /** When it would have arrived if nothing had interfered. */
  readonly dueUs: number;
  readonly endedAtUs?: number | undefined;
  readonly fate: MessageFate;
  /** The command or reply, in the protocol's words. */
  readonly text: string;
  /** File and line of the code that sent it. */
  readonly place?: string | undefined;
}

export interface TraceTimer {
  readonly host: HostId;
  readonly setAtUs: number;
  readonly dueUs: number;
}

export interface Trace {
  readonly scenario: Scenario;
  readonly history: History;
  readonly messages: readonly TraceMessage[];
  readonly timers: readonly TraceTimer[];
  readonly decisions: readonly Decision[];
  /** `file:line` in the code under test, by index of the history record it caused. */
  readonly places: Readonly<Record<number, string>>;
  readonly digest: string;
}

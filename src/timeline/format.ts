/**
 * The format of a trace file: columns instead of rows, texts and payloads stored once, nothing that
 * is cheap to derive. It holds a run whole, so that the viewer, and anybody with a script, can draw
 * it. All times are integer microseconds of world time.
 */
import type { HostId } from '../fault.js';
import type { Scenario } from '../scenario.js';
import type { SpanKind } from './spans.js';

/** A column-oriented trace. Every `number` that names a row is an index into the `ev` columns. */
export interface TraceFile {
  readonly format: 'holdfast-trace';
  /** Version of the format: readers refuse another one, with words. */
  readonly v: 1;
  readonly meta: {
    /** One line for a person. */
    readonly title: string;
    readonly source: 'simulated' | 'real';
    /** Version of Holdfast that made it. */
    readonly engine: string;
    readonly algorithm: string;
    readonly scenario: Scenario;
    /** Digest of the run. */
    readonly digest: string;
    /** Replay code of the run, where its maker knew it. */
    readonly replay?: string;
    /** When the faults ended, and when the run did; µs. */
    readonly healedAtUs: number;
    readonly endUs: number;
    /** Which limit ended the run, if one did. */
    readonly limit?: string;
    /**
     * `exact`: every time is. `bounded`, of a run on real servers: a time is known within bounds,
     * which `ev.before`, `ev.after` and the like of `spans` give.
     */
    readonly truth: 'exact' | 'bounded';
    /** What it ran on: versions of servers and machine, by names of their own. */
    readonly environment?: Readonly<Record<string, string>>;
  };
  /** Every host, in the order in which columns and lanes are drawn; others name it by index. */
  readonly hosts: readonly {
    readonly id: HostId;
    readonly kind: 'client' | 'server' | 'resource' | 'probe';
  }[];
  /** The keys: their TTL in ms and how many servers must hold a lease. */
  readonly locks: readonly {
    readonly key: string;
    readonly ttlMs: number;
    readonly quorum: number;
  }[];
  /** Texts that are named by index: types of records, commands, replies, places in the code. */
  readonly dict: readonly string[];
  /** Fields of records beside their time and host, each distinct value once. */
  readonly payload: readonly unknown[];
  /** The records of the history, one row each, in their order. */
  readonly ev: {
    /** µs since the row before. */
    readonly dt: readonly number[];
    /** Host, by index; −1 for none. */
    readonly host: readonly number[];
    /** Type of the record, by index into `dict`. */
    readonly type: readonly number[];
    /** The record's other fields, by index into `payload`. */
    readonly payload: readonly number[];
    /** How many rows back its cause stands (invocation, lease, pause, step…); 0 for none. */
    readonly cause: readonly number[];
    /** `file:line` in the code under test, by index into `dict`; −1 for none. */
    readonly place: readonly number[];
    /** By how much earlier or later than said a row may have happened, µs; only if bounded. */
    readonly before?: readonly number[];
    readonly after?: readonly number[];
  };
  /** The messages, one row each, in the order in which they were sent. */
  readonly msg: {
    /** Hosts, by index. */
    readonly from: readonly number[];
    readonly to: readonly number[];
    /** µs since the message before left. */
    readonly dt: readonly number[];
    /** µs from leaving to the arrival that was due if nothing had interfered. */
    readonly due: readonly number[];
    /**
     * µs from leaving to its end (arrival or loss); −1 if it was under way when the run ended, or
     * nobody knows when it was lost.
     */
    readonly took: readonly number[];
    /** 0 delivered, 1 lost, 2 receiver down, 3 in flight at the end. */
    readonly fate: readonly number[];
    /** The command or reply, by index into `dict`. */
    readonly text: readonly number[];
    /** `file:line` of the code that sent it, by index into `dict`; −1 for none. */
    readonly place: readonly number[];
  };
  /**
   * Each host's clocks as straight pieces: from `atUs` on the clock shows
   * `localUs + (t − atUs) × (1 + ratePpm / 10⁶)`; before the first piece, world time.
   */
  readonly clocks: readonly {
    readonly host: number;
    readonly clock: 'wall' | 'mono';
    readonly pieces: readonly (readonly [atUs: number, localUs: number, ratePpm: number])[];
  }[];
  /** Stretches of time, one entry for each kind; see `SpanKind`. */
  readonly spans: readonly {
    readonly kind: SpanKind;
    /** Whose lane it is drawn in, by index of the host. */
    readonly host: readonly number[];
    readonly fromUs: readonly number[];
    readonly untilUs: readonly number[];
    /** Id of the acquire it belongs to; −1 for none. */
    readonly grant: readonly number[];
    /** Row that opened it. */
    readonly by: readonly number[];
    /** By how much earlier or later it may have begun and ended, µs; only if bounded. */
    readonly fromBeforeUs?: readonly number[];
    readonly fromAfterUs?: readonly number[];
    readonly untilBeforeUs?: readonly number[];
    readonly untilAfterUs?: readonly number[];
  }[];
  /** The faults that struck: when they began and ended (µs), and on which hosts. */
  readonly faults: readonly {
    readonly id: string;
    readonly class: string;
    readonly hosts: readonly number[];
    readonly fromUs: number;
    readonly untilUs: number;
    /** Whether it met a host or message of an operation in progress. */
    readonly touched: boolean;
  }[];
  /** The properties that the run breaks, with the rows that prove it. */
  readonly violations: readonly {
    readonly property: string;
    readonly class?: string;
    readonly cause?: string;
    /** The narrative: why it happened, in sentences. */
    readonly why: string;
    /** Operations: who offended, who was hurt. */
    readonly offender?: string;
    readonly victim?: string;
    readonly witness: readonly number[];
  }[];
}

/** What became of a message, by the number that stands in `msg.fate`. */
export const FATES = ['delivered', 'lost', 'receiver-down', 'in-flight'] as const;

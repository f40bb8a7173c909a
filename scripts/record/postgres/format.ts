/**
 * Format of the recordings in test/golden/postgres: one JSON object a line, first a header, then
 * one sequence each. Process ids, transaction ids, object ids and places of tuples are replaced,
 * and instants near the time of recording are counted from the start of their sequence.
 */

export interface GoldenHeader {
  readonly format: 1;
  /** The server that answered, with its version. */
  readonly server: string;
  readonly family: string;
}

/** A value of a row; `ms`: an instant, in milliseconds from the start of the sequence. */
export type GoldenValue = string | number | boolean | null | { readonly ms: number };

export type GoldenMessage =
  | {
      readonly result: string;
      readonly count?: number;
      readonly rows?: readonly Readonly<Record<string, GoldenValue>>[];
    }
  | {
      readonly error: string;
      readonly severity?: string;
      readonly message: string;
      readonly detail?: string;
      readonly constraint?: string;
      readonly table?: string;
    }
  | { readonly notice: string; readonly message: string }
  | { readonly notification: string; readonly payload: string }
  | { readonly ready: 'idle' | 'transaction' | 'failed' }
  | { readonly closed: true };

/** What arrived on a session, in order. */
export type Arrived = readonly [session: number, messages: readonly GoldenMessage[]];

export interface GoldenStep {
  readonly session?: number;
  readonly text?: string;
  readonly values?: readonly (string | number | boolean | null)[];
  /** Instead of a query: this long nothing was sent. */
  readonly waitMs?: number;
  /** Instead of a query: this session was closed. */
  readonly close?: number;
  /** Until everybody was done or waited. */
  readonly arrived: readonly Arrived[];
  /** Sessions that wait after it. */
  readonly blocked?: readonly number[];
  /** In a timed sequence, milliseconds from its start: before and after the step. */
  readonly at?: readonly [from: number, to: number];
}

export interface GoldenSequence {
  readonly name: string;
  readonly steps: readonly GoldenStep[];
}

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?(\+00)?$/;
const NEAR_MS = 86_400_000;

/** An instant near `startMs` is counted from there. */
export function relativeTime(value: string, startMs: number): GoldenValue {
  const match = TIMESTAMP.exec(value);
  if (match === null) return value;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const fractionMs = Number(`0.${match[7] ?? '0'}`) * 1000;
  const ms = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) + fractionMs - startMs;
  return Math.abs(ms) < NEAR_MS ? { ms: Math.round(ms) } : value;
}

/** Replaces what differs from run to run in the detail of an error. */
export function normaliseDetail(detail: string, sessionOf: (processId: number) => number): string {
  return detail
    .replace(/([Pp]rocess )(\d+)/g, (_all, word: string, id: string) => {
      return `${word}P${sessionOf(Number(id))}`;
    })
    .replace(/transaction \d+/g, 'transaction X')
    .replace(/tuple \(\d+,\d+\)/g, 'tuple (T)')
    .replace(/relation \d+/g, 'relation R');
}

/** A command tag, `INSERT 0 1`, as the command and the count. */
export function readTag(tag: string): { readonly result: string; readonly count?: number } {
  const match = /^(.*?)(?: (?:\d+ )?(\d+))?$/.exec(tag)!;
  return match[2] === undefined
    ? { result: match[1]! }
    : { result: match[1]!, count: Number(match[2]) };
}

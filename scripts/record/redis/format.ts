/**
 * Format of the recordings in test/golden/redis: one JSON object a line, first a header, then one
 * sequence each. What a real server answered is kept so that the type of every reply shows; where
 * Redis promises no order, or the reply depends on the time or on chance, the recording says what
 * must agree.
 */

export interface GoldenHeader {
  readonly format: 1;
  /** The server that answered, with its version. */
  readonly server: string;
  readonly family: string;
}

/** A reply as recorded. Plain values: an integer, a bulk string, nil, an array. */
export type GoldenReply =
  | number
  | string
  | null
  | readonly GoldenReply[]
  | { readonly status: string }
  | { readonly error: string }
  /** The nil array, which clients and scripts cannot tell from nil. */
  | { readonly nil: 'array' }
  /** An array in any order. */
  | { readonly unordered: readonly GoldenReply[] }
  /** A flat array of names and values whose pairs come in any order. */
  | { readonly pairs: readonly (readonly GoldenReply[])[] }
  /** A time to go in milliseconds; the sequence says how exactly. */
  | { readonly ms: number }
  /** An instant in milliseconds, counted from the start of the sequence. */
  | { readonly wallMs: number }
  /** An instant in seconds, counted from the second in which the sequence began. */
  | { readonly wallSeconds: number }
  /** The reply of TIME, in milliseconds from the start of the sequence. */
  | { readonly timeMs: number }
  /** One of these, by chance. */
  | { readonly oneOf: readonly string[] }
  /** So many of these, by chance; less than 0: with repetition. */
  | { readonly some: number; readonly of: readonly string[] }
  /** Any integer. */
  | { readonly integer: 'any' }
  /** A text that has these lines, among others. */
  | { readonly lines: readonly string[] };

/** What arrived on a connection beside the reply of the step. */
export type GoldenPush = readonly [connection: number, reply: GoldenReply];

export interface GoldenStep {
  /** Absent: the first connection, number 0. */
  readonly connection?: number;
  readonly args?: readonly string[];
  /** Absent: the call blocks, its reply is a push of a later step. */
  readonly reply?: GoldenReply;
  readonly pushes?: readonly GoldenPush[];
  /** Instead of a command: this long nothing happened. */
  readonly waitMs?: number;
  /** Instead of a command: this connection was closed. */
  readonly close?: number;
  /** In a timed sequence, milliseconds from its start: before and after the step. */
  readonly at?: readonly [from: number, to: number];
}

export interface GoldenSequence {
  readonly name: string;
  /** Of a timed sequence: into what millisecond of a second its start fell. */
  readonly startMs?: number;
  readonly steps: readonly GoldenStep[];
}

/**
 * An argument `@ms+5000` or `@s-5` stands for the start of the sequence in that unit, plus or minus
 * the number: absolute times differ from recording to recording.
 */
export function resolveTime(arg: string, startMs: number): string {
  const match = /^@(ms|s)([+-]\d+)$/.exec(arg);
  if (match === null) return arg;
  const base = match[1] === 'ms' ? startMs : Math.floor(startMs / 1000);
  return String(base + Number(match[2]));
}

/** What is played against the server: queries on numbered sessions, waits, ends of sessions. */
import type { RawValue } from './connection.js';

export type SequenceStep =
  | {
      readonly type: 'query';
      readonly session: number;
      readonly text: string;
      readonly values: readonly RawValue[] | undefined;
    }
  | {
      readonly type: 'wait';
      readonly durationMs: number;
      /** Whether it is left out if no session waits for a lock. */
      readonly onlyIfBlocked?: true;
    }
  | { readonly type: 'close'; readonly session: number };

export interface Sequence {
  /** Unique among all sequences. */
  readonly name: string;
  readonly steps: readonly SequenceStep[];
  /** Whether it stops where several sessions may be woken at once: who is first is open. */
  readonly stopsAtRace?: boolean;
}

/** A query of session `session`. */
export function on(session: number, text: string, values?: readonly RawValue[]): SequenceStep {
  return { type: 'query', session, text, values };
}

export function wait(durationMs: number): SequenceStep {
  return { type: 'wait', durationMs };
}

export function close(session: number): SequenceStep {
  return { type: 'close', session };
}

/** Queries of one session. */
export function alone(name: string, ...queries: readonly (string | SequenceStep)[]): Sequence {
  return {
    name,
    steps: queries.map((query) => (typeof query === 'string' ? on(0, query) : query)),
  };
}

/** Steps of several sessions; a text with a number in front, `1: COMMIT`, is a query of that one. */
export function several(name: string, ...steps: readonly (string | SequenceStep)[]): Sequence {
  return {
    name,
    steps: steps.map((step) => {
      if (typeof step !== 'string') return step;
      const match = /^(\d): ([\s\S]*)$/.exec(step);
      if (match === null) throw new Error(`no session: ${step}`);
      return on(Number(match[1]), match[2]!);
    }),
  };
}

/** Statements that each stand alone, as one sequence each. */
export function each(topic: string, ...queries: readonly string[]): Sequence[] {
  return queries.map((query) => alone(`${topic}: ${query}`, query));
}

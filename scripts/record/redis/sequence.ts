/**
 * The language sequences are written in: one command a line, on connection a unless the line begins
 * with another.
 *
 *     SET lock a NX PX 10000
 *     b: SET lock b NX PX 10000       on connection b
 *     b> BLPOP queue 0                on connection b; the call blocks
 *     (wait 30)                       30 ms pass
 *     (close b)                       connection b is closed
 *     SPOP set            # one of x y z
 *     SRANDMEMBER set 2   # 2 of x y z
 *     EVAL "…" 1 lock     # ms        a time to go, in milliseconds
 *
 * Words may be quoted as JSON strings; `@ms+5000` and `@s+5` are absolute times (see `format.ts`).
 */

/** How a reply that depends on chance or time is to be recorded. */
export type ReplyHint =
  | { readonly kind: 'oneOf'; readonly of: readonly string[] }
  | { readonly kind: 'some'; readonly count: number; readonly of: readonly string[] }
  | { readonly kind: 'ms' };

export type SequenceStep =
  | {
      readonly type: 'command';
      readonly connection: number;
      readonly args: readonly string[];
      readonly blocks: boolean;
      readonly hint?: ReplyHint;
    }
  | { readonly type: 'wait'; readonly durationMs: number }
  | { readonly type: 'close'; readonly connection: number };

export interface Sequence {
  readonly name: string;
  readonly steps: readonly SequenceStep[];
  /**
   * Nobody wrote it down: whether a call blocks is found out, what a connection that waits would be
   * sent is left out, and at the end all keys are read.
   */
  readonly isGenerated?: true;
}

const WORD = /"(?:[^"\\]|\\.)*"|\S+/g;

/** Splits a command into words. */
export function words(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) =>
    word.startsWith('"') ? (JSON.parse(word) as string) : word,
  );
}

/** A text as one word of a command. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function connectionNumber(letter: string): number {
  return letter.charCodeAt(0) - 'a'.charCodeAt(0);
}

function parseHint(text: string): ReplyHint {
  const of = text.replace(/^.* of /, '').split(' ');
  if (text === 'ms') return { kind: 'ms' };
  if (text.startsWith('one of ')) return { kind: 'oneOf', of };
  const count = /^(-?\d+) of /.exec(text);
  if (count === null) throw new Error(`unknown hint: ${text}`);
  return { kind: 'some', count: Number(count[1]), of };
}

function parseLine(line: string): SequenceStep {
  const wait = /^\(wait (\d+)\)$/.exec(line);
  if (wait !== null) return { type: 'wait', durationMs: Number(wait[1]) };
  const close = /^\(close ([a-z])\)$/.exec(line);
  if (close !== null) return { type: 'close', connection: connectionNumber(close[1]!) };
  const [, letter = 'a', mark = ':', rest = ''] = /^(?:([a-z])([:>]) )?(.*)$/.exec(line)!;
  const hash = / # (one of .*|-?\d+ of .*|ms)$/.exec(rest);
  return {
    type: 'command',
    connection: connectionNumber(letter),
    args: words(hash === null ? rest : rest.slice(0, hash.index)),
    blocks: mark === '>',
    ...(hash === null ? {} : { hint: parseHint(hash[1]!) }),
  };
}

/** Reads a sequence. */
export function sequence(name: string, text: string): Sequence {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return { name, steps: lines.map(parseLine) };
}

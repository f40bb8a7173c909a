/**
 * Two runs side by side: which operation of the one is which of the other, and where they part.
 * Runs of one scenario have the same operations, whatever became of them, so they pair by name.
 */
import type { AccessRecord, CompleteRecord, InvokeRecord } from '../history.js';
import { instant } from '../story/words.js';
import type { TraceModel } from './model.js';

/** One call of the lock, or one access to the resource, and how it ended. */
export interface CallOf {
  readonly client: string;
  readonly operation: string;
  readonly action: InvokeRecord['action'] | AccessRecord['access'];
  /** Row of the invocation, and of the end; −1 if it never ended. */
  readonly row: number;
  readonly ended: number;
  /** `undefined` while it is open. */
  readonly result: CompleteRecord['type'] | 'accepted' | 'refused' | undefined;
  readonly fromUs: number;
  readonly tookUs: number;
}

/**
 * - `same`: the same result, nearly as fast; `slower`: the same result, at another pace;
 * - `differs`: another result; `only-left`, `only-right`: the other run has no such call.
 */
export type Comparison = 'same' | 'slower' | 'differs' | 'only-left' | 'only-right';

export interface Pair {
  /** `A2 acquire`, with a number from the second such call on. */
  readonly name: string;
  readonly comparison: Comparison;
  readonly left: CallOf | undefined;
  readonly right: CallOf | undefined;
}

/** Calls that differ less than this took the same time to a reader. */
const SAME_PACE_US = 1_000;

/** All calls and accesses of both runs, as the first run made them, then those of the second. */
export function pairsOf(left: TraceModel, right: TraceModel): Pair[] {
  const others = callsOf(right);
  const pairs: Pair[] = [];
  for (const [name, call] of callsOf(left)) {
    const other = others.get(name);
    others.delete(name);
    pairs.push({ name, comparison: compared(call, other), left: call, right: other });
  }
  for (const [name, call] of others) {
    pairs.push({ name, comparison: 'only-right', left: undefined, right: call });
  }
  return pairs;
}

function compared(left: CallOf, right: CallOf | undefined): Comparison {
  if (right === undefined) return 'only-left';
  if (left.result !== right.result) return 'differs';
  return Math.abs(left.tookUs - right.tookUs) <= SAME_PACE_US ? 'same' : 'slower';
}

/** The first pair at which the runs part; `undefined` if all of them ended alike. */
export function firstDivergence(pairs: readonly Pair[]): Pair | undefined {
  const parted = pairs.filter(({ comparison }) => comparison !== 'same' && comparison !== 'slower');
  return parted.sort((a, b) => beginOf(a) - beginOf(b))[0];
}

function beginOf({ left, right }: Pair): number {
  return Math.min(left?.fromUs ?? Infinity, right?.fromUs ?? Infinity);
}

/** What a pair says, as a sentence. */
export function wordsOfPair({ name, comparison, left, right }: Pair): string {
  switch (comparison) {
    case 'only-left':
      return `${name} is in the first run alone`;
    case 'only-right':
      return `${name} is in the second run alone`;
    case 'differs':
      return `${name} ${resultWords(left)} in the first run, ${resultWords(right)} in the second`;
    case 'slower': {
      const byUs = right!.tookUs - left!.tookUs;
      const how = byUs > 0 ? 'longer' : 'less';
      const pace = `in the second it takes ${instant(Math.abs(byUs))} ${how}`;
      return `${name} ${resultWords(left)} in both; ${pace}`;
    }
    case 'same':
      return `${name} ${resultWords(left)} in both`;
  }
}

const RESULTS = {
  ok: 'succeeds',
  fail: 'fails',
  info: 'gets no answer',
  accepted: 'is accepted',
  refused: 'is refused',
} as const;

function resultWords(call: CallOf | undefined): string {
  return call?.result === undefined ? 'never ends' : RESULTS[call.result];
}

/** The calls of a run and its accesses by name, in the order in which they begin. */
function callsOf(model: TraceModel): Map<string, CallOf> {
  const byId = new Map<number, { readonly name: string; readonly call: CallOf }>();
  const calls = new Map<string, CallOf>();
  const counts = new Map<string, number>();
  const begin = (call: CallOf): string => {
    const plain = `${call.operation} ${call.action}`;
    const count = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, count);
    const name = count === 1 ? plain : `${plain} ${count}`;
    calls.set(name, call);
    return name;
  };
  for (let row = 0; row < model.rows; row++) {
    const record = model.record(row);
    const fromUs = model.atUs[row]!;
    if (record.type === 'invoke') {
      const { client, operation, action } = record;
      const open = { client, operation, action, row, ended: -1, result: undefined, fromUs };
      const call: CallOf = { ...open, tookUs: model.endUs - fromUs };
      byId.set(record.call, { name: begin(call), call });
    } else if (record.type === 'access') {
      const { client, grant, access: action, accepted } = record;
      const operation = byId.get(grant)?.call.operation ?? client;
      const result = accepted ? 'accepted' : 'refused';
      begin({ client, operation, action, row, ended: row, result, fromUs, tookUs: 0 });
    } else if (record.type === 'ok' || record.type === 'fail' || record.type === 'info') {
      const known = byId.get(record.call);
      if (known === undefined) continue;
      const tookUs = fromUs - known.call.fromUs;
      calls.set(known.name, { ...known.call, ended: row, result: record.type, tookUs });
    }
  }
  return calls;
}

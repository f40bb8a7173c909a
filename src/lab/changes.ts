/**
 * What an edit changed, in one line: the verdicts first, then who waits longer or gets the lock
 * now, then the traffic.
 */
import type { InvokeRecord } from '../history.js';
import { plural, span } from '../story/words.js';
import type { TraceFile } from '../timeline/format.js';
import { TraceModel } from '../timeline/model.js';
import type { PropertyVerdict } from '../verdict.js';

/** A run, as far as two are compared. */
export interface Outcome {
  readonly trace: TraceFile;
  readonly verdicts: readonly PropertyVerdict[];
}

/** Differences of waits below this are noise to a reader. */
const LEAST_WAIT_US = 1_000;
const CHANGES_MAX = 4;

/** `mutual-exclusion is valid now · B2 waits 3.2 s longer · 4 messages fewer`. */
export function whatChanged(before: Outcome, after: Outcome): string {
  if (before.trace.meta.digest === after.trace.meta.digest) return 'nothing changed';
  const changes = [
    ...verdictChanges(before.verdicts, after.verdicts),
    ...acquireChanges(before.trace, after.trace),
    ...trafficChanges(before.trace, after.trace),
  ].slice(0, CHANGES_MAX);
  return changes.length === 0 ? 'the same outcome, at other times' : changes.join(' · ');
}

function verdictChanges(
  before: readonly PropertyVerdict[],
  after: readonly PropertyVerdict[],
): string[] {
  const old = new Map(before.map((verdict) => [verdict.property, verdict]));
  return after.flatMap((now) => {
    const was = old.get(now.property);
    if (was === undefined || judged(was) === judged(now)) return [];
    return [`${now.property} is ${judged(now)} now`];
  });
}

/** `valid`, `broken (double-grant)`. */
function judged({ verdict, class: found }: PropertyVerdict): string {
  if (verdict !== 'invalid') return verdict === 'not-applicable' ? 'not applicable' : verdict;
  return found === undefined ? 'broken' : `broken (${found})`;
}

/** An operation's first acquire: how long it took, and whether it was granted. */
interface Acquired {
  readonly tookUs: number;
  readonly granted: boolean;
}

function acquireChanges(before: TraceFile, after: TraceFile): string[] {
  const old = acquires(before);
  const now = acquires(after);
  const granted: string[] = [];
  let longest: { readonly operation: string; readonly byUs: number } | undefined;
  for (const [operation, one] of now) {
    const was = old.get(operation);
    if (was === undefined) continue;
    if (was.granted !== one.granted) {
      granted.push(`${operation} ${one.granted ? 'gets the lock now' : 'no longer gets the lock'}`);
    } else if (Math.abs(one.tookUs - was.tookUs) > Math.abs(longest?.byUs ?? 0)) {
      longest = { operation, byUs: one.tookUs - was.tookUs };
    }
  }
  if (longest === undefined || Math.abs(longest.byUs) < LEAST_WAIT_US) return granted;
  const { operation, byUs } = longest;
  const than = byUs > 0 ? 'longer' : 'less';
  return [...granted, `${operation} waits ${rounded(Math.abs(byUs))} ${than}`];
}

function acquires(trace: TraceFile): Map<string, Acquired> {
  const model = new TraceModel(trace);
  const begun = new Map<number, InvokeRecord>();
  const found = new Map<string, Acquired>();
  for (let row = 0; row < model.rows; row++) {
    const record = model.record(row);
    if (record.type === 'invoke' && record.action === 'acquire') begun.set(record.call, record);
    if (record.type !== 'ok' && record.type !== 'fail' && record.type !== 'info') continue;
    const invoked = begun.get(record.call);
    if (invoked === undefined || found.has(record.operation)) continue;
    const tookUs = record.atUs - invoked.atUs;
    found.set(record.operation, { tookUs, granted: record.type === 'ok' });
  }
  return found;
}

/** Two digits that matter: 3.2 s, 41 ms. */
function rounded(us: number): string {
  let unitUs = 1;
  while (us / unitUs >= 100) unitUs *= 10;
  return span(Math.round(us / unitUs) * unitUs);
}

function trafficChanges(before: TraceFile, after: TraceFile): string[] {
  const more = after.msg.from.length - before.msg.from.length;
  if (more === 0) return [];
  return [`${plural(Math.abs(more), 'message')} ${more > 0 ? 'more' : 'fewer'}`];
}

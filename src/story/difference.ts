/**
 * Two makings of one run side by side: finds the first entry of their logs that differs, and says
 * in words what differs in it (docs/semantics.md, D15).
 */
import type { Difference, DiffersIn, LogEntry } from '../difference.js';
import { instant } from './words.js';

/** Longer texts are cut around the place where they differ. */
const SHORT_ENOUGH = 72;
const KEPT_BEFORE = 32;

/** The first entry that is not the same in both logs, or `undefined` if none is. */
export function firstDifference(
  first: readonly LogEntry[],
  second: readonly LogEntry[],
): Difference | undefined {
  const length = Math.max(first.length, second.length);
  for (let index = 0; index < length; index++) {
    const a = first[index];
    const b = second[index];
    if (a !== undefined && b !== undefined && same(a, b)) continue;
    return differenceOf(a, b);
  }
  return undefined;
}

/** The difference in one clause: which entry, when, and what it was both times. */
export function differenceWords(difference: Difference): string {
  const { differsIn, entry, index, atUs, what, first, second } = difference;
  const place = `${entry} ${index} at ${instant(atUs)}`;
  if (differsIn === 'order' || differsIn === 'end') {
    return `${place}: ${first} came the first time, ${second} the second`;
  }
  return `${place}, ${what}: ${first} the first time, ${second} the second`;
}

function same(a: LogEntry, b: LogEntry): boolean {
  return a.entry === b.entry && a.atUs === b.atUs && a.fingerprint === b.fingerprint;
}

function differenceOf(a: LogEntry | undefined, b: LogEntry | undefined): Difference {
  const shown = (a ?? b)!;
  const { entry, index, atUs, kind, host, operation } = shown;
  return {
    ...sidesOf(a, b),
    entry,
    index,
    atUs,
    kind,
    ...(host === undefined ? {} : { host }),
    ...(operation === undefined ? {} : { operation }),
    what: entryWords(shown),
  };
}

function sidesOf(
  a: LogEntry | undefined,
  b: LogEntry | undefined,
): { differsIn: DiffersIn; first: string; second: string } {
  if (a === undefined || b === undefined) {
    const over = 'the end of the run';
    return {
      differsIn: 'end',
      first: a === undefined ? over : entryWords(a),
      second: b === undefined ? over : entryWords(b),
    };
  }
  if (entryWords(a) !== entryWords(b)) {
    const both = a.atUs === b.atUs ? entryWords : entryAtInstant;
    return { differsIn: 'order', first: both(a), second: both(b) };
  }
  if (a.atUs !== b.atUs) {
    return {
      differsIn: 'instant',
      first: `at ${instant(a.atUs)}`,
      second: `at ${instant(b.atUs)}`,
    };
  }
  const parts = partsOf(b);
  const differing = partsOf(a).flatMap((text, index) =>
    text === parts[index] ? [] : [shortened(text, parts[index] ?? '')],
  );
  const [found] = differing;
  if (found === undefined) {
    return { differsIn: 'connection', first: 'over one connection', second: 'over another' };
  }
  const [first, second] = found;
  return { differsIn: a.entry === 'record' ? 'record' : 'payload', first, second };
}

/** What an entry carries: one payload, or the fields of a record. */
function partsOf({ payload, record }: LogEntry): string[] {
  if (record === undefined) return payload === undefined ? [] : [payload];
  return Object.entries(record).map(([name, value]) => `${name} ${valueText(value)}`);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '(none)');
}

function entryAtInstant(entry: LogEntry): string {
  return `${entryWords(entry)} at ${instant(entry.atUs)}`;
}

/** An entry by what it is and whose, without what it carries. */
export function entryWords({ entry, kind, host, peer, operation, payload }: LogEntry): string {
  const within = operation === undefined ? '' : ` in ${operation}`;
  if (entry === 'record')
    return `the record ${kind}${host === undefined ? '' : ` of ${host}`}${within}`;
  const client = `client ${host}`;
  switch (kind) {
    case 'start':
      return `the start of ${client}`;
    case 'request':
      return `a request of ${client}${within} to ${peer}`;
    case 'reply':
      return `a reply of ${peer} to ${client}${within}`;
    case 'closed':
      return `the reset of a connection of ${client} to ${peer}`;
    case 'hangup':
      return `the end of a connection of ${client} at ${peer}`;
    case 'timer':
      return `a timer of ${client}${within}`;
    case 'alarm':
      return `an alarm of ${host}`;
    case 'fault':
      return payload === undefined ? 'the end of a fault' : `the fault ${payload}`;
    default:
      return `the phase ${payload}`;
  }
}

/** Two texts that differ, cut to what is around their first different character. */
function shortened(first: string, second: string): [string, string] {
  let at = 0;
  while (at < first.length && first[at] === second[at]) at++;
  const from = Math.max(first.length, second.length) <= SHORT_ENOUGH ? 0 : at - KEPT_BEFORE;
  return [windowOf(first, from), windowOf(second, from)];
}

function windowOf(text: string, from: number): string {
  const start = Math.max(0, from);
  const cut = text.slice(start, start + SHORT_ENOUGH);
  const rest = start + SHORT_ENOUGH < text.length ? '…' : '';
  return `${start > 0 ? '…' : ''}${cut}${rest}`;
}

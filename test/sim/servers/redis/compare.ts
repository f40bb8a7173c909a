/**
 * Whether a reply agrees with a recording: equal, or within what the recording leaves open.
 */
import type { GoldenReply } from '../../../../scripts/record/redis/format.js';
import { RedisError, type Reply, Status } from '../../../../src/sim/servers/redis/reply.js';

/** What a comparison needs to know of the sequence it happens in. */
export interface Timing {
  /** Wall clock at its start, in milliseconds, on the side that is compared. */
  readonly startMs: number;
  /** How far times may differ. */
  readonly toleranceMs: number;
}

function near(actual: number, expected: number, tolerance: number): boolean {
  return Math.abs(actual - expected) <= tolerance;
}

function sameMultiset(
  expected: readonly GoldenReply[],
  actual: readonly Reply[],
  timing: Timing,
): boolean {
  const left = [...actual];
  for (const item of expected) {
    const at = left.findIndex((candidate) => agrees(item, candidate, timing));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

function inPairs(items: readonly Reply[]): Reply[][] {
  return items.flatMap((_item, at) => (at % 2 === 0 ? [items.slice(at, at + 2)] : []));
}

function sameItems(
  expected: readonly GoldenReply[],
  actual: readonly Reply[],
  timing: Timing,
): boolean {
  return (
    expected.length === actual.length &&
    expected.every((item, at) => agrees(item, actual[at]!, timing))
  );
}

type Special = Exclude<GoldenReply, number | string | null | readonly GoldenReply[]>;

function agreesOnTime(expected: Special, actual: Reply, timing: Timing): boolean | undefined {
  const { startMs, toleranceMs } = timing;
  if ('timeMs' in expected) {
    if (!Array.isArray(actual)) return false;
    const [seconds, micros] = (actual as string[]).map(Number);
    const atMs = seconds! * 1000 + Math.floor(micros! / 1000) - startMs;
    return near(atMs, expected.timeMs, toleranceMs);
  }
  const value = typeof actual === 'number' ? actual : Number.NaN;
  if ('ms' in expected) return near(value, expected.ms, toleranceMs);
  if ('wallMs' in expected) return near(value - startMs, expected.wallMs, toleranceMs);
  if (!('wallSeconds' in expected)) return undefined;
  return near(value - Math.floor(startMs / 1000), expected.wallSeconds, 1);
}

function agreesByChance(
  expected: { readonly some: number; readonly of: readonly string[] },
  actual: Reply,
): boolean {
  const items = Array.isArray(actual) ? (actual as Reply[]) : [];
  const distinct = expected.some < 0 || new Set(items).size === items.length;
  const allKnown = items.every((item) => typeof item === 'string' && expected.of.includes(item));
  return distinct && allKnown && items.length === Math.abs(expected.some);
}

function agreesSpecially(expected: Special, actual: Reply, timing: Timing): boolean {
  if ('status' in expected) return actual instanceof Status && actual.text === expected.status;
  if ('error' in expected) return actual instanceof RedisError && actual.text === expected.error;
  if ('nil' in expected) return actual === null;
  if ('unordered' in expected) {
    return Array.isArray(actual) && sameMultiset(expected.unordered, actual, timing);
  }
  if ('pairs' in expected) {
    return Array.isArray(actual) && sameMultiset(expected.pairs, inPairs(actual), timing);
  }
  if ('oneOf' in expected) return typeof actual === 'string' && expected.oneOf.includes(actual);
  if ('some' in expected) return agreesByChance(expected, actual);
  if ('integer' in expected) return Number.isInteger(actual);
  if ('lines' in expected) {
    const lines = typeof actual === 'string' ? actual.split('\r\n') : [];
    return expected.lines.every((line) => lines.some((own) => own.startsWith(line)));
  }
  return agreesOnTime(expected, actual, timing) ?? false;
}

export function agrees(expected: GoldenReply, actual: Reply, timing: Timing): boolean {
  if (expected === null || typeof expected !== 'object') return expected === actual;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      sameItems(expected as readonly GoldenReply[], actual as readonly Reply[], timing)
    );
  }
  return agreesSpecially(expected as Special, actual, timing);
}

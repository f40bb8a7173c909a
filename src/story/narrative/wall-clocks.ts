/**
 * The wall clocks of hosts: when they were set, and whether a lease that was taken from its holder
 * was over by one of them only.
 */
import { ownerOf } from '../../checkers/lease-chains.js';
import type { Lease } from '../../checkers/sections.js';
import { countLeading } from '../../checkers/sorted.js';
import type { HostId } from '../../fault.js';
import type { ClockRecord } from '../../history.js';
import { instant, term } from '../words.js';
import type { Tale } from './tale.js';

/** What a clock gains or loses less than this by is rounding, not a step. */
export const LEAST_STEP_US = 100;

export const CLOCKS_HELP =
  'server clocks that are slewed and never stepped, and an allowance for drift';
const CLIENT_CLOCKS_HELP =
  'let one clock decide when a lease is over, that of the server (a TTL, or its own time in the ' +
  'request), and no wall clock of a client';
/** Clocks are read to the millisecond, and before a request leaves. */
const READING_US = 2_000;

/**
 * That a lease was over by some wall clock when somebody took it away, though it was not in truth:
 * by that of the server or of whoever took it, which ran ahead, or that of its owner, which had
 * been behind when it asked for the lease.
 */
export function tellWrongClock(tale: Tale, lease: Lease, by: HostId, atUs: number) {
  const { termUs, sentAtUs, server } = lease.record;
  if (typeof termUs !== 'number' || atUs - sentAtUs >= termUs - READING_US) return undefined;
  const owner = ownerOf(lease).host;
  const pairs = [
    [by, owner],
    [server, server],
  ] as const;
  for (const [late, early] of pairs) {
    const aheadUs = wallUs(tale, late, atUs) - atUs;
    const behindUs = sentAtUs - wallUs(tale, early, sentAtUs);
    if (atUs - sentAtUs + aheadUs + behindUs < termUs - READING_US) continue;
    const [host, byUs] = aheadUs >= behindUs ? [late, aheadUs] : [early, -behindUs];
    const step = wallSteps(tale, host, 0, atUs);
    const since = step === undefined ? '' : ` since it was stepped at ${instant(step.atUs)}`;
    const how = byUs < 0 ? 'behind' : 'ahead';
    return {
      because:
        `by the wall clock of ${host}, ${instant(Math.abs(byUs))} ${how}${since}, its ` +
        `${term(termUs)} were over`,
      help: host === server ? CLOCKS_HELP : CLIENT_CLOCKS_HELP,
    };
  }
  return undefined;
}

function wallUs({ wallClocks }: Tale, host: HostId, atUs: number): number {
  const segments = wallClocks.get(host) ?? [];
  return readingAt(
    segments,
    atUs,
    countLeading(segments, (segment) => segment.atUs <= atUs),
  );
}

/** What a clock showed at an instant by the first `known` of its segments. */
export function readingAt(segments: readonly ClockRecord[], atUs: number, known: number): number {
  const segment = segments[known - 1];
  if (segment === undefined) return atUs;
  const sinceUs = atUs - segment.atUs;
  return segment.localUs + sinceUs + Math.floor((sinceUs * segment.ratePpm) / 1_000_000);
}

/** The wall clock steps that a host saw in a stretch of time, in words; none: `undefined`. */
export function wallSteps(tale: Tale, host: HostId, fromUs: number, untilUs: number) {
  const segments = tale.wallClocks.get(host) ?? [];
  const first = countLeading(segments, ({ atUs }) => atUs < fromUs);
  for (let at = first; at < segments.length && segments[at]!.atUs <= untilUs; at++) {
    const { atUs, localUs } = segments[at]!;
    const byUs = localUs - readingAt(segments, atUs, at);
    if (Math.abs(byUs) >= LEAST_STEP_US) return { atUs, byUs };
  }
  return undefined;
}

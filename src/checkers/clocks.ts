/**
 * What a host's clocks showed, from the clock segments of a history. A wall clock never excuses a
 * holder (R3): judgements use the monotonic clock, which drifts and never steps.
 */
import type { HostId } from '../fault.js';
import type { HistoryIndex } from './sections.js';
import { countLeading } from './sorted.js';

/**
 * Reading of a host's monotonic clock, in whole µs, at an instant of world time. The last segment
 * that began by then decides; before the first one a clock reads world time.
 */
export function monoUs(index: HistoryIndex, host: HostId, atUs: number): number {
  const segments = index.monoClocks.get(host);
  if (segments === undefined) return atUs;
  const segment = segments[countLeading(segments, (one) => one.atUs <= atUs) - 1];
  if (segment === undefined) return atUs;
  const sinceUs = atUs - segment.atUs;
  return segment.localUs + sinceUs + Math.floor((sinceUs * segment.ratePpm) / 1_000_000);
}

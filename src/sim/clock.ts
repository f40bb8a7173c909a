/**
 * The two clocks of a host. Wall: offset, drift, steps in both directions. Monotonic: drift only.
 * Both are piecewise linear functions of world time, kept as segments, so that code which runs
 * ahead of the world reads the clock of its own instant, with every step the plan puts there (R4).
 */
import { FAR_US, NEVER_US } from '../bounds.js';

/**
 * 2023-11-14T22:13:20Z: wall clocks start there, so server time has as many digits as real time.
 */
export const WALL_EPOCH_US = 1_700_000_000_000_000;

interface Segment {
  readonly fromUs: number;
  readonly localUs: number;
  readonly ratePpm: number;
}

function readSegment(segment: Segment, atUs: number): number {
  const elapsedUs = atUs - segment.fromUs;
  if (segment.ratePpm === 0) return segment.localUs + elapsedUs;
  return segment.localUs + elapsedUs + Math.floor((elapsedUs * segment.ratePpm) / 1_000_000);
}

interface Reading {
  readonly localUs: number;
  readonly ratePpm: number;
}

/** A change of a clock, which can be withdrawn as long as nobody but code ahead has seen it. */
export interface ClockChange {
  readonly atUs: number;
  readonly to: (before: Reading) => Reading;
}

/** One clock of one host. */
export class HostClock {
  private segments: Segment[];
  /** All changes, in the order in which they were made. */
  private changes: ClockChange[] = [];

  constructor(private readonly startLocalUs: number) {
    this.segments = this.unchanged();
  }

  /** What the clock shows at that instant of world time. */
  read(atUs: number): number {
    const segments = this.segments;
    let index = segments.length - 1;
    while (index > 0 && segments[index]!.fromUs > atUs) index--;
    return readSegment(segments[index]!, atUs);
  }

  /** What it has gained since the start of the world, where it showed what it started with. */
  sinceStart(atUs: number): number {
    return this.read(atUs) - this.startLocalUs;
  }

  /**
   * The first instant, not before `fromUs`, at which the clock shows `localUs` or more; `NEVER_US`
   * if the clock has further to go than any run lasts.
   */
  when(localUs: number, fromUs: number): number {
    const shownUs = this.read(fromUs);
    if (shownUs >= localUs) return fromUs;
    if (localUs - shownUs > FAR_US) return NEVER_US;
    const segments = this.segments;
    for (let index = 0; index < segments.length; index++) {
      const segment = segments[index]!;
      const endUs = segments[index + 1]?.fromUs ?? Number.POSITIVE_INFINITY;
      if (endUs <= fromUs) continue;
      const startUs = Math.max(segment.fromUs, fromUs);
      const dueUs = dueIn(segment, localUs, startUs);
      if (dueUs < endUs) return Math.min(dueUs, NEVER_US);
    }
    return NEVER_US;
  }

  /** Changes the clock at once by `byUs`, from that instant on. */
  step(atUs: number, byUs: number): ClockChange {
    const to = ({ localUs, ratePpm }: Reading) => ({ localUs: localUs + byUs, ratePpm });
    return this.make({ atUs, to });
  }

  /** Changes the rate to 1 + ppm/1,000,000 from that instant on. */
  setRate(atUs: number, ratePpm: number): ClockChange {
    return this.make({ atUs, to: ({ localUs }) => ({ localUs, ratePpm }) });
  }

  /** Starts at 0 again, as a monotonic clock does after a power loss (R8). */
  reset(atUs: number): ClockChange {
    return this.make({ atUs, to: ({ ratePpm }) => ({ localUs: 0, ratePpm }) });
  }

  /** From now on the clock is as if these changes had never been made (R4). */
  withdraw(withdrawn: readonly ClockChange[]): void {
    this.changes = this.changes.filter((change) => !withdrawn.includes(change));
    this.segments = this.unchanged();
    for (const change of this.changes) this.apply(change);
  }

  private unchanged(): Segment[] {
    return [{ fromUs: 0, localUs: this.startLocalUs, ratePpm: 0 }];
  }

  private make(change: ClockChange): ClockChange {
    this.changes.push(change);
    this.apply(change);
    return change;
  }

  /** Rate in force at that instant. */
  rateAt(atUs: number): number {
    let rate = 0;
    for (const segment of this.segments) if (segment.fromUs <= atUs) rate = segment.ratePpm;
    return rate;
  }

  /** Splits at its instant and shifts all later segments by the same change of reading. */
  private apply({ atUs, to }: ClockChange): void {
    const earlier = this.segments.filter((segment) => segment.fromUs < atUs);
    const later = this.segments.filter((segment) => segment.fromUs > atUs);
    const before = { localUs: this.read(atUs), ratePpm: this.rateAt(atUs) };
    const changed: Segment = { fromUs: atUs, ...to(before) };
    const rebuilt = [...earlier, changed];
    let previousOld: Segment = { fromUs: atUs, ...before };
    for (const segment of later) {
      const jumpUs = segment.localUs - readSegment(previousOld, segment.fromUs);
      const reached = readSegment(rebuilt[rebuilt.length - 1]!, segment.fromUs);
      const rateChanged = segment.ratePpm !== previousOld.ratePpm;
      rebuilt.push({
        fromUs: segment.fromUs,
        localUs: reached + jumpUs,
        ratePpm: rateChanged ? segment.ratePpm : rebuilt[rebuilt.length - 1]!.ratePpm,
      });
      previousOld = segment;
    }
    this.segments = rebuilt;
  }
}

/**
 * The first instant in the segment's line, from `startUs` on, that shows `localUs` or more; or one
 * beyond `NEVER_US`, where whole numbers are not told apart any more.
 */
function dueIn(segment: Segment, localUs: number, startUs: number): number {
  const missingUs = localUs - segment.localUs;
  let dueUs = segment.fromUs + Math.floor((missingUs * 1_000_000) / (1_000_000 + segment.ratePpm));
  if (dueUs > NEVER_US) return dueUs;
  if (dueUs < startUs) dueUs = startUs;
  while (dueUs > startUs && readSegment(segment, dueUs - 1) >= localUs) dueUs--;
  while (readSegment(segment, dueUs) < localUs) dueUs++;
  return dueUs;
}

/**
 * The clocks of a client process: those of the machine, moved and stretched as a story says.
 * Nothing else in the process is told: only the code under test reads these.
 */
import type { ClientClockState } from './job.js';

/** Nanoseconds of the clock that all processes of this machine share. */
export function sharedNs(): bigint {
  return process.hrtime.bigint();
}

/** Microseconds of that clock since the start of a run. */
export function sinceUs(startNs: bigint): number {
  return Number((sharedNs() - startNs) / 1_000n);
}

export class ClientClock {
  private rate = 1;
  private wallOffsetUs = 0;
  /** From here on the rate counts: the shared clock, and what both clocks had shown then. */
  private fromUs = 0;
  private monoUs = 0;
  private wallUs = Date.now() * 1_000;
  private readonly wallAtStartUs: number;

  constructor(
    private readonly startNs: bigint,
    state: ClientClockState,
  ) {
    this.fromUs = sinceUs(startNs);
    this.monoUs = this.fromUs;
    this.wallAtStartUs = this.wallUs - this.fromUs;
    this.set(state);
  }

  set({ wallOffsetUs, ratePpm }: ClientClockState): void {
    const atUs = sinceUs(this.startNs);
    this.monoUs = this.monoAt(atUs);
    this.wallUs += (atUs - this.fromUs) * this.rate + wallOffsetUs - this.wallOffsetUs;
    this.fromUs = atUs;
    this.wallOffsetUs = wallOffsetUs;
    this.rate = 1 + ratePpm / 1_000_000;
  }

  readMonoUs(): number {
    return this.monoAt(sinceUs(this.startNs));
  }

  /** What the wall clock has gained since the start of the run, where it had showed 0. */
  wallSinceStartUs(): number {
    return this.readWallUs() - this.wallAtStartUs;
  }

  readWallUs(): number {
    return this.wallUs + (sinceUs(this.startNs) - this.fromUs) * this.rate;
  }

  /** How long that much of the monotonic clock takes, in milliseconds of true time. */
  trueMs(monoUs: number): number {
    return this.rate <= 0 ? Number.POSITIVE_INFINITY : monoUs / 1_000 / this.rate;
  }

  private monoAt(atUs: number): number {
    return this.monoUs + (atUs - this.fromUs) * this.rate;
  }
}

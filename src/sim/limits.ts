/**
 * Bounds of a run. Hitting one ends the run as *unknown*, never as a hang and never green; all are
 * counted in virtual quantities, so the verdict does not depend on the machine.
 */
export const LIMITS = {
  /** Events delivered in one run. */
  events: 200_000,
  /** Messages and timers waiting at one time. */
  pending: 20_000,
  /** Clock reads in one segment before each further read advances the host by 1 ms (R4). */
  clockReadsPerSegment: 10_000,
  /** Virtual time a host may busy-wait in one segment (R4). */
  busyWaitUs: 60_000_000,
  /** Environment calls in one segment: code that never waits for anything. */
  callsPerSegment: 200_000,
} as const;

/** One-way latency lies on this grid, so that events fall on the same instant (R5). */
export const LATENCY_GRID_US = 100;
/** Shortest and longest ordinary one-way latency, and the rare long one (R16). */
export const LATENCY_MIN_US = 200;
export const LATENCY_MAX_US = 1_000;
export const LATENCY_RARE_US = 50_000;
/** How much later than the end of a partition held bytes arrive (RFC 6298 lower bound on Linux). */
export const RETRANSMISSION_US = 200_000;
/** A connection whose bytes stay unacknowledged for so long is closed by its sender (R7). */
export const USER_TIMEOUT_US = 60_000_000;

/**
 * What a conformance run found, as data: reports/conformance-servers.json.
 */
import type { Divergence, Omission } from './arm.js';

/** A known divergence, and how many sequences ended with it. */
export interface NamedCount {
  readonly name: string;
  readonly reason: string;
  readonly sequences: number;
}

/** Sequences whose first other answer of ioredis-mock was to this command, and the shortest. */
export interface MockGroup {
  readonly name: string;
  readonly sequences: number;
  readonly command: string;
  readonly real: string;
  readonly mock: string;
}

export interface MockResult {
  readonly sequences: number;
  /** Answers that were compared. */
  readonly compared: number;
  /** Sequences without another answer. */
  readonly equal: number;
  readonly groups: readonly MockGroup[];
}

export interface Result {
  readonly service: string;
  /** The real server, with its version. */
  readonly server: string;
  /** What is counted: commands, statements, operations. */
  readonly unit: string;
  readonly seed: string;
  readonly commands: number;
  readonly sequences: number;
  readonly seconds: number;
  /** Those that nobody has explained. */
  readonly divergences: readonly Divergence[];
  readonly named: readonly NamedCount[];
  readonly omissions: readonly Omission[];
  /** Sequences that differed once, and not when they were played again. */
  readonly unrepeated: number;
  /** Sequences that never went fast enough for their times. */
  readonly tooSlow: number;
  readonly mock?: MockResult;
}

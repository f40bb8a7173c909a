/**
 * What the conformance run needs of a service: sequences to generate, and a way to play one on the
 * real server and on the simulated one.
 */
import type { Arbitrary } from 'fast-check';

/** One step of a sequence, as a person reads it, with what the real server answered. */
export interface PlayedStep {
  readonly command: string;
  readonly answer: string;
}

/** A step that the two servers answered differently, with both answers in words. */
export interface Difference {
  /** Index of the step. */
  readonly step: number;
  readonly real: string;
  readonly simulated: string;
}

export interface Played {
  /** Commands that were sent to the real server and compared. */
  readonly commands: number;
  readonly steps: readonly PlayedStep[];
  /** Absent: all answers and the final state are equal. */
  readonly difference?: Difference;
  /** It went too slowly for its times to mean anything: it is played again. */
  readonly isTooSlow?: true;
}

/** A divergence that is known and stays, with its reason. What follows it is not compared. */
export interface NamedDivergence {
  readonly name: string;
  readonly reason: string;
  matches(difference: Difference, step: PlayedStep): boolean;
}

/** What is not generated at all, with its reason. */
export interface Omission {
  readonly name: string;
  readonly reason: string;
}

export interface Service<Sequence> {
  readonly name: string;
  /** How many of them a usual run compares, and what they are called. */
  readonly commands: number;
  readonly unit: string;
  readonly sequences: Arbitrary<Sequence>;
  readonly named: readonly NamedDivergence[];
  readonly omissions: readonly Omission[];
}

/** A real server and a simulated one, side by side. */
export interface Arm<Sequence> {
  play(sequence: Sequence): Promise<Played>;
}

/** A divergence that nobody has explained, made as small as fast-check could. */
export interface Divergence extends Difference {
  readonly seed: number;
  readonly shrinks: number;
  readonly steps: readonly PlayedStep[];
}

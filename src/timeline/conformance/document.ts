/**
 * The format of a conformance document: stories of the simulation as they went on real servers, and
 * servers beside their models. `holdfast real replay --json` writes one with a single story, the
 * scripts write whole ones, and the viewer shows any (docs/conformance-format.md).
 */
import type { FaultClass, HostId } from '../../fault.js';
import type { Property, ViolationClass } from '../../verdict.js';

export const FORMAT = 'holdfast-conformance';

/** Characters of a file among which its format stands, as Holdfast writes it. */
export const HEAD_CHARACTERS = 200;

/** Whether a file that begins so says that it is such a document. */
export function isConformance(head: string): boolean {
  return head.slice(0, HEAD_CHARACTERS).includes(`"${FORMAT}"`);
}

export interface ConformanceDocument {
  readonly format: typeof FORMAT;
  /** Version of the format: readers refuse another one, with words. */
  readonly v: 1;
  readonly stories?: readonly StoryReport[];
  readonly services?: readonly ServiceReport[];
}

/** A document of these stories. */
export function conformanceOf(stories: readonly StoryReport[]): ConformanceDocument {
  return { format: FORMAT, v: 1, stories };
}

export type Outcome = 'confirmed' | 'not-reproduced' | 'cannot-be-played';

/** A counterexample of the simulation, and what came of it on real servers. */
export interface StoryReport {
  /** Name of the published failure, or of a built-in lock's smallest run: `set-nx: leak`. */
  readonly id?: string;
  readonly lock: string;
  /** The file of the lock, if it is not a built-in one. */
  readonly lockFile?: string;
  /** Replay code of the simulated run. */
  readonly code: string;
  /** What the simulated run breaks, and how if the property has classes. */
  readonly property: Property;
  readonly class?: ViolationClass;
  /** Class of each of its faults. */
  readonly faults: readonly FaultClass[];
  /** Time to live as it was played. */
  readonly ttlMs: number;
  /** Servers that it is about: `r1`, `e1`. */
  readonly servers: readonly HostId[];
  readonly outcome: Outcome;
  /** The first event that went another way, or the part that is missing. */
  readonly why?: string;
  /** Where in the story that was. */
  readonly atUs?: number;
  /** How many times it was played; the rest is about the last time. */
  readonly attempts: number;
  /** Steps of the story. */
  readonly steps: number;
  /** How late the steps were; absent if none was played, or it was not measured. */
  readonly timing?: Timing;
  readonly tookMs: number;
  /** Names and versions of what it ran on, by server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a model answered otherwise than the real server. */
  readonly differences: readonly string[];
}

/** How much later than in the story its steps happened; negative: earlier. */
export interface Timing {
  /** Steps that were measured: all, unless the run went another way before its end. */
  readonly steps: number;
  readonly medianUs: number;
  readonly p95Us: number;
  readonly maxUs: number;
}

/** Generated sequences on a real server and on its model. */
export interface ServiceReport {
  readonly service: string;
  /** The real server, with its version. */
  readonly server: string;
  /** What is counted: commands, statements, operations. */
  readonly unit: string;
  readonly commands: number;
  readonly sequences: number;
  /** Those that nobody has explained. */
  readonly divergences: readonly unknown[];
  /** Those with a reason, and how many sequences ended with one. */
  readonly named: readonly {
    readonly name: string;
    readonly reason: string;
    readonly sequences: number;
  }[];
}

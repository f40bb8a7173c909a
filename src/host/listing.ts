/** What `holdfast list` is told: what there is to run, and what it says of itself. */
import type { Claims, Flaw } from '../algorithms/lock.js';
import type { Damage } from '../invariant.js';

export interface LockEntry {
  readonly name: string;
  readonly summary: string;
  readonly flawed: boolean;
  readonly flaw?: Flaw;
  readonly services: Readonly<Record<string, number | string>>;
  /** Replicas of each Redis server, or the option that says how many; absent: one. */
  readonly replicas?: number | string;
  readonly claims: Claims;
}

export interface WorkloadEntry {
  readonly name: string;
  readonly summary: string;
  /** What the lock must be able to do. */
  readonly needs?: 'renew';
  /** The damage that it looks for at the resource. */
  readonly forbids: readonly Damage[];
}

/** A scenario that shows a pitfall; with `-mended` after its name, the same with what helps. */
export interface ScenarioEntry {
  readonly name: string;
  readonly warns: string;
  readonly helps: string;
}

export interface Listing {
  readonly locks: readonly LockEntry[];
  readonly workloads: readonly WorkloadEntry[];
  readonly scenarios: readonly ScenarioEntry[];
}

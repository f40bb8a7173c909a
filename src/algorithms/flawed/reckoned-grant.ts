/**
 * A grant of a lock that knows no validity, held as carefully as its answers allow: its holder
 * counts a term from each yes, looks at what is left, and is told when nothing is. Where such a
 * holder overlaps with another although it could have known, the answers were wrong.
 */
import { Deadline, GONE } from '../deadline.js';
import type { Environment } from '../environment.js';
import type { Grant } from '../lock.js';

/** When a term ends that a renewal granted: called and heard are readings of the same clock. */
export type Reckon = (calledAtMs: number, heardAtMs: number, ttlMs: number) => number;

export class ReckonedGrant implements Grant {
  readonly granted = true;
  readonly ownerId: string;
  readonly #deadline: Deadline;

  constructor(
    private readonly environment: Environment,
    private readonly grant: Required<Pick<Grant, 'ownerId' | 'renew' | 'release'>>,
    endsAtMs: number,
    private readonly reckon: Reckon,
  ) {
    this.ownerId = grant.ownerId;
    this.#deadline = new Deadline(environment, endsAtMs);
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  onLost(callback: () => void): void {
    this.#deadline.onLost(callback);
  }

  validForMs(): number {
    return this.#deadline.validForMs();
  }

  async renew(ttlMs: number): Promise<boolean> {
    const calledAtMs = this.environment.monoMs();
    if (await this.grant.renew(ttlMs)) {
      const heardAtMs = this.environment.monoMs();
      return this.#deadline.extendTo(this.reckon(calledAtMs, heardAtMs, ttlMs));
    }
    this.#deadline.lose(GONE);
    return false;
  }

  release(): Promise<boolean> {
    this.#deadline.end();
    return this.grant.release();
  }
}

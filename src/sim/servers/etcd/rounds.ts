/**
 * The loops of a member: it looks for expired leases every 500 ms (`lease/lessor.go: runLoop`) and
 * feeds watches that are behind every 100 ms (`mvcc/watchable_store.go: syncWatchersLoop`), counted
 * from its start, which is where chance comes in.
 */
import type { EtcdPort } from './port.js';

const MILLISECOND_US = 1000;
const LONGEST_MS = 500;

export const EXPIRY_CHECK_US = LONGEST_MS * MILLISECOND_US;
export const CATCH_UP_US = 100 * MILLISECOND_US;

export class Rounds {
  private readonly phaseUs: number;

  constructor(port: EtcdPort) {
    this.phaseUs = port.choose(LONGEST_MS) * MILLISECOND_US;
  }

  /** The first round at or after an instant. */
  next(atUs: number, periodUs: number): number {
    return this.phaseUs + Math.ceil((atUs - this.phaseUs) / periodUs) * periodUs;
  }

  /** The last round at or before an instant. */
  last(atUs: number, periodUs: number): number {
    return this.phaseUs + Math.floor((atUs - this.phaseUs) / periodUs) * periodUs;
  }
}

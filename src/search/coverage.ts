/**
 * What a campaign reached, against what it must reach to mean anything. Goals are counted over the
 * campaign, never per run; one that was missed makes the verdict unknown, because a campaign that
 * reached nothing is not green (docs/semantics.md, R13).
 */
import { addReached, GOALS, nothingReached, type Reached } from '../checkers/reached.js';
import type { FaultClass } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import type { ReachedReport } from '../report.js';
import { Acquires } from './acquires.js';

/** A fault of each class must meet an operation in progress in so many of 100 runs. */
const TOUCHED_PERCENT = 1;
/** Under these a lease lock must have been seen to expire while held. */
const EXPIRY_CLASSES: readonly FaultClass[] = ['pause', 'delay'];
export class Coverage {
  private readonly sum: Reached = nothingReached();
  private readonly acquires = new Acquires();
  private runs = 0;

  constructor(private readonly faultClasses: readonly FaultClass[]) {}

  add(reached: Reached, records: readonly HistoryRecord[]): void {
    this.runs++;
    addReached(this.sum, reached);
    this.acquires.add(records);
  }

  /** What was missed, in words; `undefined` if every goal was reached. */
  missed(): string | undefined {
    const { complaint } = this.acquires;
    const goals = this.report().filter(({ runs, needed }) => runs < needed);
    const names = goals.map(({ goal }) => goal).join(', ');
    if (complaint === undefined) return names === '' ? undefined : `not reached: ${names}`;
    return names === '' ? complaint : `${complaint}; not reached: ${names}`;
  }

  /** The table: every goal with its count, needed ones first. */
  report(): ReachedReport[] {
    const touchedNeeded = Math.max(1, Math.ceil((this.runs * TOUCHED_PERCENT) / 100));
    const delayed = EXPIRY_CLASSES.some((name) => this.faultClasses.includes(name));
    const expiryNeeded = delayed && this.sum.expiring > 0 ? 1 : 0;
    const rows: ReachedReport[] = [];
    for (const goal of GOALS) {
      const needed = goal === 'contention' ? 1 : goal === 'expiryWhileHolding' ? expiryNeeded : 0;
      rows.push({ goal: spelled(goal), runs: this.sum[goal], needed });
    }
    for (const name of this.faultClasses) {
      if (name === 'interleaving') continue;
      rows.push({ goal: name, runs: this.sum.touched[name], needed: touchedNeeded });
    }
    return rows;
  }
}

/** `expiryWhileHolding` as `expiry while holding`. */
function spelled(goal: string): string {
  return goal.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

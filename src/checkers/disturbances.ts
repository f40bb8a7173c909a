/**
 * When a client's calls cannot be held against its lock: while a fault was under way, or the
 * client slept (docs/semantics.md, R19). What holds back messages does so beyond its end, and a
 * fault that nobody says has ended is under way as well: both last to the end of the run.
 */
import type { FaultClass, HostId } from '../fault.js';
import type { FaultRecord } from '../history.js';
import { pausesOf } from './holding.js';
import type { HistoryIndex } from './sections.js';
import { countLeading } from './sorted.js';

/** Faults that are over when they end. */
const PASSING: readonly FaultClass[] = ['pause', 'clock-step', 'clock-drift'];

export class Disturbances {
  /** The beginnings of faults, in order, each with the latest end of any up to it; first, none. */
  private readonly fromUs: number[] = [-Infinity];
  private readonly untilUs: number[] = [-Infinity];

  constructor(private readonly index: HistoryIndex) {
    const ends = new Map<string, number>();
    const faults = index.faults.map((at) => index.records[at] as FaultRecord);
    for (const { fault, edge, atUs, class: faultClass } of faults) {
      if (edge === 'end' && PASSING.includes(faultClass)) ends.set(fault, atUs);
    }
    let latestUs = 0;
    for (const { fault, edge, atUs } of faults) {
      if (edge !== 'start') continue;
      latestUs = Math.max(latestUs, ends.get(fault) ?? Infinity);
      this.fromUs.push(atUs);
      this.untilUs.push(latestUs);
    }
  }

  /** Whether anything disturbed a client in an interval of world time. */
  met(client: HostId, fromUs: number, untilUs: number): boolean {
    const begun = countLeading(this.fromUs, (atUs) => atUs <= untilUs);
    if (this.untilUs[begun - 1]! >= fromUs) return true;
    return pausesOf(this.index, client, fromUs, untilUs).length > 0;
  }
}

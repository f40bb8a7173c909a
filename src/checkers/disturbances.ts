/**
 * When a client's calls cannot be held against its lock: while a fault was under way, or the
 * client slept. A fault that nobody says has ended is under way to the end of the run.
 */
import type { HostId } from '../fault.js';
import type { FaultRecord } from '../history.js';
import { pausesOf } from './holding.js';
import type { HistoryIndex } from './sections.js';
import { countLeading } from './sorted.js';

export class Disturbances {
  /** The beginnings of faults, in order, and for each the latest end of any up to it. None first. */
  private readonly fromUs: number[] = [-Infinity];
  private readonly untilUs: number[] = [-Infinity];

  constructor(private readonly index: HistoryIndex) {
    const ends = new Map<string, number>();
    const faults = index.faults.map((at) => index.records[at] as FaultRecord);
    for (const { fault, edge, atUs } of faults) if (edge === 'end') ends.set(fault, atUs);
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

/** The fencing tokens that a resource has seen: their range, and the highest one over time. */
import type { AccessRecord } from '../../history.js';
import type { TraceModel } from '../model.js';

export class Ratchet {
  /** Least and greatest fencing token of any access, accepted or not; absent: there is none. */
  readonly range: readonly [least: number, most: number] | undefined;
  /** When the highest accepted fencing token rose, and to what. */
  readonly rises: readonly (readonly [atUs: number, fencingToken: number])[];

  constructor(model: TraceModel, accesses: readonly { readonly row: number }[]) {
    const rises: [number, number][] = [];
    let [least, most, highest] = [Infinity, -Infinity, -Infinity];
    for (const { row } of accesses) {
      const { accepted, atUs, fencingToken } = model.record(row) as AccessRecord;
      if (fencingToken === undefined) continue;
      least = Math.min(least, fencingToken);
      most = Math.max(most, fencingToken);
      if (!accepted || fencingToken <= highest) continue;
      highest = fencingToken;
      rises.push([atUs, highest]);
    }
    this.rises = rises;
    this.range = most < least ? undefined : [least, most];
  }
}

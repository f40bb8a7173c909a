/**
 * A sorted set: members by score, and by their bytes where scores are equal. A map finds a member,
 * a sorted array answers ranks and ranges; the sets of locks are small, so inserting by splice is
 * cheaper than any tree.
 */
import { compareBytes } from './bytes.js';

export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** One end of a range of scores or members; exclusive ends leave out what is equal. */
export interface Bound<T> {
  readonly value: T;
  readonly exclusive: boolean;
}

export class SortedSet {
  private readonly byMember: Map<string, Scored>;
  private readonly ordered: Scored[];

  constructor(from?: SortedSet) {
    this.byMember = new Map(from?.byMember);
    this.ordered = from === undefined ? [] : from.ordered.slice();
  }

  get size(): number {
    return this.ordered.length;
  }

  score(member: string): number | undefined {
    return this.byMember.get(member)?.score;
  }

  /** Members in ascending order. */
  get items(): readonly Scored[] {
    return this.ordered;
  }

  set(member: string, score: number): void {
    this.delete(member);
    const item: Scored = { member, score };
    this.byMember.set(member, item);
    this.ordered.splice(this.position(item), 0, item);
  }

  delete(member: string): boolean {
    const item = this.byMember.get(member);
    if (item === undefined) return false;
    this.byMember.delete(member);
    this.ordered.splice(this.position(item), 1);
    return true;
  }

  /** Removes the items `start` up to but not including `end`, by rank. */
  deleteRange(start: number, end: number): void {
    for (const item of this.ordered.splice(start, end - start)) this.byMember.delete(item.member);
  }

  /** Rank of a member from the lowest, from 0; undefined if it is not in the set. */
  rank(member: string): number | undefined {
    const item = this.byMember.get(member);
    return item === undefined ? undefined : this.position(item);
  }

  /** Number of items below a lower bound, or up to an upper bound, of scores. */
  countBelowScore(bound: Bound<number>, upper: boolean): number {
    const inclusive = upper !== bound.exclusive;
    return this.countWhile(
      ({ score }) => score < bound.value || (inclusive && score === bound.value),
    );
  }

  /** How many items from the lowest on satisfy a condition that holds for a prefix. */
  private countWhile(condition: (item: Scored) => boolean): number {
    let low = 0;
    let high = this.ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (condition(this.ordered[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where an item stands, or belongs. */
  private position(item: Scored): number {
    return this.countWhile(
      ({ member, score }) =>
        score < item.score || (score === item.score && compareBytes(member, item.member) < 0),
    );
  }
}

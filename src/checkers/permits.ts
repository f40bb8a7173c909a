/**
 * Permits: of a lock for n holders, no more than n are inside at once (docs/semantics.md, R18).
 * Each section is held against those that go on after it was entered: n of them, and they are too
 * many. Who of them is to blame is told pair by pair, as two holders of one lock are.
 */
import { VIOLATION_CLASSES } from '../verdict.js';
import { type Checker, valid } from './checker.js';
import { Lingerer } from './going-on.js';
import { classify, type Overlap } from './overlap.js';
import { overlapVerdict } from './overlap-verdict.js';
import { inTerm } from './promised-end.js';
import { type Grant, type HistoryIndex, positionOf } from './sections.js';

/** Too many holders: the pair that tells best why, and all who went on beside the second of it. */
interface Crowd {
  readonly overlap: Overlap;
  readonly others: readonly Overlap[];
}

export const permits: Checker = {
  property: 'permits',
  ofDeclared: 'permits',
  check(index) {
    const most = index.history.world.declares.permits!;
    const crowd = worstCrowd(index, most);
    if (crowd === undefined) return valid('permits');
    const { overlap, others } = crowd;
    const verdict = overlapVerdict('permits', index, overlap);
    const entered = others.map(({ first }) => first.enter);
    const holders = others.map(({ first }) => first.operation).join(', ');
    return {
      ...verdict,
      witness: [...new Set([...verdict.witness, ...entered])].sort((a, b) => a - b),
      details: { ...verdict.details, permits: most, ...(holders !== '' && { others: holders }) },
    };
  },
};

/** The crowd of the worst class; of these the one that was complete first. */
function worstCrowd(index: HistoryIndex, most: number): Crowd | undefined {
  const byKey = new Map<string, Lingerer[]>();
  let worst: Crowd | undefined;
  for (const second of index.sections) {
    const before = byKey.get(second.key) ?? [];
    // Fewer than that are no crowd, whether they go on or not.
    const lingering =
      before.length < most ? before : before.filter((one) => one.canGoOn(second.enter));
    const crowd = crowdAt(index, lingering, second, most);
    if (crowd !== undefined && (worst === undefined || rankOf(crowd) < rankOf(worst))) {
      worst = crowd;
    }
    if (worst?.overlap.class === 'double-grant') return worst;
    lingering.push(new Lingerer(index, second));
    byKey.set(second.key, lingering);
  }
  return worst;
}

/** Those who go on after a section was entered, if with it they are too many. */
function crowdAt(
  index: HistoryIndex,
  lingering: readonly Lingerer[],
  second: Grant,
  most: number,
): Crowd | undefined {
  if (lingering.length < most) return undefined;
  const secondInTerm = inTerm(index, second, positionOf(index, second.enter));
  const overlaps: Overlap[] = [];
  for (const lingerer of lingering) {
    const goingOn = lingerer.goesOn(second);
    if (goingOn === undefined) continue;
    overlaps.push(classify(index, lingerer.grant, second, secondInTerm, goingOn));
  }
  if (overlaps.length < most) return undefined;
  const overlap = tellingOf(overlaps, most);
  return { overlap, others: overlaps.filter((other) => other !== overlap) };
}

/**
 * The pair that says why there are too many: with n others in term it is a double grant, of one
 * that was in term only again if it takes that; else the worst of those who were not.
 */
function tellingOf(overlaps: readonly Overlap[], most: number): Overlap {
  const granted = overlaps.filter((overlap) => overlap.class === 'double-grant');
  if (granted.length >= most) {
    const again = granted.find(({ cause }) => cause === 'resurrected');
    const atOnce = granted.filter(({ cause }) => cause === undefined);
    return atOnce.length >= most ? atOnce[0]! : again!;
  }
  const offending = overlaps.filter((overlap) => overlap.class !== 'double-grant');
  return offending.reduce((a, b) => (classRank(b) < classRank(a) ? b : a));
}

function classRank(overlap: Overlap): number {
  return VIOLATION_CLASSES.indexOf(overlap.class);
}

function rankOf({ overlap }: Crowd): number {
  return classRank(overlap);
}

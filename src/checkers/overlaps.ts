/**
 * The worst overlap of sections that exclude each other (docs/semantics.md, R2, R3, R17): for
 * mutual exclusion, and for readers and writers.
 *
 * One sweep over the sections in the order of entering. It keeps those that can still go on, drops
 * the others at the next entry, and so looks at a pair only while the earlier one lingers. The
 * first double grant ends the sweep; after the first stale belief only grants that can be in term
 * again are kept; and a going on that is known to be inherent is not judged again.
 */
import { VIOLATION_CLASSES } from '../verdict.js';
import { Lingerer } from './going-on.js';
import { classify, type Overlap } from './overlap.js';
import { inTerm } from './promised-end.js';
import { type Grant, type HistoryIndex, positionOf } from './sections.js';

/** Sections of one key that can still go on, in the order of entering. */
interface Lingering {
  readonly exclusive: Lingerer[];
  readonly shared: Lingerer[];
}

/** The overlap of the worst class; of these the one entered first, then with whom. */
export function worstOverlap(index: HistoryIndex): Overlap | undefined {
  const byKey = new Map<string, Lingering>();
  let worst: Overlap | undefined;
  for (const second of index.sections) {
    let lingering = byKey.get(second.key);
    if (lingering === undefined) byKey.set(second.key, (lingering = { exclusive: [], shared: [] }));
    const { exclusive, shared } = lingering;
    const before = worst;
    worst = worstAmong(index, exclusive, second, before, worst);
    if (second.mode === 'exclusive') worst = worstAmong(index, shared, second, before, worst);
    if (worst?.class === 'double-grant') return worst;
    (second.mode === 'exclusive' ? exclusive : shared).push(new Lingerer(index, second));
  }
  return worst;
}

/** Adds the overlaps of a section with those that linger; `before` is the worst of earlier ones. */
function worstAmong(
  index: HistoryIndex,
  lingering: Lingerer[],
  second: Grant,
  before: Overlap | undefined,
  worst: Overlap | undefined,
): Overlap | undefined {
  dropFinished(index, lingering, second.enter, before?.class === 'stale-belief');
  if (lingering.length === 0) return worst;
  const secondInTerm = inTerm(index, second, positionOf(index, second.enter));
  for (const lingerer of lingering) {
    const first = lingerer.grant;
    const goingOn = lingerer.goesOn(second);
    if (goingOn === undefined || (secondInTerm && goingOn.record === lingerer.settled)) continue;
    const overlap = classify(index, first, second, secondInTerm, goingOn);
    if (isWorse(overlap, worst)) worst = overlap;
    // Nothing is worse; or it is the second's fault, whoever else lingers.
    if (overlap.class === 'double-grant' || !secondInTerm) break;
    if (isOver(index, first, second.enter)) lingerer.settled = goingOn.record;
  }
  return worst;
}

/** Drops, in place, the sections that can add nothing from `entered` on. */
function dropFinished(
  index: HistoryIndex,
  lingering: Lingerer[],
  entered: number,
  staleFound: boolean,
): void {
  let kept = 0;
  for (const lingerer of lingering) {
    if (!lingerer.canGoOn(entered)) continue;
    if (staleFound && isOver(index, lingerer.grant, entered)) continue;
    lingering[kept++] = lingerer;
  }
  while (lingering.length > kept) lingering.pop();
}

/** Whether the grant is out of term and can never be in term again. */
function isOver(index: HistoryIndex, grant: Grant, entered: number): boolean {
  if (inTerm(index, grant, positionOf(index, entered))) return false;
  return !grant.leases.some((lease) => lease.acked > entered);
}

function isWorse(overlap: Overlap, worst: Overlap | undefined): boolean {
  if (worst === undefined) return true;
  const rank = VIOLATION_CLASSES.indexOf(overlap.class) - VIOLATION_CLASSES.indexOf(worst.class);
  if (rank !== 0) return rank < 0;
  return overlap.second === worst.second && overlap.first.enter < worst.first.enter;
}

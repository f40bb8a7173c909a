/**
 * A lesson as data: what is said, about which run and which event of it, what the learner predicts
 * before seeing more, and what there is to do. It is shown by a page and run without one by the
 * tests, which hold every sentence to its run (docs/lessons.md).
 */
import type { RunPlan } from '../search/replay-code.js';
import type { Layer } from '../timeline/picture/layers.js';
import type { Anchor, Measure } from './anchor.js';
import type { Offer } from './offer.js';
import type { Patch } from './patch.js';
import type { Predicate } from './predicates.js';

export interface Lesson {
  /** Stands in permalinks, and never changes: words and hyphens. */
  readonly id: string;
  readonly title: string;
  /** How long it takes somebody who is new to it. */
  readonly minutes: number;
  /** Ids of the lessons that it builds on. */
  readonly needs?: readonly string[];
  /** Whose idea it is: where to read on. */
  readonly source?: string;
  readonly start: RunPlan;
  readonly steps: readonly Step[];
}

/** One idea. It asks or gives a task, never both: an edit would change what is right. */
export interface Step {
  /** At most 60 words, with `{name}` for each of `values`. */
  readonly say: string;
  /** What the names in braces stand for, in `say`, `ask` and `task` alike: read from the run. */
  readonly values?: Readonly<Record<string, Measure>>;
  /** The event that it is about, and the stretch of time to be seen; default: the whole run. */
  readonly at?: Anchor;
  readonly zoom?: readonly [from: Anchor, until: Anchor];
  /** What of the run is drawn; default: all of it. */
  readonly show?: readonly Layer[];
  /** The run of this step: the lesson's start, so changed. Default: the start as it is. */
  readonly plan?: Patch;
  /** What the texts say of the run beyond what is measured: all of it must hold. */
  readonly claims?: readonly Predicate[];
  readonly ask?: Ask;
  readonly task?: Task;
}

/** A prediction: the learner answers before what happens is shown. */
export interface Ask {
  readonly question: string;
  /** What happens behind this event stays hidden until there is an answer. */
  readonly hides: Anchor;
  /** Two to four. The run says which is right: exactly one of them holds. */
  readonly options: readonly Option[];
  /** At most 60 words. */
  readonly why: string;
}

export interface Option {
  readonly text: string;
  readonly holds: Predicate;
}

/** Something to do: it is done when the goal holds in the edited run. */
export interface Task {
  /** At most 60 words. */
  readonly says: string;
  readonly goal: Predicate;
  /** All that may be edited. */
  readonly offers: readonly Offer[];
  /** Two or three, each says more than the one before. */
  readonly hints: readonly string[];
  /** One way to do it, counted from the run of the step. */
  readonly solution: Patch;
}

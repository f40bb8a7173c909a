/** What came of stories, in numbers and words: the same in the report and on the page. */
import { span } from '../../story/words.js';
import type { Outcome, StoryReport } from './document.js';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  confirmed: 'confirmed',
  'not-reproduced': 'not reproduced',
  'cannot-be-played': 'cannot be played here',
};

/** A confirmed story is a violation that really happened. */
export const OUTCOME_SIGNS: Readonly<Record<Outcome, string>> = {
  confirmed: '✗',
  'not-reproduced': '?',
  'cannot-be-played': '–',
};

export interface Tally {
  readonly stories: number;
  /** Those that have all their parts here. */
  readonly playable: number;
  readonly confirmed: number;
  /** Of the playable ones in percent, rounded down; 0 if there are none. */
  readonly confirmedPercent: number;
}

export function tallyOf(stories: readonly StoryReport[]): Tally {
  const playable = stories.filter(({ outcome }) => outcome !== 'cannot-be-played').length;
  const confirmed = stories.filter(({ outcome }) => outcome === 'confirmed').length;
  const confirmedPercent = Math.floor((confirmed * 100) / Math.max(1, playable));
  return { stories: stories.length, playable, confirmed, confirmedPercent };
}

/** How late something was, as far as it matters: `0.4 ms`, `23 ms`, `1.2 s`. */
export function lateness(us: number): string {
  const size = Math.abs(us);
  const stepUs = size < 10_000 ? 100 : size < 1_000_000 ? 1_000 : 100_000;
  return span(Math.round(us / stepUs) * stepUs);
}

/** The command that plays a story. */
export function commandOf({ code, property, lockFile }: StoryReport): string {
  const lock = lockFile === undefined ? '' : ` --lock ${lockFile}`;
  return `npx holdfast real replay ${code} --property ${property}${lock}`;
}

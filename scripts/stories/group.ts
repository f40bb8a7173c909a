/** Which of the two groups a story is of: its id tells, so that either can be written alone. */
import type { StoryReport } from '../../src/timeline/conformance/document.js';
import type { StoryToPlay } from './player.js';

export const GROUPS = ['published', 'built-in'] as const;
export type Group = (typeof GROUPS)[number];

/** The id of a built-in lock's smallest run; a published failure has a name of its own. */
export function builtInId(lock: string, property: string): string {
  return `${lock}: ${property}`;
}

export function groupOf({ id, lock, property }: StoryReport): Group {
  return id === builtInId(lock, property) ? 'built-in' : 'published';
}

/** Those that are not one of the others: another run, or judged by another property. */
export function unlike(
  stories: readonly StoryToPlay[],
  others: readonly StoryToPlay[],
): StoryToPlay[] {
  return stories.filter(
    ({ code, property }) =>
      !others.some((other) => other.code === code && other.property === property),
  );
}

/** A part of the stories, which can be played and written alone. */
export interface Part {
  readonly only?: Group | undefined;
  readonly lock?: string | undefined;
}

/** The stories of a document, published ones first; what is not of that part is as it was. */
export function merged(
  before: readonly StoryReport[],
  played: readonly StoryReport[],
  { only, lock }: Part,
): StoryReport[] {
  const isPlayed = (story: StoryReport) =>
    (only ?? groupOf(story)) === groupOf(story) && (lock ?? story.lock) === story.lock;
  return GROUPS.flatMap((group) => {
    const [old, now] = [before, played].map((all) => all.filter((one) => groupOf(one) === group));
    const first = old!.findIndex(isPlayed);
    const at = first < 0 ? old!.length : first;
    return [...old!.slice(0, at), ...now!, ...old!.slice(at).filter((one) => !isPlayed(one))];
  });
}

/**
 * The stories of a document, those that were played once more as they are now. Two of one id are
 * two runs, which break the property in two classes.
 */
export function renewed(
  before: readonly StoryReport[],
  played: readonly StoryReport[],
): StoryReport[] {
  const isSame = (one: StoryReport, other: StoryReport) =>
    one.id === other.id && one.code === other.code;
  return before.map((story) => played.find((one) => isSame(one, story)) ?? story);
}

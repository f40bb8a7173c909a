/**
 * The smallest runs of the built-in locks: one for every property that `holdfast check --all` finds
 * broken, found by the same campaigns.
 */
import { locks } from '../../src/algorithms/index.js';
import { campaignOf } from '../../src/cli/request.js';
import { checkLock, type SessionEvents } from '../../src/host/session.js';
import type { LockReport } from '../../src/report.js';
import { PROPERTIES } from '../../src/verdict.js';
import { builtInId } from './group.js';
import type { IsWanted, StoryToPlay } from './player.js';

const UNHEARD: SessionEvents = {
  configuration: () => {},
  progress: () => {},
  run: () => {},
  stopped: () => false,
};

/** Searches only the locks that a wanted story may be of: all of them take minutes. */
export async function builtInStories(
  isWanted: IsWanted,
  say: (line: string) => void,
): Promise<StoryToPlay[]> {
  const stories: StoryToPlay[] = [];
  for (const { name: lock } of locks) {
    const may = PROPERTIES.some((property) => isWanted({ id: builtInId(lock, property), lock }));
    if (!may) continue;
    const request = { ...campaignOf({}), lock: { name: lock }, ownBudget: true, insist: true };
    const found = storiesOf(await checkLock(request, UNHEARD)).filter(isWanted);
    say(`${'found'.padEnd(16)} ${found.map(({ id }) => id).join(', ') || `nothing in ${lock}`}`);
    stories.push(...found);
  }
  return stories;
}

/** A story for each broken property, and for each class of it that is reported by itself. */
export function storiesOf({ algorithm: lock, properties }: LockReport): StoryToPlay[] {
  return properties.flatMap(({ property, counterexample }) =>
    counterexample === undefined
      ? []
      : [{ id: builtInId(lock, property), lock, property, code: counterexample.replay }],
  );
}

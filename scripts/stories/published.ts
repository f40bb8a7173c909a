/** The smallest runs of the published failures, as `npm run failures` wrote them down. */
import { readFileSync } from 'node:fs';
import type { StoryToPlay } from './player.js';

const FILE = new URL('../../reports/published-failures.json', import.meta.url);

interface PublishedFailure {
  readonly id: string;
  readonly lock: string;
  readonly property: string;
  /** Absent if no run shows it. */
  readonly replay?: string;
}

export function publishedStories(): StoryToPlay[] {
  const text = readFileSync(FILE, 'utf8');
  const { failures } = JSON.parse(text) as { readonly failures: readonly PublishedFailure[] };
  return failures.flatMap(({ id, lock, property, replay }) =>
    replay === undefined ? [] : [{ id, lock, property, code: replay }],
  );
}

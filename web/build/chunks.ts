/**
 * Which modules come in one file, where a file for each set of pages or parts that share them would
 * be a dozen of small ones.
 */
import type { Rolldown } from 'vite';
import { GROUP } from './parts.js';

type Naming = Rolldown.CodeSplittingNameFunction;

/** What nearly every lock on Redis is made of. */
const OF_MOST_LOCKS = /\/src\/algorithms\/(?:deadline|key-server|lock|redis-scripts|retry)\.ts$/;
/** What lessons are made of, beside their texts. */
const OF_LESSONS = /\/src\/lessons\/(?:anchor|catalogue|patch|predicates|start)\.ts$/;
/** What every page with a picture shows. */
const EXPLORE = 'controls|layers-address|legend-below|timeline';
const PICTURE = RegExp(`/explore/(?:${EXPLORE})\\.tsx?$|/timeline/(?:format|model)\\.ts$`);

/**
 * Of the worker: what it needs from the start; what Lua needs, whichever of its other parts need it
 * too.
 */
export function workerChunks(): Naming {
  const isCore = reachedFrom((info) => info.isEntry);
  const isLua = reachedFrom(({ id }) => id === `${GROUP}lua`);
  return (id, context) => {
    if (isCore(id, context) || OF_MOST_LOCKS.test(id)) return 'core';
    return isLua(id, context) ? 'lua' : null;
  };
}

/** Of the page. */
export function pageChunks(): Naming {
  const isFirst = reachedFrom((info) => info.isEntry);
  const isPicture = reachedFrom(({ id }) => PICTURE.test(id));
  return (id, context) => {
    if (isFirst(id, context)) return 'frame';
    if (isPicture(id, context)) return 'picture';
    return OF_LESSONS.test(id) ? 'lessons' : null;
  };
}

/** Whether a module is imported, not only when it is asked for, by one of the roots. */
function reachedFrom(isRoot: (info: Rolldown.ModuleInfo) => boolean) {
  const known = new Map<string, boolean>();
  return (id: string, context: Rolldown.ChunkingContext): boolean => {
    const answer = known.get(id) ?? importersOf(id, context).some(isRoot);
    known.set(id, answer);
    return answer;
  };
}

/** A module, and all that import it. */
function importersOf(id: string, context: Rolldown.ChunkingContext): Rolldown.ModuleInfo[] {
  const met = new Set([id]);
  const found: Rolldown.ModuleInfo[] = [];
  for (const one of met) {
    const info = context.getModuleInfo(one);
    if (info === null) continue;
    found.push(info);
    for (const importer of info.importers) met.add(importer);
  }
  return found;
}

/**
 * Plays stories on real servers: `npm run stories` takes the smallest run of every published
 * failure (reports/published-failures.json) and of every property that a built-in lock breaks, has
 * `holdfast real replay` play each, and writes what came of it to reports/conformance-stories.json
 * and to sections of conformance.md. One group, or one lock, and its part of the reports alone:
 * `npm run stories -- --only built-in`, `npm run stories -- --lock redlock`. Those that were not
 * confirmed once more, the others as they are: `npm run stories -- --again`. Only some, and nothing
 * written: `npm run stories redlock`. It ends with 1 if a command failed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { locks } from '../src/algorithms/index.js';
import { conformanceOf, type StoryReport } from '../src/timeline/conformance/document.js';
import { readConformance } from '../src/timeline/conformance/read.js';
import { withSection } from './conformance/report.js';
import { builtInStories } from './stories/built-in.js';
import { GROUPS, groupOf, merged, type Part, renewed, unlike } from './stories/group.js';
import { type IsWanted, playAll, type StoryToPlay } from './stories/player.js';
import { publishedStories } from './stories/published.js';
import { storiesSections } from './stories/report.js';

const place = (name: string) => fileURLToPath(new URL(`../reports/${name}`, import.meta.url));
const DATA = place('conformance-stories.json');
const PAGE = place('conformance.md');

interface Wish extends Part {
  readonly again: boolean;
  readonly words: readonly string[];
}

function readWish(): Wish {
  const options = {
    only: { type: 'string' },
    lock: { type: 'string' },
    again: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const only = GROUPS.find((group) => group === values.only);
  if (only !== values.only) {
    throw new Error(`--only takes ${GROUPS.join(' or ')}, not ${JSON.stringify(values.only)}`);
  }
  const { lock } = values;
  if (lock !== undefined && !locks.some(({ name }) => name === lock)) {
    throw new Error(`--lock takes the name of a built-in lock, not ${JSON.stringify(lock)}`);
  }
  return { only, lock, again: values.again, words: positionals };
}

function wish(): Wish {
  try {
    return readWish();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(64);
  }
}

function write(stories: readonly StoryReport[]): void {
  writeFileSync(DATA, `${JSON.stringify(conformanceOf(stories), undefined, 2)}\n`);
  writeFileSync(PAGE, storiesSections(stories).reduce(withSection, readFileSync(PAGE, 'utf8')));
}

/** The stories of one group, or of both. */
async function found(): Promise<StoryToPlay[]> {
  const published = publishedStories();
  const builtIn = only === 'published' ? [] : await builtInStories(isWanted, say);
  return [
    ...(only === 'built-in' ? [] : published.filter(isWanted)),
    ...unlike(builtIn, published),
  ];
}

/** Those of the document that were not confirmed. */
function unconfirmed(): StoryToPlay[] {
  return before.flatMap((story) => {
    const { id, lock, property, code, outcome } = story;
    const isOther = only !== undefined && groupOf(story) !== only;
    if (id === undefined || isOther || outcome === 'confirmed') return [];
    return isWanted({ id, lock }) ? [{ id, lock, property, code }] : [];
  });
}

const { only, lock: ofLock, again, words } = wish();
const isWanted: IsWanted = ({ id, lock }) =>
  (ofLock ?? lock) === lock && words.every((word) => `${id} ${lock}`.includes(word));
const say = (line: string) => console.log(line);
const { stories: before = [] } = readConformance(readFileSync(DATA, 'utf8'), DATA);

const stories = again ? unconfirmed() : await found();
const played = await playAll(stories, say);
if (words.length === 0)
  write(again ? renewed(before, played) : merged(before, played, { only, lock: ofLock }));
if (played.length < stories.length) process.exitCode = 1;

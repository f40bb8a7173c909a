/**
 * Plays the published failures on real servers: `npm run stories` takes each one's smallest run
 * from reports/published-failures.json, has `holdfast real replay` play it, and writes what came of
 * it to reports/conformance-stories.json and a section of conformance.md. Only some, and nothing
 * written: `npm run stories redlock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { conformanceOf } from '../src/timeline/conformance/document.js';
import { withSection } from './conformance/report.js';
import { playAll, type StoryToPlay } from './stories/player.js';
import { storiesSection } from './stories/report.js';

interface PublishedFailure {
  readonly id: string;
  readonly lock: string;
  readonly property: string;
  readonly replay: string;
}

const REPORTS = new URL('../reports/', import.meta.url);
const filters = process.argv.slice(2);

const text = readFileSync(new URL('published-failures.json', REPORTS), 'utf8');
const { failures } = JSON.parse(text) as { readonly failures: readonly PublishedFailure[] };
const stories = failures
  .filter(({ replay }) => replay !== undefined)
  .filter(({ id, lock }) => filters.every((word) => `${id} ${lock}`.includes(word)))
  .map(({ id, property, replay }): StoryToPlay => ({ id, property, code: replay }));
const played = await playAll(stories, (line) => console.log(line));
if (filters.length === 0) {
  writeFileSync(
    fileURLToPath(new URL('conformance-stories.json', REPORTS)),
    `${JSON.stringify(conformanceOf(played), undefined, 2)}\n`,
  );
  const page = fileURLToPath(new URL('conformance.md', REPORTS));
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), storiesSection(played)));
}

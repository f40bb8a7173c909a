/** The sections of reports/conformance.md about stories played on real servers. */
import type { StoryReport, Timing } from '../../src/timeline/conformance/document.js';
import {
  commandOf,
  lateness,
  OUTCOME_WORDS,
  tallyOf,
} from '../../src/timeline/conformance/words.js';
import { GROUPS, type Group, groupOf } from './group.js';

interface Words {
  readonly heading: string;
  readonly plural: string;
  /** Head of the first column. */
  readonly name: string;
  /** What each of them is. */
  readonly each: string;
}

const WORDS: Readonly<Record<Group, Words>> = {
  published: {
    heading: 'Published failures on real servers',
    plural: 'published failures',
    name: 'Failure',
    each: `Each is the smallest run of the simulation, shortened, and played on
the real servers that it is about: a proxy in front of each server for each client holds every
message until its turn, clients stop or die where the story says, and what really happened is judged
by the same checkers.`,
  },
  'built-in': {
    heading: 'Smallest runs of built-in locks on real servers',
    plural: 'smallest runs of built-in locks',
    name: 'Run',
    each: `For every built-in lock, and every property that
\`holdfast check --all\` finds broken, the smallest run that breaks it, played as the published
failures are. A run that is that of a published failure stands there alone.`,
  },
};

/** A section for each group that has stories, and one about both. */
export function storiesSections(stories: readonly StoryReport[]): string[] {
  const groups = GROUPS.map((group) => ({
    words: WORDS[group],
    stories: stories.filter((story) => groupOf(story) === group),
  })).filter((group) => group.stories.length > 0);
  const rows = [
    ...groups.map(({ words, stories }) => summaryRow(words.plural, stories)),
    summaryRow('**all**', stories),
  ];
  const summary = `## Stories on real servers

Written by \`npm run stories\`. A story that cannot be played says in its row which part is missing.

| Group | Stories | Playable | Confirmed | Of the playable ones |
|---|---:|---:|---:|---:|
${rows.join('\n')}
`;
  return [...groups.map(({ words, stories }) => section(words, stories)), summary];
}

function summaryRow(name: string, stories: readonly StoryReport[]): string {
  const { playable, confirmed, confirmedPercent } = tallyOf(stories);
  return `| ${name} | ${stories.length} | ${playable} | ${confirmed} | ${confirmedPercent} % |`;
}

function section({ heading, plural, name, each }: Words, stories: readonly StoryReport[]): string {
  const { playable, confirmed, confirmedPercent } = tallyOf(stories);
  const rows = stories.map(row);
  const summary =
    `Of ${stories.length} ${plural} ${playable} can be played, and ` +
    `${confirmed} of them (${confirmedPercent} %) are confirmed.`;
  const commands = stories.map((story) => `${nameOf(story)}\n  ${commandOf(story)}`);
  return `## ${heading}

Made by \`npm run stories\`. ${each}

${summary}

Late by: how much later than in the story its steps happened (median, 95 of 100, the latest).

| ${name} | Lock | Breaks | Faults | TTL | Outcome | Late by | Attempts | Seconds |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

### Commands

\`\`\`text
${commands.join('\n')}
\`\`\`
`;
}

const nameOf = ({ id, lock }: StoryReport) => id ?? lock;

function row(story: StoryReport): string {
  const { lock, property, faults, ttlMs, outcome, why, timing, attempts, tookMs } = story;
  const broken = story.class === undefined ? property : `${property}, ${story.class}`;
  const because = why === undefined ? '' : `: ${why.replaceAll('|', '\\|')}`;
  const words = OUTCOME_WORDS[outcome];
  const said = `${outcome === 'confirmed' ? words : `**${words}**`}${because}`;
  const cells = [
    `\`${nameOf(story)}\``,
    `\`${lock}\``,
    broken,
    [...new Set(faults)].join(', ') || '–',
    `${ttlMs / 1_000} s`,
    said.replaceAll('\n', ' '),
    lateBy(timing),
    String(attempts),
    (tookMs / 1_000).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function lateBy(timing: Timing | undefined): string {
  if (timing === undefined) return 'not measured';
  const { medianUs, p95Us, maxUs } = timing;
  return [medianUs, p95Us, maxUs].map(lateness).join(' · ');
}

/** The section of reports/conformance.md about stories played on real servers. */
import type { StoryReport, Timing } from '../../src/timeline/conformance/document.js';
import {
  commandOf,
  lateness,
  OUTCOME_WORDS,
  tallyOf,
} from '../../src/timeline/conformance/words.js';

export function storiesSection(stories: readonly StoryReport[]): string {
  const { playable, confirmed, confirmedPercent } = tallyOf(stories);
  const rows = stories.map(row);
  const summary =
    `Of ${stories.length} published failures ${playable} can be played, and ` +
    `${confirmed} of them (${confirmedPercent} %) are confirmed.`;
  const commands = stories.map((story) => `${story.id}\n  ${commandOf(story)}`);
  return `## Published failures on real servers

Made by \`npm run stories\`. Each is the smallest run of the simulation, shortened, and played on
the real servers that it is about: a proxy in front of each server for each client holds every
message until its turn, clients stop or die where the story says, and what really happened is judged
by the same checkers.

${summary}

Late by: how much later than in the story its steps happened (median, 95 of 100, the latest).

| Failure | Lock | Breaks | Faults | TTL | Outcome | Late by | Attempts | Seconds |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

### Commands

\`\`\`text
${commands.join('\n')}
\`\`\`
`;
}

function row(story: StoryReport): string {
  const { id, lock, property, faults, ttlMs, outcome, why, timing, attempts, tookMs } = story;
  const broken = story.class === undefined ? property : `${property}, ${story.class}`;
  const because = why === undefined ? '' : `: ${why.replaceAll('|', '\\|')}`;
  const words = OUTCOME_WORDS[outcome];
  const said = `${outcome === 'confirmed' ? words : `**${words}**`}${because}`;
  const cells = [
    `\`${id ?? lock}\``,
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

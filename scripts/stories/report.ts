/** The section of reports/conformance.md about stories played on real servers. */
import type { PlayedStory } from './player.js';

const WORDS = {
  confirmed: 'confirmed',
  'not-reproduced': '**not reproduced**',
  'cannot-be-played': 'cannot be played',
} as const;

export function storiesSection(stories: readonly PlayedStory[]): string {
  const playable = stories.filter(({ outcome }) => outcome !== 'cannot-be-played');
  const confirmed = stories.filter(({ outcome }) => outcome === 'confirmed');
  const share = ((confirmed.length / Math.max(1, playable.length)) * 100).toFixed(0);
  const rows = stories.map(row);
  const summary =
    `Of ${stories.length} published failures ${playable.length} can be played, and ` +
    `${confirmed.length} of them (${share} %) are confirmed.`;
  const commands = stories.map(
    ({ id, code, property }) => `${id}\n  npx holdfast real replay ${code} --property ${property}`,
  );
  return `## Published failures on real servers

Made by \`npm run stories\`. Each is the smallest run of the simulation, shortened, and played on
the real servers that it is about: a proxy in front of each server for each client holds every
message until its turn, clients stop or die where the story says, and what really happened is judged
by the same checkers.

${summary}

| Failure | Lock | Breaks | Faults | TTL | Outcome | Attempts | Seconds |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

### Commands

\`\`\`text
${commands.join('\n')}
\`\`\`
`;
}

function row(story: PlayedStory): string {
  const { id, lock, property, faults, ttlMs, outcome, why, attempts, tookMs } = story;
  const broken = story.class === undefined ? property : `${property}, ${story.class}`;
  const because = why === undefined ? '' : `: ${why.replaceAll('|', '\\|')}`;
  const said = `${WORDS[outcome]}${because}`;
  const cells = [
    `\`${id}\``,
    `\`${lock}\``,
    broken,
    [...new Set(faults)].join(', ') || '–',
    `${ttlMs / 1_000} s`,
    said.replaceAll('\n', ' '),
    String(attempts),
    (tookMs / 1_000).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * Plays stories by the command that a person would use, several at a time: most of a story is
 * waiting for a TTL to pass.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StoryReport } from '../../src/timeline/conformance/document.js';
import { readConformance } from '../../src/timeline/conformance/read.js';

/** Processes of four stories are as many as two cores keep on time. */
const AT_ONCE = 2;
/** Three times what the longest leak takes: twice the minute that a session outlives its client. */
const LIMIT_MS = 600_000;
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface StoryToPlay {
  readonly id: string;
  readonly lock: string;
  readonly property: string;
  readonly code: string;
}

export type IsWanted = (story: Pick<StoryToPlay, 'id' | 'lock'>) => boolean;

/** What came of them, in their order; one whose command failed is missing, and was said to be. */
export async function playAll(
  stories: readonly StoryToPlay[],
  say: (line: string) => void,
): Promise<StoryReport[]> {
  const results = new Map<StoryToPlay, StoryReport>();
  const waiting = [...stories];
  const work = async () => {
    for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
      const { id, lock } = story;
      const played = await play(story);
      if (typeof played === 'string') {
        say(`${'command failed'.padEnd(16)} ${id} (${lock}) ${played}`);
        continue;
      }
      results.set(story, { id, ...played });
      const { outcome, why = '', attempts, tookMs } = played;
      const seconds = (tookMs / 1_000).toFixed(1);
      say(`${outcome.padEnd(16)} ${id} (${lock}) ${attempts}× ${seconds} s ${why}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return stories.flatMap((story) => results.get(story) ?? []);
}

/** What came of a story, or the command with what it said in place of a document. */
function play({ id, code, property }: StoryToPlay): Promise<StoryReport | string> {
  const args = ['real', 'replay', code, '--property', property, '--json'];
  return new Promise((resolve) => {
    const options = { timeout: LIMIT_MS };
    execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) => {
      try {
        resolve(readConformance(stdout, id).stories![0]!);
      } catch {
        const limit = error?.killed === true ? `it took more than ${LIMIT_MS / 1_000} s` : stderr;
        resolve(`${limit.trim()} — holdfast ${args.join(' ')}`);
      }
    });
  });
}

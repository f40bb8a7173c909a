/**
 * Plays stories by the command that a person would use, several at a time: most of a story is
 * waiting for a TTL to pass.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Processes of four stories are as many as two cores keep on time. */
const AT_ONCE = 2;
const LIMIT_MS = 180_000;
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface StoryToPlay {
  readonly id: string;
  readonly lock: string;
  readonly property: string;
  readonly code: string;
}

/** What `holdfast real replay --json` says. */
export interface Played {
  readonly outcome: 'confirmed' | 'not-reproduced' | 'cannot-be-played';
  readonly class?: string;
  readonly faults: readonly string[];
  readonly ttlMs: number;
  readonly why?: string;
  readonly attempts: number;
  readonly steps: number;
  readonly tookMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly differences: readonly string[];
}

export type PlayedStory = StoryToPlay & Played;

export async function playAll(
  stories: readonly StoryToPlay[],
  say: (line: string) => void,
): Promise<PlayedStory[]> {
  const results = new Map<StoryToPlay, PlayedStory>();
  const waiting = [...stories];
  const work = async () => {
    for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
      const played = await play(story);
      results.set(story, { ...story, ...played });
      const { outcome, why = '', attempts, tookMs } = played;
      const seconds = (tookMs / 1_000).toFixed(1);
      say(`${outcome.padEnd(16)} ${story.id} (${story.lock}) ${attempts}× ${seconds} s ${why}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return stories.map((story) => results.get(story)!);
}

function play({ code, property }: StoryToPlay): Promise<Played> {
  const args = [COMMAND, 'real', 'replay', code, '--property', property, '--json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: LIMIT_MS }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Played);
      } catch {
        reject(new Error(`${args.slice(1).join(' ')}: ${stderr}`));
      }
    });
  });
}

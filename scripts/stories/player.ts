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
const LIMIT_MS = 180_000;
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface StoryToPlay {
  readonly id: string;
  readonly property: string;
  readonly code: string;
}

export async function playAll(
  stories: readonly StoryToPlay[],
  say: (line: string) => void,
): Promise<StoryReport[]> {
  const results = new Map<StoryToPlay, StoryReport>();
  const waiting = [...stories];
  const work = async () => {
    for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
      const { id } = story;
      const played = await play(story);
      results.set(story, { id, ...played });
      const { outcome, lock, why = '', attempts, tookMs } = played;
      const seconds = (tookMs / 1_000).toFixed(1);
      say(`${outcome.padEnd(16)} ${id} (${lock}) ${attempts}× ${seconds} s ${why}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return stories.map((story) => results.get(story)!);
}

function play({ id, code, property }: StoryToPlay): Promise<StoryReport> {
  const args = [COMMAND, 'real', 'replay', code, '--property', property, '--json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: LIMIT_MS }, (_error, stdout, stderr) => {
      try {
        resolve(readConformance(stdout, id).stories![0]!);
      } catch {
        reject(new Error(`${args.slice(1).join(' ')}: ${stderr}`));
      }
    });
  });
}

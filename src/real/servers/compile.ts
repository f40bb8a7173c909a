/**
 * Compiles a C program of ours where it is needed: what it does to a server no server and no tool
 * of Node does. Without a compiler that part of a story is missing.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ServerTrouble } from './trouble.js';

const LIMIT_MS = 30_000;
const run = promisify(execFile);

export interface Program {
  /** Files to be written: the source, and what is made of it. */
  readonly source: string;
  readonly made: string;
  readonly text: string;
  /** Further arguments for gcc. */
  readonly args?: readonly string[];
}

/**
 * @param cannot what cannot be done without it, as the beginning of a sentence.
 * @throws ServerTrouble without a C compiler.
 */
export async function compile(cannot: string, program: Program): Promise<void> {
  const { source, made, text, args = [] } = program;
  await writeFile(source, text);
  try {
    await run('gcc', [...args, '-O2', '-o', made, source], { timeout: LIMIT_MS });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing
      ? 'gcc is not installed'
      : `gcc cannot compile it (${(error as Error).message.trim().split('\n').at(-1)})`;
    throw new ServerTrouble(`${cannot}: ${why}; apt-get install gcc libc6-dev`);
  }
}

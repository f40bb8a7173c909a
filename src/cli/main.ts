#!/usr/bin/env node
/**
 * The program `holdfast`. Asked for its version it answers without loading anything else; all that
 * takes time to load, the engine above all, is loaded when it is needed.
 */
import { availableParallelism } from 'node:os';
import { EXIT } from './exit-code.js';
import { ourVersion } from './version.js';

/** A campaign takes some 150 MB. */
const CAMPAIGNS_AT_ONCE_MAX = 4;

/** Ctrl-C, and what ends a job that takes too long. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** Commands that need the engine. Its thread takes longest to start, so it loads while we do. */
const ENGINE_COMMANDS = ['check', 'run', 'replay', 'list'];

async function createEngine() {
  return (await import('../host/engine.js')).createEngine();
}

/** Who reads our output may stop reading, as head does: that is no error. A full disk is one. */
function watchOutputs(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit();
    const why = `the standard output cannot be written (${code})`;
    process.stderr.write(`holdfast: ${why}; make room, or send it elsewhere\n`);
    process.exit(EXIT.usage);
  });
  // Nobody can be told; the exit code says what there is to say.
  process.stderr.on('error', () => {});
}

async function main(argv: readonly string[]): Promise<void> {
  watchOutputs();
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${ourVersion()}\n`);
    return;
  }
  let ahead = ENGINE_COMMANDS.includes(argv[0] ?? '') ? await createEngine() : undefined;
  const { runCommandLine } = await import('./program.js');
  process.exitCode = await runCommandLine(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    elapsedMs: () => performance.now(),
    createEngine: async () => {
      const engine = ahead ?? (await createEngine());
      ahead = undefined;
      return engine;
    },
    campaignsAtOnce: Math.min(availableParallelism(), CAMPAIGNS_AT_ONCE_MAX),
    onInterrupt: (listener) => {
      for (const signal of INTERRUPTIONS) process.on(signal, listener);
      return () => {
        for (const signal of INTERRUPTIONS) process.off(signal, listener);
      };
    },
    exitNow: (code) => process.exit(code),
  });
  await ahead?.close();
}

await main(process.argv.slice(2));

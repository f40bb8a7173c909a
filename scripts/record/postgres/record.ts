/**
 * Records what a real PostgreSQL answers: starts a server of its own, plays every sequence, and
 * writes test/golden/postgres/*.jsonl. The simulated PostgreSQL must answer the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Connection } from './connection.js';
import { recordCrash } from './crash.js';
import type { GoldenHeader, GoldenSequence } from './format.js';
import { serverVersion, withPostgres } from './process.js';
import { randomSequence } from './random.js';
import { record } from './recorder.js';
import type { Sequence } from './sequence.js';
import { BLOCKING, WAITS } from './sequences/blocking.js';
import { EXPRESSIONS } from './sequences/expressions.js';
import { LOCKS } from './sequences/locks.js';
import { STATEMENTS } from './sequences/statements.js';

const RANDOM_SEQUENCES = 120;

const FAMILIES: Readonly<Record<string, readonly Sequence[]>> = {
  expressions: EXPRESSIONS,
  statements: STATEMENTS,
  blocking: BLOCKING,
  waits: WAITS,
  locks: LOCKS,
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

const target = fileURLToPath(new URL('../../../test/golden/postgres/', import.meta.url));

function write(family: string, lines: readonly GoldenSequence[]): void {
  const header: GoldenHeader = { format: 1, server: serverVersion(), family };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${target}${family}.jsonl`, text);
  console.log(`${family.padEnd(14)} ${String(lines.length).padStart(4)} sequences`);
}

export async function recordPostgres(): Promise<void> {
  mkdirSync(target, { recursive: true });
  await withPostgres(async (server) => {
    const control = await Connection.open(server.socket);
    for (const [family, sequences] of Object.entries(FAMILIES)) {
      const recorded: GoldenSequence[] = [];
      for (const sequence of sequences) {
        recorded.push(await record(server.socket, control, sequence));
      }
      write(family, recorded);
    }
    control.close();
    write('crash', await recordCrash(server));
  });
}

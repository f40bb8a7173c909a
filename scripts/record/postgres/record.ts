/**
 * Records what a real PostgreSQL answers: starts a server of its own, plays every sequence, and
 * writes test/golden/postgres/*.jsonl. The simulated PostgreSQL must answer the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../../src/real/servers/postgres.js';
import { Connection } from './connection.js';
import { recordCrash } from './crash.js';
import type { GoldenHeader, GoldenSequence } from './format.js';
import { randomSequence } from './random.js';
import { record } from './recorder.js';
import type { Sequence } from './sequence.js';
import { ADVISORY_WAITS } from './sequences/advisory.js';
import { CHANGES } from './sequences/changes.js';
import { DEADLOCKS } from './sequences/deadlocks.js';
import { EXPRESSIONS } from './sequences/expressions.js';
import { INSERTS } from './sequences/inserts.js';
import { LOCKS } from './sequences/locks.js';
import { QUERIES } from './sequences/queries.js';
import { QUEUES } from './sequences/queues.js';
import { RECHECKS } from './sequences/rechecks.js';
import { KEY_SHARES, ROW_LOCKS, STATEMENTS_AGAINST_LOCKS } from './sequences/row-locks.js';
import { TABLES } from './sequences/tables.js';
import { MESSAGES, TABLE_LOCKS, TIMEOUTS } from './sequences/timeouts.js';
import { ADVISORY, SEQUENCES, SETTINGS, TRANSACTIONS } from './sequences/transactions.js';

const RANDOM_SEQUENCES = 110;

const FAMILIES: Readonly<Record<string, readonly Sequence[]>> = {
  expressions: EXPRESSIONS,
  statements: [...TABLES, ...CHANGES, ...QUERIES],
  transactions: [...TRANSACTIONS, ...SETTINGS, ...SEQUENCES, ...ADVISORY],
  'row-locks': [...ROW_LOCKS, ...STATEMENTS_AGAINST_LOCKS, ...KEY_SHARES],
  blocking: [...RECHECKS, ...QUEUES, ...INSERTS],
  waits: [...ADVISORY_WAITS, ...DEADLOCKS, ...TIMEOUTS, ...TABLE_LOCKS, ...MESSAGES],
  locks: LOCKS,
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

const target = fileURLToPath(new URL('../../../test/golden/postgres/', import.meta.url));

function write(version: string, family: string, lines: readonly GoldenSequence[]): void {
  const header: GoldenHeader = { format: 1, server: `postgres ${version}`, family };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${target}${family}.jsonl`, text);
  console.log(`${family.padEnd(14)} ${String(lines.length).padStart(4)} sequences`);
}

export async function recordPostgres(): Promise<void> {
  mkdirSync(target, { recursive: true });
  const server = await startPostgres();
  try {
    const { socket, version } = server;
    const control = await Connection.open(socket);
    for (const [family, sequences] of Object.entries(FAMILIES)) {
      const recorded: GoldenSequence[] = [];
      for (const sequence of sequences) recorded.push(await record(socket, control, sequence));
      write(version, family, recorded);
    }
    control.close();
    write(version, 'crash', await recordCrash(server));
  } finally {
    await server.stop();
  }
}

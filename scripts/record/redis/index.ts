/**
 * Records what a real Redis answers: starts a redis-server of its own, plays every sequence, and
 * writes test/golden/redis.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../../../src/real/servers/redis.js';
import { listCommands } from './commands.js';
import { Connection } from './connection.js';
import type { GoldenHeader, GoldenSequence } from './format.js';
import { randomSequence } from './generator.js';
import { record } from './recorder.js';
import { SCRIPTS } from './script-sequences.js';
import type { Sequence } from './sequence.js';
import { BLOCKING } from './sequences/blocking.js';
import { BUILT_IN_LOCKS } from './sequences/built-in-locks.js';
import { COLLECTION_LOCKS } from './sequences/collection-locks.js';
import { HASHES, SETS } from './sequences/collections.js';
import { COUNTERS } from './sequences/counters.js';
import { EXPIRY } from './sequences/expiry.js';
import { KEYS } from './sequences/keys.js';
import { LISTS } from './sequences/lists.js';
import { LOCKS } from './sequences/locks.js';
import { PUBSUB } from './sequences/pubsub.js';
import { REDISSON } from './sequences/redisson.js';
import { SCRIPTING } from './sequences/scripting.js';
import { SERVER } from './sequences/server.js';
import { SORTED_SETS } from './sequences/sorted-sets.js';
import { STRING_COMMANDS } from './sequences/string-commands.js';
import { STRINGS } from './sequences/strings.js';
import { TRANSACTIONS } from './sequences/transactions.js';
import { provokeErrors } from './server-errors.js';

const RANDOM_SEQUENCES = 260;

const FAMILIES: Readonly<Record<string, readonly Sequence[]>> = {
  strings: [...STRINGS, ...STRING_COMMANDS, ...COUNTERS],
  keys: [...EXPIRY, ...KEYS],
  hashes: HASHES,
  sets: SETS,
  lists: LISTS,
  blocking: BLOCKING,
  'sorted-sets': SORTED_SETS,
  transactions: TRANSACTIONS,
  pubsub: PUBSUB,
  server: SERVER,
  scripting: SCRIPTING,
  scripts: SCRIPTS,
  locks: [...LOCKS, ...BUILT_IN_LOCKS, ...COLLECTION_LOCKS, ...REDISSON],
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

const target = fileURLToPath(new URL('../../../test/golden/redis/', import.meta.url));

function write(version: string, family: string, lines: readonly unknown[], what: string): void {
  const header: GoldenHeader = { format: 1, server: `redis ${version}`, family };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${target}${family}.jsonl`, text);
  console.log(`${family.padEnd(14)} ${String(lines.length).padStart(4)} ${what}`);
}

export async function recordRedis(): Promise<void> {
  mkdirSync(target, { recursive: true });
  const server = await startRedis({ settings: { 'enable-debug-command': 'local' } });
  try {
    const { port, version, folder } = server;
    const control = await Connection.open(port);
    write(version, 'commands', await listCommands(control), 'commands');
    for (const [family, sequences] of Object.entries(FAMILIES)) {
      const recorded: GoldenSequence[] = [];
      for (const sequence of sequences) recorded.push(await record(port, control, sequence));
      write(version, family, recorded, 'sequences');
    }
    const errors = await provokeErrors(port, control, folder);
    write(version, 'server-errors', errors, 'errors');
    control.close();
  } finally {
    await server.stop();
  }
}

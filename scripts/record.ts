/**
 * Records what real servers answer: `npm run record` starts servers of its own, plays every
 * sequence, and writes test/golden. The simulated servers must answer the same. One service alone:
 * `npm run record redis`; of ZooKeeper one family alone: `npm run record zookeeper watches`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listCommands } from './record/commands.js';
import { recordEtcd } from './record/etcd/index.js';
import type { GoldenHeader, GoldenSequence } from './record/format.js';
import { randomSequence } from './record/generator.js';
import { recordPostgres } from './record/postgres/record.js';
import { record } from './record/recorder.js';
import { serverVersion, withRedis } from './record/redis-process.js';
import { SCRIPTS } from './record/script-sequences.js';
import type { Sequence } from './record/sequence.js';
import { BLOCKING } from './record/sequences/blocking.js';
import { BUILT_IN_LOCKS } from './record/sequences/built-in-locks.js';
import { COLLECTION_LOCKS } from './record/sequences/collection-locks.js';
import { HASHES, SETS } from './record/sequences/collections.js';
import { COUNTERS } from './record/sequences/counters.js';
import { EXPIRY } from './record/sequences/expiry.js';
import { KEYS } from './record/sequences/keys.js';
import { LISTS } from './record/sequences/lists.js';
import { LOCKS } from './record/sequences/locks.js';
import { PUBSUB } from './record/sequences/pubsub.js';
import { SCRIPTING } from './record/sequences/scripting.js';
import { SERVER } from './record/sequences/server.js';
import { SORTED_SETS } from './record/sequences/sorted-sets.js';
import { STRING_COMMANDS } from './record/sequences/string-commands.js';
import { STRINGS } from './record/sequences/strings.js';
import { TRANSACTIONS } from './record/sequences/transactions.js';
import { provokeErrors } from './record/server-errors.js';
import { recordZooKeeper } from './record/zookeeper/record.js';

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
  locks: [...LOCKS, ...BUILT_IN_LOCKS, ...COLLECTION_LOCKS],
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

const target = fileURLToPath(new URL('../test/golden/redis/', import.meta.url));

function write(family: string, lines: readonly unknown[], what: string): void {
  const header: GoldenHeader = { format: 1, server: serverVersion(), family };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${target}${family}.jsonl`, text);
  console.log(`${family.padEnd(14)} ${String(lines.length).padStart(4)} ${what}`);
}

function recordRedis(): Promise<void> {
  mkdirSync(target, { recursive: true });
  return withRedis(async (port, control, folder) => {
    write('commands', await listCommands(control), 'commands');
    for (const [family, sequences] of Object.entries(FAMILIES)) {
      const recorded: GoldenSequence[] = [];
      for (const sequence of sequences) recorded.push(await record(port, control, sequence));
      write(family, recorded, 'sequences');
    }
    write('server-errors', await provokeErrors(port, control, folder), 'errors');
  });
}

const RECORDERS = {
  redis: recordRedis,
  etcd: recordEtcd,
  postgres: recordPostgres,
  zookeeper: recordZooKeeper,
} as const;
const [only, family] = process.argv.slice(2);
if (only !== undefined && !Object.hasOwn(RECORDERS, only)) {
  throw new Error(`${only} is not recorded; known are ${Object.keys(RECORDERS).join(', ')}`);
}
for (const [service, record] of Object.entries(RECORDERS)) {
  if (only === undefined || only === service) await record(family);
}

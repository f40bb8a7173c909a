/**
 * Records what a real Redis answers: `npm run record` starts a redis-server of its own, plays every
 * sequence, and writes test/golden/redis/*.jsonl. The simulated Redis must answer the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connection } from './record/connection.js';
import type { GoldenHeader } from './record/format.js';
import { randomSequence } from './record/generator.js';
import { record } from './record/recorder.js';
import { serverVersion, withRedis } from './record/redis-process.js';
import type { Sequence } from './record/sequence.js';
import { HASHES, SETS } from './record/sequences/collections.js';
import { KEYS } from './record/sequences/keys.js';
import { BLOCKING, LISTS } from './record/sequences/lists.js';
import { LOCKS } from './record/sequences/locks.js';
import { SCRIPTING } from './record/sequences/scripting.js';
import { PUBSUB, SERVER, TRANSACTIONS } from './record/sequences/sessions.js';
import { SORTED_SETS } from './record/sequences/sorted-sets.js';
import { STRINGS } from './record/sequences/strings.js';

const RANDOM_SEQUENCES = 260;

const FAMILIES: Readonly<Record<string, readonly Sequence[]>> = {
  strings: STRINGS,
  keys: KEYS,
  hashes: HASHES,
  sets: SETS,
  lists: LISTS,
  blocking: BLOCKING,
  'sorted-sets': SORTED_SETS,
  transactions: TRANSACTIONS,
  pubsub: PUBSUB,
  server: SERVER,
  scripting: SCRIPTING,
  locks: LOCKS,
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

const folder = fileURLToPath(new URL('../test/golden/redis/', import.meta.url));

async function recordFamily(
  family: string,
  sequences: readonly Sequence[],
  port: number,
  control: Connection,
): Promise<void> {
  const header: GoldenHeader = { format: 1, server: serverVersion(), family };
  const lines: unknown[] = [header];
  for (const sequence of sequences) lines.push(await record(port, control, sequence));
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${folder}${family}.jsonl`, text);
  console.log(`${family.padEnd(14)} ${String(sequences.length).padStart(4)} sequences`);
}

mkdirSync(folder, { recursive: true });
await withRedis(async (port, control) => {
  for (const [family, sequences] of Object.entries(FAMILIES)) {
    await recordFamily(family, sequences, port, control);
  }
});

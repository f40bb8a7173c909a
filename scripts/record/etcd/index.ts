/**
 * Records what a real etcd answers: starts servers of its own, plays every sequence, and writes
 * test/golden/etcd/*.jsonl. The simulated etcd must answer the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { programOf } from '../../../src/real/servers/available.js';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import { measureExpiry } from './expiry-delays.js';
import { CLUSTER } from './families/cluster.js';
import { COMPACTION } from './families/compaction.js';
import { KEYS } from './families/keys.js';
import { LEASES } from './families/leases.js';
import { RECIPES } from './families/recipes.js';
import { TIMED } from './families/timed.js';
import { TXNS } from './families/txns.js';
import { WATCHES } from './families/watches.js';
import type { GoldenHeader, GoldenSequence } from './format.js';
import { randomSequence } from './generator.js';
import { empty, record } from './recorder.js';
import type { Sequence } from './sequence.js';

const RANDOM_SEQUENCES = 160;

/** Played one after the other on one server that is emptied in between. */
const ON_ONE_SERVER: Readonly<Record<string, readonly Sequence[]>> = {
  keys: KEYS,
  txns: TXNS,
  leases: LEASES,
  watches: WATCHES,
  recipes: RECIPES,
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

/** Each on a cluster of its own: they wait, are stopped, or depend on what came before. */
const ON_THEIR_OWN: readonly (readonly [string, readonly Sequence[], 1 | 3, together: number])[] = [
  ['compaction', COMPACTION, 1, 2],
  ['timed', TIMED, 1, 6],
  ['cluster', CLUSTER, 3, 2],
];

const target = fileURLToPath(new URL('../../../test/golden/etcd/', import.meta.url));

function write(family: string, members: 1 | 3, lines: readonly unknown[]): void {
  const header: GoldenHeader = {
    format: 1,
    server: `etcd ${programOf('etcd').version}`,
    family,
    members,
  };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${target}${family}.jsonl`, text);
  console.log(`etcd ${family.padEnd(14)} ${String(lines.length).padStart(4)} sequences`);
}

/** Lends a cluster, with elections as they are unless somebody sets them. */
async function withEtcd<T>(
  members: 1 | 3,
  use: (members: readonly RealServer[]) => Promise<T>,
): Promise<T> {
  const cluster = await startEtcd({ members, heartbeatMs: 100, electionMs: 1_000 });
  try {
    return await use(cluster.members);
  } finally {
    await cluster.stop();
  }
}

/** Makes all, so many at a time; answers in their order. */
async function together<A, B>(
  count: number,
  items: readonly A[],
  make: (item: A) => Promise<B>,
): Promise<B[]> {
  const made: B[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) {
      made[index] = await make(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: count }, work));
  return made;
}

export async function recordEtcd(): Promise<void> {
  mkdirSync(target, { recursive: true });
  await withEtcd(1, async (members) => {
    for (const [family, sequences] of Object.entries(ON_ONE_SERVER)) {
      const recorded: GoldenSequence[] = [];
      for (const sequence of sequences) {
        recorded.push(await record(members, sequence, await empty(members[0]!)));
      }
      write(family, 1, recorded);
    }
    await empty(members[0]!);
    write('expiry-delays', 1, await measureExpiry(members[0]!));
  });
  for (const [family, sequences, size, count] of ON_THEIR_OWN) {
    const alone = (sequence: Sequence) => withEtcd(size, (members) => record(members, sequence, 1));
    write(family, size, await together(count, sequences, alone));
  }
}

/**
 * Records what a real ZooKeeper answers: starts servers of its own, plays every sequence, and
 * writes test/golden/zookeeper/*.jsonl. The simulated ZooKeeper must answer the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { programOf } from '../../../src/real/servers/available.js';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { withEnsemble } from './ensemble.js';
import type { GoldenHeader, GoldenSequence } from './format.js';
import { RealServer, record } from './recorder.js';
import type { Sequence } from './sequence.js';
import { CONTAINERS } from './sequences/containers.js';
import { CREATE } from './sequences/create.js';
import { ENSEMBLE } from './sequences/ensemble.js';
import { EXPIRY } from './sequences/expiry.js';
import { LOCKS } from './sequences/locks.js';
import { MULTI } from './sequences/multi.js';
import { PATH_ERRORS } from './sequences/paths.js';
import { randomSequence } from './sequences/random.js';
import { RECONNECTS } from './sequences/reconnects.js';
import { ROOT } from './sequences/root.js';
import { VERSIONS } from './sequences/versions.js';
import { WATCHES } from './sequences/watches.js';

const RANDOM_SEQUENCES = 160;

/** The longest session is one of 20 ticks, unless somebody sets it. */
interface Settings {
  readonly tickTimeMs: number;
  readonly containerCheckIntervalMs: number;
  readonly maxSessionTimeoutMs: number;
}

const USUAL: Settings = {
  tickTimeMs: 2_000,
  containerCheckIntervalMs: 60_000,
  maxSessionTimeoutMs: 40_000,
};
const TICKING: Settings = { ...USUAL, tickTimeMs: 100, maxSessionTimeoutMs: 60_000 };
const REAPING: Settings = { ...USUAL, containerCheckIntervalMs: 400 };
const TOGETHER = { ...USUAL, tickTimeMs: 500, maxSessionTimeoutMs: 10_000, syncLimit: 10 };

const FAMILIES: Readonly<Record<string, readonly Sequence[]>> = {
  create: CREATE,
  paths: PATH_ERRORS,
  versions: VERSIONS,
  multi: MULTI,
  watches: WATCHES,
  reconnects: RECONNECTS,
  locks: LOCKS,
  random: Array.from({ length: RANDOM_SEQUENCES }, (_none, index) => randomSequence(index)),
};

const target = fileURLToPath(new URL('../../../test/golden/zookeeper/', import.meta.url));

async function play(settings: Settings, sequences: readonly Sequence[], timed = false) {
  const ensemble = await startZooKeeper(settings);
  try {
    const ports = ensemble.servers.map(({ port }) => port);
    const server = await RealServer.open(ports, timed ? settings.tickTimeMs : undefined);
    const recorded: GoldenSequence[] = [];
    for (const sequence of sequences) recorded.push(await record(server, sequence));
    server.close();
    return recorded;
  } finally {
    await ensemble.stop();
  }
}

async function playTogether(sequences: readonly Sequence[]): Promise<GoldenSequence[]> {
  const recorded: GoldenSequence[] = [];
  for (const sequence of sequences) {
    await withEnsemble(TOGETHER, async (ports, cuts) => {
      const server = await RealServer.open(ports, TOGETHER.tickTimeMs, cuts);
      recorded.push(await record(server, sequence));
      server.close();
    });
  }
  return recorded;
}

/** Records all families, or the one named. */
export async function recordZooKeeper(only?: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const { version } = programOf('zookeeper');
  const write = (
    family: string,
    { tickTimeMs, containerCheckIntervalMs }: Settings,
    lines: readonly GoldenSequence[],
    ensemble?: { readonly followers: number; readonly syncLimit: number },
  ) => {
    const options = { tickTimeMs, containerCheckIntervalMs, ...ensemble };
    const header: GoldenHeader = { format: 1, server: `zookeeper ${version}`, family, ...options };
    const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(`${target}${family}.jsonl`, text);
    console.log(`${family.padEnd(14)} ${String(lines.length).padStart(4)} sequences`);
  };
  const wanted = (family: string) => only === undefined || only === family;
  for (const [family, sequences] of Object.entries(FAMILIES)) {
    if (wanted(family)) write(family, USUAL, await play(USUAL, sequences));
  }
  if (wanted('root')) {
    const root: GoldenSequence[] = [];
    for (const sequence of ROOT) root.push(...(await play(USUAL, [sequence])));
    write('root', USUAL, root);
  }
  if (wanted('containers')) write('containers', REAPING, await play(REAPING, CONTAINERS));
  if (wanted('expiry')) write('expiry', TICKING, await play(TICKING, EXPIRY, true));
  if (wanted('ensemble')) {
    const ensemble = { followers: 2, syncLimit: TOGETHER.syncLimit };
    write('ensemble', TOGETHER, await playTogether(ENSEMBLE), ensemble);
  }
}

/**
 * Records what a real ZooKeeper answers: starts servers of its own, plays every sequence, and
 * writes test/golden/zookeeper/*.jsonl. The simulated ZooKeeper must answer the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EnsembleSettings, withEnsemble } from './ensemble-process.js';
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
import { type ServerSettings, serverVersion, withZooKeeper } from './zookeeper-process.js';

const RANDOM_SEQUENCES = 160;
const USUAL: ServerSettings = { tickTimeMs: 2000, containerCheckIntervalMs: 60_000 };
const TICKING: ServerSettings = {
  tickTimeMs: 100,
  containerCheckIntervalMs: 60_000,
  maxSessionTimeoutMs: 60_000,
};
const TOGETHER: EnsembleSettings = { tickTimeMs: 500, syncLimit: 10 };
const REAPING: ServerSettings = { tickTimeMs: 2000, containerCheckIntervalMs: 400 };

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

async function play(settings: ServerSettings, sequences: readonly Sequence[], timed = false) {
  return withZooKeeper(settings, async (port) => {
    const server = await RealServer.open([port], timed ? settings.tickTimeMs : undefined);
    const recorded: GoldenSequence[] = [];
    for (const sequence of sequences) recorded.push(await record(server, sequence));
    server.close();
    return recorded;
  });
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
  const version = serverVersion();
  const write = (
    family: string,
    { tickTimeMs, containerCheckIntervalMs }: ServerSettings,
    lines: readonly GoldenSequence[],
    ensemble?: { readonly followers: number; readonly syncLimit: number },
  ) => {
    const options = { tickTimeMs, containerCheckIntervalMs, ...ensemble };
    const header: GoldenHeader = { format: 1, server: version, family, ...options };
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
    const settings = { ...USUAL, ...TOGETHER };
    const ensemble = { followers: 2, syncLimit: TOGETHER.syncLimit };
    write('ensemble', settings, await playTogether(ENSEMBLE), ensemble);
  }
}

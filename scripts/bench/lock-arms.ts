/**
 * Runs per second of each lock, two clients with three acquisitions each, in a process of its own:
 * a campaign has one lock, and code that runs several becomes slower for all of them.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { locks } from '../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { SEMI_SPACE_MB } from '../../src/host/heap.js';
import type { Service } from '../../src/service.js';
import { type Figure, summarize } from './arm.js';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('./lock-child.js', import.meta.url));
/** As in the thread of a campaign. */
const HEAP = `--max-semi-space-size=${SEMI_SPACE_MB}`;

/** What one measurement of a lock says. */
export interface LockSpeed {
  readonly runsPerS: readonly number[];
  /** Of each client. */
  readonly operations: number;
  readonly eventsPerRun: number;
  /** Share of each kind of event, in words. */
  readonly shares: string;
  /** Nested ones, and those of the probe, among them. */
  readonly acquisitionsPerRun: number;
}

/** Least runs per second, by the service a lock uses; locks of several Redis servers have less. */
const LEAST: Readonly<Record<Service, number>> = {
  redis: 3_000,
  etcd: 1_500,
  postgres: 1_000,
  zookeeper: 1_500,
};
const LEAST_OF_SEVERAL = 700;
const LEAST_OF_SET_NX = 5_000;

export async function lockFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const lock of locks.filter(({ flaw }) => flaw === undefined)) {
    const { stdout } = await run(process.execPath, [HEAP, CHILD, lock.name]);
    const speed = JSON.parse(stdout) as LockSpeed;
    const { runsPerS, operations, acquisitionsPerRun, eventsPerRun, shares } = speed;
    const workload =
      `${lock.name}, 2 clients × ${operations} operations, ` +
      `${acquisitionsPerRun.toFixed(1)} acquisitions a run, every fault class, all checkers, ` +
      `${eventsPerRun.toFixed(0)} events a run; ${shares}`;
    const atLeast = leastOf(lock);
    const text = `≥ ${atLeast.toLocaleString('en')}`;
    figures.push(summarize('search', 'runs/s', runsPerS, workload, { text, atLeast }));
  }
  return figures;
}

function leastOf({ name, services }: LockAlgorithm): number {
  if (name === 'set-nx') return LEAST_OF_SET_NX;
  const [[service, count] = ['redis', 1]] = Object.entries(services);
  return count === 1 ? LEAST[service as Service] : LEAST_OF_SEVERAL;
}

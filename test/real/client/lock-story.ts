/** Two clients that want one lock, on a real server: what every lock must show there. */
import { expect } from 'vitest';
import { locks } from '../../../src/algorithms/index.js';
import type { Grant, Lock, LockAlgorithm } from '../../../src/algorithms/lock.js';
import { resolveOptions } from '../../../src/algorithms/options.js';
import { serversOf } from '../../../src/search/resolve-scenario.js';
import type { Service } from '../../../src/service.js';
import { create } from '../../algorithms/granted.js';
import { openClient, type RealClient, type RealService } from './real-arm.js';

const TTL_MS = 10_000;
const ROUNDS = 10;
const RETRY_MS = 10;

/** Nothing here waits for so long. */
const WAIT_MS = 30_000;

/** The locks of a service that are not wrong on purpose. */
export function soundLocks(service: Service): readonly LockAlgorithm[] {
  return locks.filter(({ services, flaw }) => services[service] !== undefined && !flaw);
}

/** How many servers a lock uses with its default options. */
export function serverCount(algorithm: LockAlgorithm): number {
  return serversOf(algorithm, resolveOptions(algorithm, {})).length;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Some locks do not wait: then this does. */
async function granted(lock: Lock, key: string, waitMs: number): Promise<Grant> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const answer = await lock.acquire(key, { ttlMs: TTL_MS, waitMs });
    if (answer.granted) return answer;
    if (performance.now() >= untilMs) throw new Error(`refused: ${answer.reason}`);
    await sleep(RETRY_MS);
  }
}

/**
 * Who holds it holds it alone, a release hands over to who waits, and many rounds of both never
 * have two inside.
 */
export async function expectToExclude(
  service: RealService,
  algorithm: LockAlgorithm,
): Promise<void> {
  // A lock that several may hold at a time excludes if there is one permit of it.
  const options = 'permits' in algorithm.options ? { permits: 1 } : {};
  await service.clear(algorithm.schema);
  const open = (client: string) => openClient(service, client, serverCount(algorithm));
  const clients = [await open('A'), await open('B')] as const;
  try {
    const [a, b] = [
      create(algorithm, clients[0].env, options),
      create(algorithm, clients[1].env, options),
    ];
    await handsOver(a, b);
    await contends([a, b]);
    expectNothingThrown(clients);
  } finally {
    await Promise.all(clients.map(({ close }) => close()));
  }
}

async function handsOver(a: Lock, b: Lock): Promise<void> {
  const first = await granted(a, 'job', 0);
  expect(await b.acquire('job', { ttlMs: TTL_MS, waitMs: 0 })).toMatchObject({ granted: false });
  let isReleased = false;
  const next = granted(b, 'job', WAIT_MS).then((grant) => ({ grant, isReleased }));
  await sleep(100);
  isReleased = true;
  expect(await first.release()).toBe(true);
  const second = await next;
  expect(second.isReleased).toBe(true);
  if (first.fencingToken !== undefined) {
    expect(second.grant.fencingToken).toBeGreaterThan(first.fencingToken);
  }
  expect(await second.grant.release()).toBe(true);
}

async function contends(locks: readonly Lock[]): Promise<void> {
  let inside = 0;
  let rounds = 0;
  await Promise.all(
    locks.map(async (lock) => {
      for (let round = 0; round < ROUNDS; round++) {
        const grant = await granted(lock, 'contended', WAIT_MS);
        inside += 1;
        await sleep(1);
        expect(inside).toBe(1);
        inside -= 1;
        rounds += 1;
        await grant.release();
      }
    }),
  );
  expect(rounds).toBe(locks.length * ROUNDS);
}

function expectNothingThrown(clients: readonly RealClient[]): void {
  for (const { calls } of clients) expect(calls.thrown).toEqual([]);
}

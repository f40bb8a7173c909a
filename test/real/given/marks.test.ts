/**
 * On servers that others use too, all that a lock makes has to bear the mark that its key begins
 * with: what does not would be left there. Held for every built-in lock, under all faults, by
 * looking at what the simulated servers are told to keep.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { locks } from '../../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import { resolvePlan } from '../../../src/search/plan.js';
import { seedKey } from '../../../src/seed-key.js';
import type { Service } from '../../../src/service.js';
import { Store } from '../../../src/sim/servers/etcd/store.js';
import { Keyspace } from '../../../src/sim/servers/redis/keyspace.js';
import { PubSub } from '../../../src/sim/servers/redis/pubsub.js';
import { DataTree } from '../../../src/sim/servers/zookeeper/data-tree.js';
import { DEFAULT_WORKLOAD, workloads } from '../../../src/workloads/index.js';
import { search } from '../../search/port.js';

const MARK = 'hf-0123abcd';
const RUNS = 10;

/** Names of all that servers were told to keep, or to tell others. */
const named = new Set<string>();
const note = (name: string) => void named.add(name);

function watchServers(): void {
  const { put } = Keyspace.prototype;
  vi.spyOn(Keyspace.prototype, 'put').mockImplementation(function (this: Keyspace, ...args) {
    note(args[0]);
    return put.apply(this, args);
  });
  const { publish, subscribe } = PubSub.prototype;
  vi.spyOn(PubSub.prototype, 'publish').mockImplementation(function (this: PubSub, ...args) {
    note(args[0]);
    return publish.apply(this, args);
  });
  vi.spyOn(PubSub.prototype, 'subscribe').mockImplementation(function (this: PubSub, ...args) {
    note(args[2]);
    return subscribe.apply(this, args);
  });
  const store = Store.prototype.put;
  vi.spyOn(Store.prototype, 'put').mockImplementation(function (this: Store, ...args) {
    note(args[0]);
    return store.apply(this, args);
  });
  const { apply } = DataTree.prototype;
  vi.spyOn(DataTree.prototype, 'apply').mockImplementation(function (this: DataTree, ...args) {
    for (const { type, path } of args[0].changes) if (type.startsWith('create')) note(path);
    return apply.apply(this, args);
  });
}

async function namesOf(algorithm: LockAlgorithm): Promise<readonly string[]> {
  named.clear();
  watchServers();
  const name = algorithm.flaw?.workload ?? DEFAULT_WORKLOAD.name;
  const workload = workloads.find((one) => one.name === name)!;
  const { sectionsEach } = workload;
  const asked = { workload: name, set: {}, ...(sectionsEach && { sectionsEach }) };
  const plan = { ...resolvePlan(algorithm, asked), key: `${MARK}:orders` };
  const request = { key: seedKey('5'), strict: false, checkers: [], workload };
  await search(algorithm, plan, RUNS, request);
  return [...named];
}

afterEach(() => vi.restoreAllMocks());

const on = (...services: readonly Service[]) =>
  locks
    .filter((lock) => services.some((service) => lock.services[service] !== undefined))
    .map((lock) => [lock.name, lock] as const);

describe('everything bears the mark', () => {
  test.each(on('redis'))('%s: its keys and channels', async (_name, lock) => {
    const names = await namesOf(lock);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !name.includes(MARK))).toEqual([]);
  });

  // Keys of etcd are found by what they begin with.
  test.each(on('etcd'))('%s: its keys', async (_name, lock) => {
    const names = await namesOf(lock);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !name.startsWith(MARK))).toEqual([]);
  });

  // Of ZooKeeper the children of the root are looked at.
  test.each(on('zookeeper'))('%s: its paths', async (_name, lock) => {
    const names = await namesOf(lock);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !name.startsWith(`/${MARK}`))).toEqual([]);
  });
});

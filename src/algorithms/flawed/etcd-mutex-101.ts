/**
 * Flaw: who waits looks for older keys that begin with the lock's name, and not with the name and a
 * slash: keys of longer names stand in its way too, and nobody deletes them. Here it is a note that
 * each holder leaves beside the lock. The first to ask is granted the lock, the others never.
 */
import { inBackground } from '../call-failure.js';
import { ETCD_LOCK_OPTIONS, EtcdLock } from '../etcd-lock.js';
import { enqueueBlindly } from '../etcd-queue.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'etcd-mutex-101',
  summary: 'The etcd mutex that waits for keys of longer names, which nobody deletes.',
  source:
    'etcd-io/etcd#6278, fixed by etcd-io/etcd commit 9497e967 in 2016: ' +
    'clientv3/concurrency/mutex.go, election.go',
  services: { etcd: 1 },
  options: ETCD_LOCK_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'progress', faults: ['interleaving'], runs: 1_000 },
  fixedBy: 'etcd-mutex',
  create(environment, options) {
    const lock = new EtcdLock(environment, options, {
      looksAfterWaiting: true,
      hearsDone: true,
      enqueue: (context, name, lease) => enqueueBlindly(context, name, lease, ''),
      prefixOf: (name) => name,
    });
    return {
      async acquire(key, wanted) {
        const answer = await lock.acquire(key, wanted);
        if (answer.granted) inBackground(environment.etcd[0]!.put(noteOf(key), environment.client));
        return answer;
      },
    };
  },
});

/** Where a holder of the lock writes down who it is. */
export function noteOf(key: string): string {
  return `${key}-holder`;
}

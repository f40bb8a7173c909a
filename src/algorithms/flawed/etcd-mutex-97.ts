/**
 * Flaw: who waits listens to the keys before its own, and not to its session. When that dies it
 * loses its place, and waits on for those who were before it. On a connection that has silently
 * died, as its client knows by then, nobody tells it that they have gone: it waits for ever. The
 * wait is without a limit, as with a context that nobody cancels; the request for a place is not.
 */
import { Context } from '../etcd-calls.js';
import { ETCD_LOCK_OPTIONS, EtcdLock } from '../etcd-lock.js';
import { enqueue } from '../etcd-queue.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'etcd-mutex-97',
  summary: 'The etcd mutex that waits on when its session has died.',
  source: 'etcd-io/etcd v3.5: client/v3/concurrency/mutex.go, Lock; etcd-io/etcd#19597, open',
  services: { etcd: 1 },
  options: ETCD_LOCK_OPTIONS,
  declares: { fairness: 'enqueue-order' },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'progress', faults: ['half-open'], runs: 2_000 },
  fixedBy: 'etcd-mutex',
  create(environment, options) {
    const [etcd] = environment.etcd;
    const lock = new EtcdLock(environment, options, {
      looksAfterWaiting: true,
      hearsDone: true,
      enqueue: (_, name, lease) =>
        enqueue(Context.of(environment, etcd!, options.requestTimeoutMs), name, lease),
    });
    return { acquire: (key, { ttlMs }) => lock.acquire(key, { ttlMs }) };
  },
});

/**
 * Flaw: whose turn has come is granted the lock, whether its own key is there still or not. A
 * session that died while its client waited has taken the key along. Whoever listened to `Done()`
 * of the session would be told; this holder trusts the answer of `Lock`, as those who were bitten.
 */
import { ETCD_LOCK_OPTIONS, EtcdLock } from '../etcd-lock.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'etcd-mutex-before-3.5',
  summary: 'The etcd mutex that grants after a wait without a look at its own key.',
  source:
    'etcd-io/etcd v3.4: clientv3/concurrency/mutex.go; etcd-io/etcd#11456; Jepsen, "etcd 3.4.3", ' +
    '2020, https://jepsen.io/analyses/etcd-3.4.3',
  services: { etcd: 1 },
  options: ETCD_LOCK_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause', 'partition'],
    runs: 2_000,
  },
  fixedBy: 'etcd-mutex',
  create: (environment, options) =>
    new EtcdLock(environment, options, { looksAfterWaiting: false, hearsDone: false }),
});

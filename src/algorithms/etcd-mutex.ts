/**
 * The mutex of etcd's Go client since 3.5: a queue by create revision. Who has waited looks whether
 * its own key is there still: its session may have died meanwhile. Whoever holds it, or waits with
 * a context to cancel, listens to `Done()` of its session. A holder that is cut off learns of the
 * end of its lease from its own client, which may be late.
 */
import { HOLDER_IS_TOLD, LEFT_TO_LEASE, TOLD_BY_CLIENT, UNGUARDED } from './etcd-claims.js';
import { ETCD_LOCK_OPTIONS, EtcdLock } from './etcd-lock.js';
import { defineLock } from './lock.js';

export default defineLock({
  name: 'etcd-mutex',
  summary:
    'A queue of keys in etcd, by create revision; each lives with the session of its client.',
  source: 'etcd-io/etcd v3.5: client/v3/concurrency/mutex.go, session.go',
  services: { etcd: 1 },
  options: ETCD_LOCK_OPTIONS,
  claims: {
    'mutual-exclusion': HOLDER_IS_TOLD,
    'resource-safety': UNGUARDED,
    ownership: { default: 'holds' },
    leak: LEFT_TO_LEASE,
    progress: { default: 'holds' },
    fairness: { default: 'holds' },
    belief: TOLD_BY_CLIENT,
  },
  declares: { fairness: 'enqueue-order' },
  create: (environment, options) =>
    new EtcdLock(environment, options, {
      looksAfterWaiting: true,
      hearsDone: true,
      endsWithSession: true,
    }),
});

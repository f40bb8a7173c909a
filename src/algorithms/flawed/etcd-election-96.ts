/**
 * Flaw: `Campaign` of etcd's elections still does what the mutex did before 3.5: when all who came
 * earlier have gone, it says that its caller is the leader, whether the caller's own key is there
 * or went with a session that died meanwhile. This leader trusts that answer.
 */
import { ETCD_LOCK_OPTIONS, EtcdLock } from '../etcd-lock.js';
import { enqueueBlindly } from '../etcd-queue.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'etcd-election-96',
  summary: 'An election of etcd, won after a wait without a look at its own key.',
  source:
    'etcd-io/etcd v3.6: client/v3/concurrency/election.go, Campaign and Resign; ' +
    'etcd-io/etcd#19597, open',
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
    new EtcdLock(environment, options, {
      looksAfterWaiting: false,
      hearsDone: false,
      enqueue: (context, lock, lease) => enqueueBlindly(context, lock, lease, environment.client),
      async remove(etcd, { key, revision }) {
        const { succeeded } = await etcd.txn({
          compare: [{ target: 'create', key, result: 'equal', operand: revision }],
          success: [{ type: 'deleteRange', key }],
        });
        return succeeded;
      },
    }),
});

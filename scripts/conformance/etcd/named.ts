/**
 * What the simulated etcd answers otherwise than the real one and always will, and what is not
 * generated at all.
 */
import type { NamedDivergence, Omission } from '../arm.js';

export const NAMED: readonly NamedDivergence[] = [];

export const OMISSIONS: readonly Omission[] = [
  {
    name: 'changes of leader and restarts',
    reason:
      'one member is compared; recordings have three, which are stopped (cluster.jsonl). A real ' +
      'member that was cut off unseats the leader when it is back, unless started with ' +
      '--pre-vote; ours comes back in peace',
  },
  {
    name: 'a put that keeps a value or lease, in a transaction with deletions or inner ones',
    reason: 'etcd 3.4.23 ends with a panic if there is no such key by then (apply.go: applyTxn)',
  },
  {
    name: 'what is left of a lease beside watches',
    reason: 'a step with watches takes tens of milliseconds, and seconds are rounded',
  },
];

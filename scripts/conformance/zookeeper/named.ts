/**
 * What the simulated ZooKeeper answers otherwise than the real one and always will, and what is not
 * generated at all.
 */
import type { NamedDivergence, Omission } from '../arm.js';

export const NAMED: readonly NamedDivergence[] = [];

export const OMISSIONS: readonly Omission[] = [
  {
    name: 'sessions that expire',
    reason:
      'a server looks for them once a tick, and a request has to fall early into one: recordings ' +
      'have them (test/golden/zookeeper/expiry.jsonl)',
  },
  {
    name: 'access without the right to delete',
    reason: 'nobody could clear up after the sequence; recordings have it (root.jsonl)',
  },
  {
    name: 'ensembles',
    reason: 'one server is compared; recordings have three, with cuts (ensemble.jsonl)',
  },
];

/** Which locks count on the replicas of their servers: without these nothing is said of them. */
import { findLock } from '../../algorithms/index.js';
import type { Scenario } from '../../scenario.js';
import type { ClientJob } from '../client/job.js';

/** A lock of a file is known to do so only by a second replica: one is what all servers have. */
export function isReplicated(lock: ClientJob['lock'], { servers }: Scenario): boolean {
  if ('name' in lock && findLock(lock.name)?.replicas !== undefined) return true;
  return servers.some(({ replicaLagUs }) => replicaLagUs.length > 1);
}

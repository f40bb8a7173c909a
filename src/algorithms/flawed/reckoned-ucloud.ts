/** UCloud's lock, whose holder counts one TTL from the call of every acquire and renewal. */
import type { Environment } from '../environment.js';
import type { Lock } from '../lock.js';
import type { UCloudLocks } from '../ucloud-best-effort.js';
import { ReckonedGrant } from './reckoned-grant.js';

export function reckonedUCloud(environment: Environment, lock: UCloudLocks): Lock {
  return {
    async acquire(key, wanted) {
      const answer = await lock.acquire(key, wanted);
      if (!answer.granted) return answer;
      return new ReckonedGrant(
        environment,
        answer,
        answer.calledAtMs + wanted.ttlMs,
        (calledAtMs, _heard, ttlMs) => calledAtMs + ttlMs,
      );
    },
  };
}

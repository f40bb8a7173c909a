/**
 * Renewal in the background while a grant is held. Renewing never outlives the grant: it stops at
 * release, at a reply that says lost, and at the local deadline, whichever is first. Watchdogs that
 * went on renewing after the release have kept locks for ever (redisson/redisson, lock watchdog).
 */

import { isCallFailure } from './call-failure.js';
import type { Environment } from './environment.js';
import type { KeyGrant } from './key-server.js';

export interface KeepAliveOptions {
  /** From one confirmed renewal to the next, in milliseconds. */
  readonly everyMs: number;
  /** From a failed renewal to the next try, in milliseconds. */
  readonly retryMs: number;
}

/** Renews the grant, one request at a time, until it is over. */
export function keepAlive(
  environment: Environment,
  grant: KeyGrant,
  options: KeepAliveOptions,
): void {
  let cancel: () => void = () => {};
  const renewIn = (delayMs: number): void => {
    if (grant.deadline.over) return;
    cancel = environment.after(delayMs, () => void renew());
  };
  const renew = async (): Promise<void> => {
    try {
      await grant.renew(grant.ttlMs);
      renewIn(options.everyMs);
    } catch (error) {
      if (!isCallFailure(error)) throw error;
      renewIn(options.retryMs);
    }
  };
  grant.deadline.onOver = () => cancel();
  renewIn(options.everyMs);
}

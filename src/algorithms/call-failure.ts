/**
 * How a call to a server may fail, and what the failure says about the request: that decides
 * whether a lock has something to clean up.
 */
import { CallTimeout, ConnectionLost, ReplyError } from './environment.js';
import { EtcdError } from './etcd.js';
import { PostgresError } from './postgres.js';
import { ZooKeeperError } from './zookeeper.js';

/** A server applied a write that too few of its replicas have. */
export class NotReplicated extends Error {
  override readonly name = 'NotReplicated';
  constructor(acknowledged: number, needed: number) {
    super(`${acknowledged} replicas have the write, ${needed} must`);
  }
}

export type CallFailure =
  | ReplyError
  | EtcdError
  | PostgresError
  | ZooKeeperError
  | ConnectionLost
  | CallTimeout
  | NotReplicated;

/** Whether a call failed in a way that a lock expects; anything else is a mistake in its code. */
export function isCallFailure(error: unknown): error is CallFailure {
  return (
    error instanceof ReplyError ||
    error instanceof EtcdError ||
    error instanceof PostgresError ||
    error instanceof ZooKeeperError ||
    error instanceof ConnectionLost ||
    error instanceof CallTimeout ||
    error instanceof NotReplicated
  );
}

/** Whether the server may have carried out the request that ended in this error, or still may. */
export function mayHaveBeenApplied(error: unknown): boolean {
  if (error instanceof NotReplicated) return true;
  if (error instanceof EtcdError || error instanceof ZooKeeperError) return !error.refused;
  return (error instanceof ConnectionLost && error.sent) || error instanceof CallTimeout;
}

/** Lets a request go on by itself: its outcome is nobody's concern, but a mistake still shows. */
export function inBackground(request: Promise<unknown>): void {
  request.catch((error: unknown) => {
    if (!isCallFailure(error)) throw error;
  });
}

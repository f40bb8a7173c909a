/**
 * Replies of the Redis protocol (RESP2) as values. A number is an integer reply, a string a bulk
 * reply, `null` the nil reply; a status and an error have a class of their own, because clients and
 * scripts treat them differently.
 */

/** A status reply: `+OK`. */
export class Status {
  constructor(readonly text: string) {}
}

/** An error reply: `-WRONGTYPE Operation against a key holding the wrong kind of value`. */
export class RedisError {
  constructor(readonly text: string) {}
}

export type Reply = number | string | null | Status | RedisError | readonly Reply[];

export const OK = new Status('OK');
export const QUEUED = new Status('QUEUED');
export const PONG = new Status('PONG');

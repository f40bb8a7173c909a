/** Errors that a reachable Redis server gives for a while to a client that would write. */
import { LOADING, MISCONF, OOM, READONLY } from '../sim/servers/redis/errors.js';

export const SERVER_ERRORS: readonly string[] = [LOADING, READONLY, OOM, MISCONF].map(
  ({ text }) => text,
);

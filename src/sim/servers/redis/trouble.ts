/**
 * The errors of a server in trouble, as Redis 7.0.15 words them (`server.c: createSharedObjects`).
 * The model answers none of them of its own accord: a fault injects them.
 */
import { RedisError } from './reply.js';

export const LOADING = new RedisError('LOADING Redis is loading the dataset in memory');
export const READONLY = new RedisError("READONLY You can't write against a read only replica.");
export const MASTERDOWN = new RedisError(
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
);
export const OOM = new RedisError("OOM command not allowed when used memory > 'maxmemory'.");
export const NOREPLICAS = new RedisError('NOREPLICAS Not enough good replicas to write.');
export const MISCONF = new RedisError(
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to " +
    'disk. Commands that may modify the data set are disabled, because this instance is ' +
    'configured to report errors during writes if RDB snapshotting fails ' +
    '(stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB ' +
    'error.',
);
export const CLUSTERDOWN = new RedisError('CLUSTERDOWN The cluster is down');

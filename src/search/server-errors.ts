/**
 * Errors that a reachable server gives for a while to a client that would write, by service: a
 * Redis that loads, is a replica, or is out of memory or disk; an etcd that finds no majority in
 * time, or has too much to do; a PostgreSQL that goes down, or is short of something; a ZooKeeper
 * that is overloaded, or has no leader.
 */
import type { Service } from '../service.js';
import { REQUEST_TIMED_OUT, TOO_MANY_REQUESTS } from '../sim/servers/etcd/errors.js';
import { REFUSALS } from '../sim/servers/postgres/refusals.js';
import { LOADING, MISCONF, OOM, READONLY } from '../sim/servers/redis/trouble.js';
import { NOT_RUNNING, THROTTLED } from '../sim/services/zookeeper-errors.js';

function texts(errors: readonly { readonly text: string }[]): string[] {
  return errors.map(({ text }) => text);
}

export const SERVER_ERRORS: Readonly<Partial<Record<Service, readonly string[]>>> = {
  redis: texts([LOADING, READONLY, OOM, MISCONF]),
  etcd: texts([REQUEST_TIMED_OUT, TOO_MANY_REQUESTS]),
  postgres: [...REFUSALS.keys()],
  zookeeper: [THROTTLED, NOT_RUNNING],
};

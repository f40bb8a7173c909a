/** The published failures, in the order of their numbers. */
import type { PublishedFailure } from '../failure.js';
import { clientFailures } from './clients.js';
import { designFailures } from './designs.js';
import { etcdFailures } from './etcd.js';
import { redissonFailures } from './redisson.js';
import { sqlFailures } from './sql.js';
import { zookeeperFailures } from './zookeeper.js';

export const publishedFailures: readonly PublishedFailure[] = [
  ...designFailures,
  ...clientFailures,
  ...etcdFailures,
  ...redissonFailures,
  ...zookeeperFailures,
  ...sqlFailures,
].sort((a, b) => a.number - b.number);

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

/** Those that a command line names by number, all if it names none. */
export function chosen(words: readonly string[]): readonly PublishedFailure[] {
  if (words.length === 0) return publishedFailures;
  return words.map((word) => {
    const found = publishedFailures.find(({ number }) => String(number) === word);
    if (found !== undefined) return found;
    const all = publishedFailures.map(({ number }) => number).join(', ');
    throw new RangeError(`there is no published failure ${word}; there are ${all}`);
  });
}

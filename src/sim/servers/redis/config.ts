/**
 * The configuration parameters that locks and their clients look at, as CONFIG GET shows them. Only
 * `notify-keyspace-events` can be set.
 */
import { formatEventClasses } from './notifications.js';
import type { RedisServerOptions } from './port.js';

export class Config {
  /** Classes of keyspace events that are published, as bits. */
  events = 0;

  constructor(private readonly options: RedisServerOptions) {}

  /** Parameters and their values, in the order of the alphabet. */
  parameters(): readonly (readonly [string, string])[] {
    const { persistence } = this.options;
    return [
      ['appendfsync', persistence === 'always' ? 'always' : 'everysec'],
      ['appendonly', persistence === 'none' ? 'no' : 'yes'],
      ['databases', '16'],
      ['maxmemory', '0'],
      ['maxmemory-policy', 'noeviction'],
      ['min-replicas-to-write', '0'],
      ['notify-keyspace-events', formatEventClasses(this.events)],
      ['save', ''],
      ['timeout', '0'],
    ];
  }
}

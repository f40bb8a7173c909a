/**
 * Whether a server that the user named can be used: one look before anything else happens. What is
 * in the way is said in one sentence, with what helps; nothing is left there.
 */
import type { ServerAddress } from './address.js';
import { isWithin, rangeInWords, VERSIONS } from './available.js';
import { Obstacle } from './obstacle.js';
import { probeEtcd } from './probe/etcd.js';
import { probePostgres } from './probe/postgres.js';
import { probeRedis } from './probe/redis.js';
import { probeZooKeeper } from './probe/zookeeper.js';
import { ServerTrouble } from './trouble.js';

/** What a look found out. */
export interface Found {
  readonly version: string;
  /** Tells its process from others, by whatever address it was found. */
  readonly identity?: string | undefined;
}

/** Looks at a server: its version, or an Obstacle. */
export type Probe = (address: ServerAddress, limitMs: number) => Promise<Found>;

const PROBES: Readonly<Record<ServerAddress['service'], Probe>> = {
  redis: probeRedis,
  postgres: probePostgres,
  etcd: probeEtcd,
  zookeeper: probeZooKeeper,
};

const LIMIT_MS = 5_000;

/**
 * Resolves with the version of a server that can be used.
 *
 * @throws ServerTrouble that says why it cannot.
 */
export async function probe(address: ServerAddress, limitMs = LIMIT_MS): Promise<Found> {
  const { service, shown } = address;
  try {
    const found = await PROBES[service](address, limitMs);
    const range = VERSIONS[service];
    if (isWithin(found.version, range)) return found;
    const words = rangeInWords(range);
    throw new Obstacle(`is ${service} ${found.version}, which is not supported: it takes ${words}`);
  } catch (error) {
    if (error instanceof Obstacle) throw new ServerTrouble(`${shown} ${error.message}`);
    throw error;
  }
}

/**
 * The environment of a lock in a client process: real time, real connections, and the randomness
 * of the simulated run, so that what it sends is the same to the last byte.
 */
import type { Environment, RedisConnection } from '../../algorithms/environment.js';
import type { EtcdConnection } from '../../algorithms/etcd-connection.js';
import type { PostgresConnection } from '../../algorithms/postgres-connection.js';
import type { ZooKeeperClient } from '../../algorithms/zookeeper.js';
import { PURPOSE } from '../../random.js';
import { type Service, serviceOf } from '../../service.js';
import { AS_SEEDED } from '../../sim/decisions.js';
import type { OwnerIds } from '../../sim/owner-ids.js';
import { mustBeMs } from '../../sim/services/service-connection.js';
import type { Address } from './client-calls.js';
import type { Connectors } from './connectors.js';
import type { ClientJob } from './job.js';
import type { PoolerAddresses } from './postgres.js';
import type { RealProcess } from './real-process.js';

const RANDOM_RANGE = 0x1_0000_0000;

export class RealEnvironment implements Environment {
  readonly client: string;
  readonly redis: readonly RedisConnection[];
  readonly etcd: readonly EtcdConnection[];
  readonly postgres: readonly PostgresConnection[];
  readonly zookeeper: readonly ZooKeeperClient[];

  constructor(
    private readonly process: RealProcess,
    private readonly ownerIds: OwnerIds,
    { servers, poolers }: Pick<ClientJob, 'servers' | 'poolers'>,
    /** Of the services of these servers. */
    connectors: Connectors,
  ) {
    this.client = process.host.id;
    const of = <T>(service: Service, open: (address: Address) => T): readonly T[] =>
      servers.filter(({ server }) => serviceOf(server) === service).map(open);
    this.redis = of('redis', (address) => connectors.redis!(process, address));
    this.etcd = of('etcd', (address) => connectors.etcd!(process, address));
    this.postgres = of('postgres', (address) => {
      const before = poolers.filter(({ server }) => server === address.server);
      const byMode = Object.fromEntries(before.map((one) => [one.pooler, one])) as PoolerAddresses;
      return connectors.postgres!(process, address, byMode);
    });
    this.zookeeper = of('zookeeper', (address) => connectors.zookeeper!(process, address));
  }

  wallMs(): number {
    this.process.enter();
    return this.process.clock.readWallUs() / 1_000;
  }

  monoMs(): number {
    this.process.enter();
    return this.process.clock.readMonoUs() / 1_000;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { process } = this;
    process.enter();
    const delayUs = delayFrom(ms, 'sleep');
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const onAbort = () => {
        process.cancelTimer(timer);
        resolve();
      };
      const timer = process.setTimer(delayUs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  after(ms: number, callback: () => void): () => void {
    const { process } = this;
    process.enter();
    const timer = process.setTimer(delayFrom(ms, 'after'), callback);
    return () => process.cancelTimer(timer);
  }

  random(): number {
    const { process } = this;
    process.enter();
    const { subject } = process.host;
    return subject.decide(PURPOSE.random, RANDOM_RANGE, AS_SEEDED) / RANDOM_RANGE;
  }

  ownerId(): string {
    const { process } = this;
    process.enter();
    const { operation, operationNumber } = process.host;
    const ownerId = this.ownerIds.next(operation, operationNumber);
    process.issued(ownerId);
    return ownerId;
  }
}

/** A duration in milliseconds as microseconds. */
function delayFrom(ms: number, call: string): number {
  mustBeMs(ms, call);
  return ms <= 0 ? 0 : Math.ceil(ms * 1_000);
}

/**
 * The simulated environment of one client process: what `src/algorithms/environment.ts` promises,
 * bound to one incarnation by closure. A dead process's ghost may still call it: nothing happens,
 * and its promises never settle (docs/semantics.md, R4, R8).
 */
import type { Environment, RedisConnection } from '../algorithms/environment.js';
import type { EtcdConnection } from '../algorithms/etcd-connection.js';
import type { PostgresConnection } from '../algorithms/postgres-connection.js';
import type { ZooKeeperClient } from '../algorithms/zookeeper.js';
import { PURPOSE } from '../random.js';
import { AS_SEEDED } from './decisions.js';
import { OwnerIds } from './owner-ids.js';
import type { Process, Timer } from './process.js';
import { connectionsTo } from './services/hosts.js';
import { mustBeMs, never, type Route } from './services/service-connection.js';

const RANDOM_RANGE = 0x1_0000_0000;

/** Remembers who asked for which owner id, so that a key's value tells whose lease it is. */
export interface Owners {
  issued(ownerId: string, process: Process): void;
}

/** The environment of one process. */
export class SimEnvironment implements Environment {
  readonly client: string;
  private readonly ownerIds: OwnerIds;
  readonly redis: readonly RedisConnection[];
  readonly etcd: readonly EtcdConnection[];
  readonly postgres: readonly PostgresConnection[];
  readonly zookeeper: readonly ZooKeeperClient[];

  constructor(
    private readonly process: Process,
    routes: readonly Route[],
    private readonly owners: Owners,
  ) {
    this.client = process.host.id;
    const { host, incarnation } = process;
    this.ownerIds = new OwnerIds(host.world.decisions.key, host.index + 1, incarnation);
    this.redis = connectionsTo('redis', routes);
    this.etcd = connectionsTo('etcd', routes);
    this.postgres = connectionsTo('postgres', routes);
    this.zookeeper = connectionsTo('zookeeper', routes);
  }

  wallMs(): number {
    const { process } = this;
    process.readClock();
    return process.host.wall.read(process.host.frontierUs) / 1_000;
  }

  monoMs(): number {
    const { process } = this;
    process.readClock();
    return process.host.mono.read(process.host.frontierUs) / 1_000;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { process } = this;
    if (!process.enter()) return never();
    const delayUs = delayFrom(ms, 'sleep');
    if (signal === undefined) {
      return new Promise((resolve) => {
        process.setTimer(delayUs, resolve);
      });
    }
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const onAbort = () => {
        if (timer !== undefined) process.cancelTimer(timer);
        resolve();
      };
      timer = process.setTimer(delayUs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  after(ms: number, callback: () => void): () => void {
    const { process } = this;
    if (!process.enter()) return () => {};
    const timer = process.setTimer(delayFrom(ms, 'after'), callback);
    return () => process.cancelTimer(timer);
  }

  random(): number {
    const { process } = this;
    if (!process.enter()) return 0;
    const answer = process.host.subject.decide(PURPOSE.random, RANDOM_RANGE, AS_SEEDED);
    return answer / RANDOM_RANGE;
  }

  ownerId(): string {
    const { process } = this;
    const { host } = process;
    if (!process.enter()) return '';
    const ownerId = this.ownerIds.next(host.operation, host.operationNumber);
    this.owners.issued(ownerId, process);
    return ownerId;
  }
}

/** A duration in milliseconds as whole microseconds, or ∞, rounded up as timers are. */
function delayFrom(ms: number, call: string): number {
  mustBeMs(ms, call);
  return ms <= 0 ? 0 : Math.ceil(ms * 1_000);
}

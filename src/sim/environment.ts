/**
 * The simulated environment of one client process: what `src/algorithms/environment.ts` promises,
 * bound to one incarnation by closure. A dead process's ghost may still call it: nothing happens,
 * and its promises never settle (docs/semantics.md, R4, R8).
 */
import type { Environment, RedisConnection } from '../algorithms/environment.js';
import type { EtcdConnection } from '../algorithms/etcd-connection.js';
import type { PostgresConnection } from '../algorithms/postgres-connection.js';
import type { ZooKeeperClient } from '../algorithms/zookeeper.js';
import { mix, PURPOSE } from '../random.js';
import { AS_SEEDED } from './decisions.js';
import type { Process, Timer } from './process.js';
import { connectionsTo } from './services/hosts.js';
import { mustBeMs, never, type Route } from './services/service-connection.js';

const RANDOM_RANGE = 0x1_0000_0000;
const OWNER_ID = PURPOSE['owner-id'];

/** Remembers who asked for which owner id, so that a key's value tells whose lease it is. */
export interface Owners {
  issued(ownerId: string, process: Process): void;
}

/** The environment of one process. */
export class SimEnvironment implements Environment {
  readonly client: string;
  /** Tells incarnations apart in owner ids. */
  private readonly suffix: string;
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
    this.suffix = process.incarnation === 1 ? '' : `/${process.incarnation}`;
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
    const { operationNumber } = host;
    const ordinal = this.nextOrdinal(operationNumber);
    const subject = host.index + 1;
    const bits = mix(host.world.decisions.key, subject, OWNER_ID, operationNumber, ordinal);
    const ownerId = `${host.operation}-${ordinal}-${digits(bits)}${this.suffix}`;
    this.owners.issued(ownerId, process);
    return ownerId;
  }

  /** Counts owner ids within each operation, and those outside of any (R6). */
  private nextOrdinal(operation: number): number {
    if (operation === 0) return ++this.issuedOutside;
    if (operation !== this.issuedIn) this.issued = 0;
    this.issuedIn = operation;
    return ++this.issued;
  }
  private issued = 0;
  private issuedIn = 0;
  private issuedOutside = 0;
}

const BASE_32 = '0123456789abcdefghjkmnpqrstvwxyz';
const PAIRS = Array.from({ length: 1_024 }, (_, i) => BASE_32[i >> 5]! + BASE_32[i & 31]!);

/**
 * Six digits of 30 bits. An owner id stays below 13 characters with them, up to where V8 joins
 * strings by copying: a longer one it would have to flatten at the first look into it.
 */
function digits(bits: number): string {
  const high = PAIRS[(bits >>> 22) & 1_023]! + PAIRS[(bits >>> 12) & 1_023]!;
  return high + PAIRS[(bits >>> 2) & 1_023]!;
}

/** A duration in milliseconds as whole microseconds, or ∞, rounded up as timers are. */
function delayFrom(ms: number, call: string): number {
  mustBeMs(ms, call);
  return ms <= 0 ? 0 : Math.ceil(ms * 1_000);
}

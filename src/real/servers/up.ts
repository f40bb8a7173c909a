/**
 * What `holdfast servers up` starts and `down` ends: one group of servers for each service. A group
 * that is whole stays as it is; of one that is not, what is left is ended and it is started anew.
 */
import { SERVICES, type Service, serverNames } from '../../service.js';
import { all } from '../all.js';
import { whatIsMissing } from './available.js';
import { startEtcd } from './etcd.js';
import { type Standing, standing } from './health.js';
import { alone } from './machine-lock.js';
import { startPgBouncer } from './pgbouncer.js';
import { startPostgres } from './postgres.js';
import { startRedis } from './redis.js';
import type { RealServer, ServerEntry } from './server.js';
import { remove, removeOrphans } from './state.js';
import { ServerTrouble } from './trouble.js';
import { startZooKeeper } from './zookeeper.js';

export interface UpRequest {
  /** Named ones have to be there; with none, all that can be started are. */
  readonly services: readonly Service[];
  /** How many Redis servers, besides two replicas of the first. Default 5. */
  readonly redisCount?: number;
}

export interface UpReport {
  readonly started: readonly Service[];
  readonly alreadyUp: readonly Service[];
  /** One sentence each: programs that are not installed, or not of a supported version. */
  readonly missing: readonly string[];
  /** One sentence each: servers that did not start. */
  readonly troubles: readonly string[];
  /** Whether somebody asked by name for what is missing. */
  readonly isNamedMissing: boolean;
  /** What killed tools had left, and is ended now. */
  readonly orphans: readonly ServerEntry[];
}

const REDIS_COUNT = 5;
const REPLICAS = 2;

/** The service that a standing server was started for. */
const groupOf = ({ server: { kind } }: Standing): Service =>
  kind === 'pgbouncer' ? 'postgres' : kind;

type Opened = (server: RealServer) => void;

/** Start a group, and tell of each server as soon as it runs. */
const GROUPS: Readonly<Record<Service, (opened: Opened, count: number) => Promise<void>>> = {
  redis: async (opened, count) => {
    const names = serverNames('redis', count);
    const primaries = await all(names.map((id) => startRedis({ id }).then(tell(opened))));
    for (let replica = 1; replica <= REPLICAS; replica++) {
      const replicaOf = primaries[0]!;
      opened(await startRedis({ id: `${replicaOf.id}-replica-${replica}`, replicaOf }));
    }
  },
  postgres: async (opened) => {
    const postgres = await startPostgres().then(tell(opened));
    if (whatIsMissing('pgbouncer') !== undefined) return;
    for (const mode of ['session', 'transaction'] as const) {
      opened(await startPgBouncer({ postgres, mode }));
    }
  },
  etcd: async (opened) => {
    for (const member of (await startEtcd()).members) opened(member);
  },
  zookeeper: async (opened) => {
    for (const server of (await startZooKeeper()).servers) opened(server);
  },
};

const tell =
  (opened: Opened) =>
  <S extends RealServer>(server: S): S => {
    opened(server);
    return server;
  };

/** Ids that a whole group has. */
function expectedIds(service: Service, redisCount: number): string[] {
  switch (service) {
    case 'redis': {
      const replicas = Array.from({ length: REPLICAS }, (_none, at) => `r1-replica-${at + 1}`);
      return [...serverNames('redis', redisCount), ...replicas];
    }
    case 'postgres': {
      const hasPooler = whatIsMissing('pgbouncer') === undefined;
      return hasPooler ? ['p1', 'p1-session', 'p1-transaction'] : ['p1'];
    }
    default:
      return serverNames(service, 1);
  }
}

function isWhole(group: readonly Standing[], service: Service, redisCount: number): boolean {
  const up = new Set(group.filter(({ server }) => server.health === 'up').map(idOf));
  return expectedIds(service, redisCount).every((id) => up.has(id));
}

const idOf = ({ server }: Standing): string => server.id;

const isPrimary = (one: Standing): boolean => /^r\d+$/.test(idOf(one));

/** Refuses to change how many are up: locks may be held on them. */
function refuseOtherCount(group: readonly Standing[], wanted: number | undefined): void {
  const has = group.filter(isPrimary).length;
  if (wanted === undefined || has === 0 || has === wanted) return;
  throw new ServerTrouble(
    `there are ${has} Redis servers already, and --redis-count asks for ${wanted}: first ` +
      'holdfast servers down redis',
  );
}

/**
 * Starts what is not up yet; it lives on after this process.
 *
 * @throws ServerTrouble if nothing can be written down, or another number of Redis is up.
 */
export function bringUp({ services, redisCount }: UpRequest): Promise<UpReport> {
  return alone(async () => {
    const orphans = removeOrphans();
    const before = await standing();
    const found = { started: [] as Service[], alreadyUp: [] as Service[] };
    const [missing, troubles] = [[] as string[], [] as string[]];
    const opened: RealServer[] = [];
    const wanted = services.length === 0 ? SERVICES : services;
    for (const service of wanted) {
      const group = before.filter((one) => groupOf(one) === service);
      if (service === 'redis') refuseOtherCount(group, redisCount);
      const count = redisCount ?? (group.filter(isPrimary).length || REDIS_COUNT);
      if (isWhole(group, service, count)) {
        found.alreadyUp.push(service);
        continue;
      }
      const why = whatIsMissing(service);
      if (why !== undefined) {
        missing.push(why);
        continue;
      }
      for (const { file, record } of group) remove(file, record);
      const servers = await startGroup(service, count);
      if (typeof servers === 'string') troubles.push(servers);
      else {
        found.started.push(service);
        opened.push(...servers);
      }
    }
    // All at once: who is interrupted before has started nothing.
    for (const server of opened) server.leaveRunning();
    const isNamedMissing = services.length > 0 && missing.length > 0;
    if (wanted.includes('postgres')) missing.push(...pooler(found));
    return { ...found, missing, troubles, isNamedMissing, orphans };
  });
}

/** PostgreSQL without its pooler is up all the same. */
function pooler({ started, alreadyUp }: Pick<UpReport, 'started' | 'alreadyUp'>): string[] {
  if (![...started, ...alreadyUp].includes('postgres')) return [];
  return [whatIsMissing('pgbouncer')].flatMap((why) => why ?? []);
}

/** All of it, or nothing and what went wrong. */
async function startGroup(service: Service, count: number): Promise<RealServer[] | string> {
  const opened: RealServer[] = [];
  try {
    await GROUPS[service]((server) => opened.push(server), count);
    return opened;
  } catch (error) {
    for (const server of opened) await server.stop();
    if (error instanceof ServerTrouble) return error.message;
    throw error;
  }
}

/** Ends what is up, of the services named or of all; answers what it was. */
export function bringDown(services: readonly Service[]): Promise<ServerEntry[]> {
  return alone(async () => {
    const orphans = removeOrphans();
    const before = await standing();
    const wanted = before.filter((one) => services.length === 0 || services.includes(groupOf(one)));
    // Those that depend on others go first: a pooler, a replica.
    for (const { file, record } of wanted.reverse()) remove(file, record);
    return [...orphans, ...wanted.map(({ record }) => record.entry)];
  });
}

/** How those that are up are doing; ends what killed tools left. */
export async function look(): Promise<readonly Standing['server'][]> {
  removeOrphans();
  return (await standing()).map(({ server }) => server);
}

/** The servers that `holdfast servers up` left running, and how they are. */
import { etcdStatus } from './etcd-api.js';
import { POSTGRES_USER } from './postgres.js';
import { greetPostgres } from './postgres-wire.js';
import { tellRedis } from './redis-wire.js';
import type { ServerEntry, ServerKind } from './server.js';
import { processOf, readRecords, type ServerRecord } from './state.js';
import { askZooKeeper } from './zookeeper-words.js';

/** `silent`: its process is there and does not answer. */
export type Health = 'up' | 'silent' | 'dead';

export interface StandingServer extends ServerEntry {
  readonly pid: number | undefined;
  readonly health: Health;
}

export interface Standing {
  readonly server: StandingServer;
  readonly file: string;
  readonly record: ServerRecord;
}

const ASK: Readonly<Record<ServerKind, (entry: ServerEntry) => Promise<unknown>>> = {
  redis: (entry) => tellRedis(entry, 'PING'),
  postgres: greet,
  pgbouncer: greet,
  etcd: (entry) => etcdStatus(entry),
  zookeeper: async (entry) => {
    if ((await askZooKeeper(entry)).mode === undefined) throw new Error('it does not serve');
  },
};

function greet(entry: ServerEntry): Promise<unknown> {
  return greetPostgres(entry, { user: POSTGRES_USER, database: POSTGRES_USER });
}

const KINDS: readonly ServerKind[] = ['redis', 'etcd', 'postgres', 'pgbouncer', 'zookeeper'];

/** All of them, by kind and id. */
export async function standing(): Promise<Standing[]> {
  const records = readRecords().filter(([, { owner }]) => owner === null);
  const found = await Promise.all(
    records.map(async ([file, record]): Promise<Standing> => {
      const pid = processOf(record)?.pid;
      const health = pid === undefined ? 'dead' : await healthOf(record.entry);
      return { file, record, server: { ...record.entry, pid, health } };
    }),
  );
  return found.sort(({ server: a }, { server: b }) => {
    const byKind = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    return byKind === 0 ? a.id.localeCompare(b.id, 'en', { numeric: true }) : byKind;
  });
}

async function healthOf(entry: ServerEntry): Promise<Health> {
  try {
    await ASK[entry.kind](entry);
    return 'up';
  } catch {
    return 'silent';
  }
}

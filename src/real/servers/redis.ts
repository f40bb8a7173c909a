/**
 * redis-server: with the persistence a story names, as a primary or a replica, with a clock of its
 * own if it is to be moved. Its append-only file can be cut back to what an fsync had reached.
 */
import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostId } from '../../fault.js';
import { programOf } from './available.js';
import { openClock, type ServerClock } from './clock/server-clock.js';
import { onFreePorts } from './ports.js';
import { askRedis, infoField, type RedisPlace, RedisRefusal, tellRedis } from './redis-wire.js';
import type { RealServer } from './server.js';
import { type Command, ServerProcess } from './server-process.js';
import { ServerTrouble } from './trouble.js';

/** What of its data it finds again after a crash: nothing, or what was fsynced that often. */
export type RedisPersistence = 'none' | 'everysec' | 'always';

export interface RedisOptions {
  /** Default `r1`. */
  readonly id?: HostId;
  /** Default `none`. */
  readonly persistence?: RedisPersistence;
  /** Whom it follows, directly or through a proxy. Default: nobody, it is a primary. */
  readonly replicaOf?: RedisPlace;
  /** Whether its wall clock can be moved, which takes gcc. Default false. */
  readonly clock?: boolean;
  /** Directives of redis.conf; they stand after ours and win. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface RedisServer extends RealServer {
  /** Where it has its data. */
  readonly folder: string;
  /** Present if it was started with `clock: true`. */
  readonly clock: ServerClock | undefined;
  /** It follows that one from now on, after a restart too; what it has and that one not is gone. */
  follow(primary: RedisPlace): Promise<void>;
  /** It follows nobody any more, after a restart neither. */
  promote(): Promise<void>;
  /** Resolves when this replica has all that its primary has at that moment. */
  caughtUp(primary: RedisPlace): Promise<void>;
  /** Bytes of its append-only file, as written so far; 0 without one. */
  appendOnlyBytes(): number;
  /**
   * Cuts the append-only file back, so that a start finds what it held at an fsync.
   *
   * @throws ServerTrouble while it runs, or if the file was never that long.
   */
  cutAppendOnly(bytes: number): void;
}

const CAUGHT_UP_LIMIT_MS = 10_000;
const POLL_MS = 5;
const APPEND_ONLY_FOLDER = 'appendonlydir';

class RedisProcess extends ServerProcess implements RedisServer {
  readonly url: string;
  clock: ServerClock | undefined;
  private primary: RedisPlace | undefined;

  constructor(
    port: number,
    private readonly program: { readonly file: string; readonly version: string },
    private readonly options: RedisOptions,
  ) {
    const { version } = program;
    super({ kind: 'redis', service: 'redis', id: options.id ?? 'r1', version, port });
    this.url = `redis://${this.host}:${port}`;
    this.primary = options.replicaOf;
  }

  protected async prepare(): Promise<void> {
    if (this.options.clock === true) this.clock = await openClock(this.folder);
  }

  protected command(): Command {
    const { persistence = 'none', settings } = this.options;
    const all: Record<string, string | number> = {
      port: this.port,
      bind: this.host,
      dir: this.folder,
      save: '',
      appendonly: persistence === 'none' ? 'no' : 'yes',
      appendfsync: persistence === 'none' ? 'no' : persistence,
      appenddirname: APPEND_ONLY_FOLDER,
      // One file from the beginning to the end, so that a length in it is a moment.
      'auto-aof-rewrite-percentage': 0,
      // Expired keys are looked for that often a second: short TTLs end when they should.
      hz: 100,
      'repl-diskless-sync-delay': 0,
      loglevel: 'warning',
      ...settings,
    };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { primary } = this;
    if (primary !== undefined) args.push('--replicaof', primary.host, String(primary.port));
    return { file: this.program.file, args, ...(this.clock && { env: this.clock.env }) };
  }

  protected async answers(): Promise<boolean> {
    const [reply] = await askRedis(this, [['PING']]);
    // One with a password of its own serves those who know it.
    const isLocked = reply instanceof RedisRefusal && reply.message.startsWith('NOAUTH');
    return reply === 'PONG' || isLocked;
  }

  async follow(primary: RedisPlace): Promise<void> {
    await tellRedis(this, 'REPLICAOF', primary.host, String(primary.port));
    this.primary = primary;
  }

  async promote(): Promise<void> {
    await tellRedis(this, 'REPLICAOF', 'NO', 'ONE');
    this.primary = undefined;
  }

  async caughtUp(primary: RedisPlace): Promise<void> {
    const wanted = infoField(await replication(primary), 'master_repl_offset');
    const end = performance.now() + CAUGHT_UP_LIMIT_MS;
    while (performance.now() < end) {
      const info = await replication(this);
      const isLinked = infoField(info, 'master_link_status') === 'up';
      if (isLinked && Number(infoField(info, 'slave_repl_offset')) >= Number(wanted)) return;
      await pause(POLL_MS);
    }
    throw new ServerTrouble(
      `the replica ${this.id} has not what its primary on port ${primary.port} has, after ` +
        `${CAUGHT_UP_LIMIT_MS} ms`,
    );
  }

  appendOnlyBytes(): number {
    const file = this.appendOnlyFile();
    return file === undefined ? 0 : statSync(file).size;
  }

  cutAppendOnly(bytes: number): void {
    const file = this.appendOnlyFile();
    const has = this.appendOnlyBytes();
    if (this.pid !== undefined) {
      throw new ServerTrouble(`${this.id} is running: kill it before its append-only file is cut`);
    }
    if (file === undefined || bytes > has) {
      throw new ServerTrouble(`${this.id} has ${has} bytes in its append-only file, not ${bytes}`);
    }
    truncateSync(file, bytes);
  }

  /** The one that grows; the other one is the base it began from, which stays as it is. */
  private appendOnlyFile(): string | undefined {
    const folder = path.join(this.folder, APPEND_ONLY_FOLDER);
    if (!existsSync(folder)) return undefined;
    const name = readdirSync(folder).find((file) => file.endsWith('.incr.aof'));
    return name === undefined ? undefined : path.join(folder, name);
  }
}

async function replication(place: RedisPlace): Promise<string> {
  const [info] = await askRedis(place, [['INFO', 'replication']]);
  return String(info);
}

/**
 * A redis-server on a free port of loopback.
 *
 * @throws ServerTrouble if it is not installed, of another version, or does not start.
 */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = programOf('redis');
  return onFreePorts(1, ([port]) => new RedisProcess(port!, program, options).open());
}

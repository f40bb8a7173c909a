/**
 * PostgreSQL: a new installation in a folder of its own, on loopback, open to whoever reaches it
 * there, run by a user without rights. A crash loses what was not committed, and no more: without
 * fsync a kill of its processes loses nothing that the kernel has.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { HostId } from '../../fault.js';
import { type Program, programOf } from './available.js';
import { openClock, type ServerClock } from './clock/server-clock.js';
import { onFreePorts } from './ports.js';
import type { RealServer } from './server.js';
import { type Command, plainEnvironment, ServerProcess, withoutRights } from './server-process.js';
import { ServerTrouble } from './trouble.js';

export interface PostgresOptions {
  /** Default `p1`. */
  readonly id?: HostId;
  /** Whether its wall clock can be moved, which takes gcc. Default false. */
  readonly clock?: boolean;
  /** Parameters of postgresql.conf; they win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PostgresServer extends RealServer {
  /** Present if it was started with `clock: true`. */
  readonly clock: ServerClock | undefined;
  /** The socket in its folder, for whoever prefers it to the port. */
  readonly socket: string;
}

/** Of the installation: its owner, who needs no password, and the database that is there. */
export const POSTGRES_USER = 'postgres';

const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  autovacuum: 'off',
  timezone: 'UTC',
  max_connections: '100',
  shared_buffers: '16MB',
  logging_collector: 'off',
  log_min_messages: 'log',
};

const INITIALISE_LIMIT_MS = 60_000;
const run = promisify(execFile);

class PostgresProcess extends ServerProcess implements PostgresServer {
  readonly url: string;
  readonly socket: string;
  clock: ServerClock | undefined;
  protected override readonly account = withoutRights();
  private readonly data: string;

  constructor(
    port: number,
    private readonly program: Program,
    private readonly options: PostgresOptions,
  ) {
    const { version } = program;
    super({ kind: 'postgres', service: 'postgres', id: options.id ?? 'p1', version, port });
    this.url = `postgres://${POSTGRES_USER}@${this.host}:${port}/postgres`;
    this.socket = path.join(this.folder, `.s.PGSQL.${port}`);
    this.data = path.join(this.folder, 'data');
  }

  protected async prepare(): Promise<void> {
    if (this.options.clock === true) this.clock = await openClock(this.folder);
    const initdb = path.join(path.dirname(this.program.file), 'initdb');
    const args = ['-D', this.data, '-U', POSTGRES_USER, '-A', 'trust', '--locale=C', '-E', 'UTF8'];
    try {
      // It takes a second, and a tool that ends meanwhile leaves nothing of it.
      const { file, args: words } = this.known(initdb, [...args, '--no-sync']);
      await run(file, words, {
        cwd: this.folder,
        env: plainEnvironment(this.folder),
        timeout: INITIALISE_LIMIT_MS,
        ...this.account,
      });
    } catch (error) {
      const { stderr, message } = error as Error & { readonly stderr?: string };
      const why = stderr?.trim().split('\n').join(' / ') || message;
      const isShut = this.account !== undefined && why.includes('Permission denied');
      const help = isShut ? '; set TMPDIR to a folder that others than root may enter' : '';
      throw new ServerTrouble(
        `${this.id}: initdb makes no installation in ${this.data}: ${why}${help}`,
      );
    }
  }

  protected command(): Command {
    const settings = {
      listen_addresses: this.host,
      port: String(this.port),
      unix_socket_directories: this.folder,
      ...SETTINGS,
      ...this.options.settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const env = this.clock?.env;
    return { file: this.program.file, args: ['-D', this.data, ...args], ...(env && { env }) };
  }

  /** The postmaster says so itself, in the last line of its file, once recovery is over. */
  protected async answers(): Promise<boolean> {
    const lines = (await readFile(path.join(this.data, 'postmaster.pid'), 'utf8')).split('\n');
    return Number(lines[0]) === this.pid && lines[7]?.trim() === 'ready';
  }
}

/**
 * A PostgreSQL on a free port of loopback.
 *
 * @throws ServerTrouble if it is not installed, of another version, or does not start.
 */
export function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const program = programOf('postgres');
  return onFreePorts(1, ([port]) => new PostgresProcess(port!, program, options).open());
}

/**
 * pgbouncer in front of a PostgreSQL, which may be the user's. In transaction mode a client has
 * another session of the server for each of its transactions, which is what breaks locks that
 * belong to sessions (pgbouncer documentation, "pool_mode").
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HostId } from '../../fault.js';
import { type Program, programOf } from './available.js';
import { onFreePorts } from './ports.js';
import { POSTGRES_USER } from './postgres.js';
import type { RealServer } from './server.js';
import { type Command, ServerProcess, withoutRights } from './server-process.js';

/** When a session of the server goes back into the pool: with the client, or its transaction. */
export type PoolMode = 'session' | 'transaction';

export interface PgBouncerOptions {
  /** What it stands in front of, directly or through a proxy. */
  readonly postgres: PooledServer;
  readonly mode: PoolMode;
  /** Default `p1-session` or `p1-transaction`. */
  readonly id?: HostId;
  /** Sessions that it opens at the server, at most. Default 20. */
  readonly poolSize?: number;
}

/** A server, and as whom the pooler logs in there, whoever its clients say they are. */
export interface PooledServer {
  readonly host: string;
  readonly port: number;
  /** Default: the owner of an installation of ours. */
  readonly user?: string;
  readonly password?: string;
}

class PgBouncerProcess extends ServerProcess {
  readonly url: string;
  protected override readonly account = withoutRights();
  private readonly file: string;

  constructor(
    port: number,
    private readonly program: Program,
    private readonly options: PgBouncerOptions,
  ) {
    const { version } = program;
    const id = options.id ?? `p1-${options.mode}`;
    super({ kind: 'pgbouncer', service: 'postgres', id, version, port });
    this.url = `postgres://${POSTGRES_USER}@${this.host}:${port}/postgres`;
    this.file = path.join(this.folder, 'pgbouncer.ini');
  }

  protected async prepare(): Promise<void> {
    const { postgres, mode, poolSize = 20 } = this.options;
    const lines = [
      '[databases]',
      `* = ${connectionTo(postgres)}`,
      '[pgbouncer]',
      `listen_addr = ${this.host}`,
      `listen_port = ${this.port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      `default_pool_size = ${poolSize}`,
      'max_client_conn = 1000',
      'log_connections = 0',
      'log_disconnections = 0',
      'log_stats = 0',
      // After a crash it asks the server again at once, not after 15 s; its clients wait so long.
      'server_login_retry = 0',
      'ignore_startup_parameters = extra_float_digits,application_name,options',
    ];
    // There may be a password in it.
    await writeFile(this.file, `${lines.join('\n')}\n`, { mode: 0o600 });
    this.give(this.file);
  }

  protected command(): Command {
    return { file: this.program.file, args: [this.file] };
  }

  /** It listens: what is behind it is not its business. */
  protected async answers(): Promise<boolean> {
    return true;
  }
}

function connectionTo({ host, port, user = POSTGRES_USER, password }: PooledServer): string {
  const parts = [`host=${host}`, `port=${port}`, `user=${quoted(user)}`];
  if (password !== undefined) parts.push(`password=${quoted(password)}`);
  return parts.join(' ');
}

/** As its connection strings take it (pgbouncer.ini, "Section [databases]"). */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * A pgbouncer on a free port of loopback.
 *
 * @throws ServerTrouble if it is not installed, of another version, or does not start.
 */
export function startPgBouncer(options: PgBouncerOptions): Promise<RealServer> {
  const program = programOf('pgbouncer');
  return onFreePorts(1, ([port]) => new PgBouncerProcess(port!, program, options).open());
}

/**
 * A real PostgreSQL of one's own: a new installation in a temporary folder, reached by a socket in
 * it, run by a user without rights, and gone at the end whatever happens.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from './connection.js';

const PROGRAMS = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';

/** PostgreSQL refuses to run as root: then as `nobody`, who has these numbers. */
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  fsync: 'off',
  autovacuum: 'off',
  timezone: 'UTC',
  max_connections: '20',
  shared_buffers: '16MB',
  logging_collector: 'off',
  log_min_messages: 'panic',
};

/** `postgres 15.18`, from the program itself. */
export function serverVersion(): string {
  const output = execFileSync(join(PROGRAMS, 'postgres'), ['--version'], { encoding: 'utf8' });
  return `postgres ${/(\d+\.\d+)/.exec(output)?.[1] ?? 'unknown'}`;
}

export class PostgresProcess {
  private server: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  private readonly data = join(this.folder, 'data');

  /** The path of the socket. */
  get socket(): string {
    return join(this.folder, '.s.PGSQL.5432');
  }

  initialise(): void {
    if (user.uid !== undefined) chownSync(this.folder, user.uid, user.gid!);
    const args = [
      '-D',
      this.data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--locale=C',
      '-E',
      'UTF8',
      '-N',
    ];
    execFileSync(join(PROGRAMS, 'initdb'), args, { stdio: 'ignore', cwd: this.folder, ...user });
  }

  async start(): Promise<void> {
    const settings = { ...SETTINGS, unix_socket_directories: this.folder };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.server = spawn(join(PROGRAMS, 'postgres'), ['-D', this.data, ...args], {
      stdio: 'ignore',
      cwd: this.folder,
      ...user,
    });
    for (let attempt = 0; ; attempt++) {
      try {
        if (!existsSync(this.socket)) throw new Error('no socket yet');
        const connection = await Connection.open(this.socket);
        connection.close();
        return;
      } catch (error) {
        if (attempt === 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Ends it as a loss of power would: nothing is written any more. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined || server.exitCode !== null) return;
    await new Promise((resolve) => {
      server.once('exit', resolve);
      server.kill('SIGQUIT');
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a server, hands it to `use`, and stops it. */
export async function withPostgres<T>(use: (server: PostgresProcess) => Promise<T>): Promise<T> {
  const server = new PostgresProcess();
  const leave = () => {
    server.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', leave);
  try {
    server.initialise();
    await server.start();
    return await use(server);
  } finally {
    process.off('SIGINT', leave);
    await server.stop();
    server.remove();
  }
}

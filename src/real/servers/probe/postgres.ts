/** One look at a PostgreSQL that the user has: whether it lets us in, and can be written to. */
import { notThere, Obstacle, onlyTls, silent, stranger } from '../obstacle.js';
import { greetPostgres, PostgresSilence } from '../postgres-wire.js';
import type { Found, Probe } from '../probe.js';

/** What a server refuses a start-up with: SQLSTATE, and what helps. */
const REFUSALS: Readonly<Record<string, (message: string) => Obstacle>> = {
  '28P01': () => new Obstacle('refuses the user or the password in the address'),
  '28000': (message) =>
    /no encryption|SSL off/.test(message)
      ? onlyTls()
      : new Obstacle(`lets nobody in from here (${message}): see its pg_hba.conf`),
  '3D000': (message) => new Obstacle(`has no such database (${message}): name one that is there`),
  '53300': () => new Obstacle('has no connection left: raise its max_connections'),
  '57P03': () => new Obstacle('is starting up or shutting down: wait until it is ready'),
};

function refusalOf(code: string, message: string): Obstacle {
  return REFUSALS[code]?.(message) ?? new Obstacle(`refuses to talk to us: ${message}`);
}

export const probePostgres: Probe = async (address, limitMs) => {
  const { user = 'postgres', password, database } = address;
  const account = { user, database: database === '' ? user : database };
  const greeting = await greetPostgres(address, account, limitMs).catch(async (error: unknown) => {
    if (!(error instanceof PostgresSilence)) throw error;
    if (error.code === 'refused') throw notThere(error.message);
    if (error.code === 'silent') throw silent(limitMs);
    throw await stranger('PostgreSQL', address, limitMs);
  });
  if (greeting.refusal !== undefined) {
    throw refusalOf(greeting.refusal.code, greeting.refusal.message);
  }
  if (greeting.wants === 'a password' && password === undefined) {
    throw new Obstacle('needs a password: postgres://user:password@host:port/database');
  }
  const { host, port } = address;
  return inside({ host, port, ...account, ...(password !== undefined && { password }) }, limitMs);
};

interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
}

const QUESTION = `SELECT current_setting('server_version') AS version,
  pg_is_in_recovery() AS follows, current_setting('transaction_read_only') AS "readOnly"`;

interface Answer {
  readonly version: string;
  readonly follows: boolean;
  readonly readOnly: 'on' | 'off';
}

/** What only somebody who is let in learns. */
async function inside(login: Login, limitMs: number): Promise<Found> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...login,
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Answer>(QUESTION);
    const { version, follows, readOnly } = rows[0]!;
    if (follows) throw new Obstacle('is a standby, and so read-only: name its primary');
    if (readOnly === 'on') {
      throw new Obstacle('is read-only (default_transaction_read_only): turn that off');
    }
    return { version: /^[\d.]+/.exec(version)?.[0] ?? 'unknown' };
  } catch (error) {
    if (error instanceof Obstacle) throw error;
    const { code = '', message } = error as Error & { readonly code?: string };
    throw refusalOf(code, message);
  } finally {
    await client.end().catch(() => {});
  }
}

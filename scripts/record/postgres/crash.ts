/**
 * What a real PostgreSQL has after it was ended without warning and started again: the rows that
 * were committed, sequences that skip ahead, and no lock.
 */
import type { PostgresServer } from '../../../src/real/servers/postgres.js';
import { Connection } from './connection.js';
import { type GoldenMessage, type GoldenSequence, type GoldenStep, readTag } from './format.js';

/** Before the crash, all committed but the last; and what is asked afterwards. */
const BEFORE = [
  'CREATE TABLE t (k text PRIMARY KEY, f bigserial)',
  "INSERT INTO t (k) VALUES ('a'), ('b') RETURNING f",
  'CREATE SEQUENCE s INCREMENT BY 10',
  "SELECT nextval('s')",
  'SELECT pg_advisory_lock(1)',
  'BEGIN',
  "INSERT INTO t (k) VALUES ('lost') RETURNING f",
];
const AFTER = [
  'SELECT k, f FROM t ORDER BY k',
  "INSERT INTO t (k) VALUES ('c') RETURNING f",
  "SELECT nextval('s')",
  'SELECT pg_try_advisory_lock(1)',
];

async function play(connection: Connection, text: string): Promise<GoldenStep> {
  connection.send(text);
  await connection.idle();
  const messages = connection.messages.splice(0).flatMap((message): GoldenMessage[] => {
    if (message.kind === 'ready') return [{ ready: message.status }];
    if (message.kind !== 'result') return [];
    const rows = message.rows.length === 0 ? {} : { rows: message.rows };
    return [{ ...readTag(message.tag), ...rows }];
  });
  return { session: 0, text, arrived: [[0, messages]] };
}

/** Two sequences: up to the crash, and after it. */
export async function recordCrash(server: PostgresServer): Promise<GoldenSequence[]> {
  const recorded: GoldenSequence[] = [];
  for (const [name, texts] of [
    ['before', BEFORE],
    ['after', AFTER],
  ] as const) {
    const connection = await Connection.open(server.socket);
    if (name === 'before') {
      await connection.query('DROP SCHEMA public CASCADE');
      await connection.query('CREATE SCHEMA public');
    }
    const steps: GoldenStep[] = [];
    for (const text of texts) steps.push(await play(connection, text));
    recorded.push({ name, steps });
    if (name === 'before') {
      await server.kill();
      await server.start();
    }
    connection.close();
  }
  return recorded;
}

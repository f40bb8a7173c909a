/**
 * Plays a sequence against a real server and writes down what came back, on every session. A step
 * is over when every session is done or stands in a queue for a lock, as the server's own list of
 * locks says; nothing is taken for blocked because it was slow.
 */
import { Connection, type RawMessage, type RawValue } from './connection.js';
import {
  type Arrived,
  type GoldenMessage,
  type GoldenSequence,
  type GoldenStep,
  type GoldenValue,
  normaliseDetail,
  readTag,
  relativeTime,
} from './format.js';
import type { Sequence, SequenceStep } from './sequence.js';

/** Sessions that wait in the queue of a lock, or sleep because they were told to. */
const WAITING = `
  SELECT pid FROM pg_locks WHERE NOT granted
  UNION SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;

/** The object id of the database `postgres`. */
const USUAL_DATABASE_ID = '5';

/** So far apart sessions begin to wait. */
const APART_MS = 40;

/** Transactions for whose end several of these wait, with nothing to say who is next. */
const races = (processes: readonly number[]): string => `
  SELECT transactionid FROM pg_locks
  WHERE locktype = 'transactionid' AND NOT granted AND pid IN (${processes.join()})
  GROUP BY transactionid HAVING count(*) > 1`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class Recording {
  private readonly sessions = new Map<number, Connection>();
  private readonly processes = new Map<number, number>();
  private blocked: number[] = [];
  startMs = Date.now();

  constructor(
    private readonly socket: string,
    private readonly control: Connection,
    private readonly database: string,
    /** Its object id, which details of errors show. */
    private readonly databaseId: string,
  ) {}

  async open(numbers: Iterable<number>): Promise<void> {
    for (const number of numbers) {
      const connection = await Connection.open(this.socket, this.database);
      this.sessions.set(number, connection);
      this.processes.set(connection.processId, number);
    }
    this.startMs = Date.now();
  }

  async step(step: SequenceStep): Promise<GoldenStep> {
    const from = Date.now() - this.startMs;
    await this.perform(step);
    const before = this.blocked.length;
    await this.settle();
    // Two that begin to wait at the same moment would look for deadlocks at the same moment.
    if (this.blocked.length > before) {
      await pause(APART_MS);
      await this.settle();
    }
    const arrived = this.arrivals();
    const at = [from, Date.now() - this.startMs] as const;
    const blocked = this.blocked.length === 0 ? {} : { blocked: this.blocked };
    return { ...describe(step), arrived, ...blocked, at };
  }

  private async perform(step: SequenceStep): Promise<void> {
    if (step.type === 'wait') return pause(step.durationMs);
    const connection = this.sessions.get(step.session)!;
    if (step.type === 'query') connection.send(step.text, step.values);
    else {
      // Who waits for a lock does not notice that its client is gone.
      const waits = connection.busy > 0;
      connection.close();
      this.sessions.delete(step.session);
      if (!waits) await this.gone(connection.processId);
    }
  }

  private async gone(processId: number): Promise<void> {
    const query = `SELECT 1 AS one FROM pg_stat_activity WHERE pid = ${processId}`;
    while ((await this.control.query(query)).length > 0) await pause(1);
  }

  /** What a session that waits would be sent is left out, and a wait for which there is no cause. */
  leavesOut(step: SequenceStep): boolean {
    if (step.type === 'query') return this.blocked.includes(step.session);
    return step.type === 'wait' && step.onlyIfBlocked === true && this.blocked.length === 0;
  }

  /** Whether a client leaves whose statement waits: it is done later, and nobody sees when. */
  leavesGhost(step: SequenceStep): boolean {
    return step.type === 'close' && this.blocked.includes(step.session);
  }

  /** Whether several wait for the end of one transaction. */
  async hasRace(): Promise<boolean> {
    return (await this.control.query(races([...this.processes.keys()]))).length > 0;
  }

  /** Until every session is done or waits. */
  private async settle(): Promise<void> {
    for (;;) {
      const busy = [...this.sessions].filter(([, connection]) => connection.busy > 0);
      const waiting = new Set((await this.control.query(WAITING)).map(({ pid }) => Number(pid)));
      const still = busy.filter(([, connection]) => connection.busy > 0);
      const settled = still.every(([, { processId }]) => waiting.has(processId));
      if (settled && still.length === busy.length) {
        this.blocked = still.map(([number]) => number);
        return;
      }
      await pause(1);
    }
  }

  private arrivals(): Arrived[] {
    return [...this.sessions]
      .sort(([a], [b]) => a - b)
      .map(([number, connection]): Arrived => {
        const messages = connection.messages.splice(0);
        return [number, messages.map((message) => this.normalise(message))];
      })
      .filter(([, messages]) => messages.length > 0);
  }

  private normalise(message: RawMessage): GoldenMessage {
    switch (message.kind) {
      case 'result':
        return this.result(message.tag, message.rows);
      case 'error':
        return this.error(message.fields);
      case 'notice':
        return { notice: message.fields.get('C')!, message: message.fields.get('M')! };
      case 'notification':
        return { notification: message.channel, payload: message.payload };
      case 'ready':
        return { ready: message.status };
      case 'closed':
        return { closed: true };
    }
  }

  private result(tag: string, rows: readonly Record<string, RawValue>[]): GoldenMessage {
    const golden = rows.map((row) => {
      const entries = Object.entries(row).map(([name, value]): [string, GoldenValue] => [
        name,
        typeof value === 'string' ? relativeTime(value, this.startMs) : value,
      ]);
      return Object.fromEntries(entries);
    });
    return { ...readTag(tag), ...(rows.length === 0 ? {} : { rows: golden }) };
  }

  private error(fields: ReadonlyMap<string, string>): GoldenMessage {
    const optional = (name: string, field: string) =>
      fields.has(field) ? { [name]: fields.get(field)! } : {};
    const detail = fields.get('D');
    const severity = fields.get('V')!;
    return {
      error: fields.get('C')!,
      ...(severity === 'ERROR' ? {} : { severity }),
      message: fields.get('M')!,
      ...(detail === undefined ? {} : { detail: this.detail(detail) }),
      ...optional('constraint', 'n'),
      ...optional('table', 't'),
    };
  }

  /** Any database is shown as the usual one. */
  private detail(text: string): string {
    const usual = text
      .replaceAll(`database ${this.databaseId}`, `database ${USUAL_DATABASE_ID}`)
      .replaceAll(`[${this.databaseId},`, `[${USUAL_DATABASE_ID},`);
    return normaliseDetail(usual, (id) => this.processes.get(id) ?? -1);
  }

  close(): void {
    for (const connection of this.sessions.values()) connection.close();
  }

  /** Until the server has noticed that all sessions are gone. */
  async end(): Promise<void> {
    for (const processId of this.processes.keys()) {
      await this.control.query(`SELECT pg_terminate_backend(${processId})`);
      await this.gone(processId);
    }
  }
}

function describe(step: SequenceStep): Omit<GoldenStep, 'arrived'> {
  if (step.type === 'wait') return { waitMs: step.durationMs };
  if (step.type === 'close') return { close: step.session };
  return {
    session: step.session,
    text: step.text,
    ...(step.values === undefined ? {} : { values: step.values }),
  };
}

/** Whether the instants of a sequence matter; if not, they would only make recordings differ. */
function isTimed(steps: readonly GoldenStep[]): boolean {
  return steps.some(
    ({ waitMs, arrived }) => waitMs !== undefined || JSON.stringify(arrived).includes('{"ms":'),
  );
}

/**
 * Whether a step let several other sessions go on, so that who was first is open. After a wait one
 * may have ended with an error and let another go on.
 */
function isRace({ arrived, session, waitMs }: GoldenStep): boolean {
  const others = arrived.filter(([number]) => number !== session).length;
  return others > (waitMs === undefined ? 1 : 2);
}

/** Records one sequence in a database that is emptied; `control` is a connection to it. */
export async function record(
  socket: string,
  control: Connection,
  { name, steps, stopsAtRace }: Sequence,
  database = 'postgres',
): Promise<GoldenSequence> {
  await control.query('DROP SCHEMA public CASCADE');
  await control.query('CREATE SCHEMA public');
  const [own] = await control.query(
    'SELECT oid::text AS id FROM pg_database WHERE datname = current_database()',
  );
  const recording = new Recording(socket, control, database, String(own!['id']));
  const numbers = new Set(
    steps.flatMap((step) => (step.type === 'wait' ? [] : [step.session])).sort((a, b) => a - b),
  );
  await recording.open(numbers);
  const recorded: GoldenStep[] = [];
  try {
    for (const step of steps) {
      if (stopsAtRace && recording.leavesOut(step)) continue;
      if (stopsAtRace && recording.leavesGhost(step)) break;
      const done = await recording.step(step);
      if (stopsAtRace && isRace(done)) break;
      recorded.push(done);
      if (stopsAtRace && (await recording.hasRace())) break;
    }
  } finally {
    recording.close();
  }
  await recording.end();
  if (stopsAtRace || isTimed(recorded)) return { name, steps: recorded };
  return { name, steps: recorded.map(({ at: _at, ...step }) => step) };
}

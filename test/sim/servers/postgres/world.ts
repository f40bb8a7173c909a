/** A simulated PostgreSQL with clocks that a test moves, and all that it says. */
import type {
  LockChange,
  PostgresMessage,
  PostgresQuery,
  PostgresRow,
  PostgresServer,
  PostgresServerOptions,
  ResultMessage,
} from '../../../../src/sim/servers/postgres/port.js';
import { createPostgresServer } from '../../../../src/sim/servers/postgres/server.js';

export interface RowChanged {
  readonly table: string;
  readonly key: string;
  readonly before: PostgresRow | undefined;
  readonly after: PostgresRow | undefined;
  readonly change: string;
}

export const START_US = 1_800_000_000_000_000;

export class World {
  readonly server: PostgresServer;
  private readonly sent: { readonly session: number; readonly message: PostgresMessage }[] = [];
  readonly rows: RowChanged[] = [];
  readonly locks: LockChange[] = [];
  /** What `choose` answers: taken modulo what it is asked for. */
  chosen = 0;
  monoUs = 0;
  private wallOffsetUs = START_US;
  private alarmAtUs: number | undefined = undefined;
  private readonly open = new Set<number>();

  constructor(options: Partial<PostgresServerOptions> = {}) {
    this.server = createPostgresServer(
      { synchronousCommit: true, replicaLagUs: 0, ...options },
      {
        wallUs: () => this.wallOffsetUs + this.monoUs,
        monoUs: () => this.monoUs,
        send: (session, message) => {
          this.sent.push({ session, message });
        },
        setAlarm: (clock, atUs) => {
          if (clock === 'mono') this.alarmAtUs = atUs;
        },
        rowChanged: (table, key, before, after, change) => {
          this.rows.push({ table, key, before, after, change });
        },
        lockChanged: (change) => {
          this.locks.push(change);
        },
        choose: (n) => this.chosen % n,
      },
    );
  }

  connect(...sessions: readonly number[]): void {
    for (const session of sessions) {
      this.open.add(session);
      this.server.connect(session);
    }
  }

  /** Runs a query and takes what came back on its session. */
  on(session: number, text: string, values?: PostgresQuery['values']): PostgresMessage[] {
    if (!this.open.has(session)) this.connect(session);
    this.server.execute(session, values === undefined ? { text } : { text, values });
    return this.take(session);
  }

  /** The result of one statement; throws the error's message, or that it blocks. */
  result(session: number, text: string, values?: PostgresQuery['values']): ResultMessage {
    const messages = this.on(session, text, values);
    for (const message of messages) {
      if (message.kind === 'error') throw new Error(`${message.code} ${message.message}`);
      if (message.kind === 'result') return message;
    }
    throw new Error(`blocks: ${text}`);
  }

  /** Rows of one statement. */
  query(session: number, text: string, values?: PostgresQuery['values']): readonly PostgresRow[] {
    return this.result(session, text, values).rows;
  }

  close(session: number): void {
    this.open.delete(session);
    this.server.disconnect(session);
  }

  /** Lets time go by; alarms ring when their time comes. */
  pass(durationUs: number): void {
    const untilUs = this.monoUs + durationUs;
    while (this.alarmAtUs !== undefined && this.alarmAtUs <= untilUs) {
      this.monoUs = Math.max(this.monoUs, this.alarmAtUs);
      this.alarmAtUs = undefined;
      this.server.alarm();
    }
    this.monoUs = untilUs;
  }

  passMs(durationMs: number): void {
    this.pass(durationMs * 1000);
  }

  stepWall(byUs: number): void {
    this.wallOffsetUs += byUs;
  }

  /** What a session was sent since this was last called for it. */
  take(session: number): PostgresMessage[] {
    const own = this.sent.filter((entry) => entry.session === session);
    for (const entry of own) this.sent.splice(this.sent.indexOf(entry), 1);
    return own.map(({ message }) => message);
  }

  /** The same in short: the command, the code of an error, or `…`. */
  brief(session: number): string[] {
    return this.take(session).map((message) => {
      if (message.kind === 'result') return message.command;
      if (message.kind === 'error' || message.kind === 'notice') return message.code;
      return message.kind;
    });
  }
}

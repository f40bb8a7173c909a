/**
 * A PostgreSQL server in the world, with the poolers in front of it. What it holds for a lock is
 * seen here: rows of tables, and locks of sessions and transactions (docs/semantics.md, R1).
 */
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { Actor } from '../../history.js';
import type { ServerPlan } from '../../scenario.js';
import type { Connection, Request } from '../connection.js';
import { RequestEffect } from '../leases.js';
import type { SimEvent } from '../queue.js';
import { createPooler, type Pooler } from '../servers/postgres/pooler.js';
import type {
  LockChange,
  PostgresMessage,
  PostgresPort,
  PostgresQuery,
  PostgresRow,
  PostgresServer,
  RowChangeKind,
} from '../servers/postgres/port.js';
import { forNewSessions, refusalOf } from '../servers/postgres/refusals.js';
import { createPostgresServer } from '../servers/postgres/server.js';
import type { PostgresChannel } from './postgres-connection.js';
import { hashReply, PostgresReply, queryText, replyText } from './postgres-reply.js';
import { SessionLocks } from './postgres-session-locks.js';
import { TableLeases } from './postgres-table-leases.js';
import { type Intent, ServiceHost, type ServiceWorld } from './service-host.js';

/** PgBouncer's `default_pool_size`. */
const POOL_SIZE = 20;
/** Sessions of the poolers are numbered from here on, those of clients as their connections. */
const POOLED: Readonly<Record<PoolerMode, number>> = {
  session: 1_000_000_000,
  transaction: 2_000_000_000,
};
/** So many of them are enough for one start of a pooler. */
const SESSIONS_PER_START = 1_000_000;
/** What prepares the tables: no client is so numbered. */
const SET_UP = 0;
/** A client that waits for a session of a pooler has none. */
const NO_SESSION = -1;

/** A client's connection, and what was asked on it. */
interface Client {
  readonly connection: Connection;
  /** Queries that were not answered, in order; the first is being run. */
  readonly waiting: Request[];
  /** What that one did to leases. */
  readonly effect: RequestEffect;
  reply: PostgresReply;
}

export class PostgresHost extends ServiceHost implements PostgresPort {
  readonly service = 'postgres';
  override readonly hasSessions = true;
  /** No query is without an end: a statement takes no time. */
  protected readonly busy = undefined;
  protected readonly model: PostgresServer;
  private readonly clients = new Map<number, Client>();
  private readonly poolers = new Map<PoolerMode, Pooler>();
  /** Sessions that have run a query. */
  private readonly known = new Set<number>();
  private readonly tables: TableLeases;
  private readonly sessions: SessionLocks;
  /** How often the server and its poolers have begun anew. */
  private starts = 0;

  constructor(shared: ServiceWorld, plan: ServerPlan, index: number) {
    super(shared, plan, index);
    const { leases, leasesHere, lockKey } = this;
    const clock = {
      wallUs: () => this.wallUs(),
      wakeAt: (wallUs: number | undefined) => this.setAlarm('wall', wallUs),
    };
    this.tables = new TableLeases(leases, leasesHere, clock, shared.ttlUs, lockKey);
    this.sessions = new SessionLocks(leases, leasesHere, lockKey);
    const synchronousCommit = plan.persistence === 'always';
    const [replicaLagUs = 0] = plan.replicaLagUs;
    this.model = createPostgresServer({ synchronousCommit, replicaLagUs }, this);
    if (shared.schema !== undefined) this.prepare(shared.schema);
  }

  /** What was there before the first client: on disk, and at the replica. */
  private prepare(schema: string): void {
    this.model.connect(SET_UP);
    this.model.execute(SET_UP, { text: schema });
    this.model.disconnect(SET_UP);
    this.model.checkpoint();
  }

  // What clients do.

  protected override opened(connection: Connection): void {
    const { number, pooler } = connection as PostgresChannel;
    this.clients.set(number, {
      connection,
      waiting: [],
      effect: new RequestEffect(),
      reply: new PostgresReply(),
    });
    if (pooler === undefined) this.model.connect(number);
    else this.pooler(pooler).connect(number);
  }

  override receive(request: Request): void {
    const { number } = request.connection;
    this.clients.get(number)!.waiting.push(request);
    this.apply(number, request.body);
  }

  protected apply(number: number, body: unknown): void {
    const { pooler } = this.clients.get(number)!.connection as PostgresChannel;
    const query = body as PostgresQuery;
    if (pooler === undefined) this.reach(number, query);
    else this.pooler(pooler).execute(number, query);
  }

  /** A query reaches the server, unless an error is all that it has for anybody. */
  private reach(session: number, query: PostgresQuery): void {
    const { error, known, model } = this;
    const refusal = error === undefined ? undefined : refusalOf(error.text);
    if (refusal === undefined || (forNewSessions(refusal) && known.has(session))) {
      known.add(session);
      model.execute(session, query);
    } else {
      error!.touched();
      model.refuse(session, query, refusal);
    }
  }

  private pooler(mode: PoolerMode): Pooler {
    let pooler = this.poolers.get(mode);
    if (pooler !== undefined) return pooler;
    const { model } = this;
    const base = this.baseOf(mode);
    pooler = createPooler(
      { mode, poolSize: POOL_SIZE },
      {
        send: (client, message) => this.toClient(client, message),
        server: {
          connect: (link) => model.connect(base + link),
          disconnect: (link) => model.disconnect(base + link),
          execute: (link, query) => this.reach(base + link, query),
        },
      },
    );
    this.poolers.set(mode, pooler);
    return pooler;
  }

  private baseOf(mode: PoolerMode): number {
    return POOLED[mode] + this.starts * SESSIONS_PER_START;
  }

  /** A query that waits goes on without its client, and what it does is still its doing. */
  protected override closed(connection: Connection): void {
    const { number, pooler } = connection as PostgresChannel;
    if (pooler === undefined) this.model.disconnect(number);
    else this.pooler(pooler).disconnect(number);
    if (this.clients.get(number)?.waiting.length === 0) this.clients.delete(number);
  }

  /** The client's end of a connection is closed: what rested on its session is lost to it. */
  lostBy({ number, process: { host } }: PostgresChannel): void {
    for (const { host: client, incarnation, operation } of this.sessions.leaveTo(number)) {
      if (!this.leases.grants.has(operation)) continue;
      const atUs = host.frontierUs;
      const server = this.id;
      host.record({ type: 'loss-delivered', atUs, client, incarnation, operation, server });
    }
  }

  // What the nemesis does.

  override crash(): void {
    super.crash();
    this.beginAnew();
  }

  override restart(): void {
    super.restart();
    this.tables.settle();
  }

  /** The connections go to the old primary; its replica takes over with what it has. */
  promote(): number {
    this.dropConnections();
    this.model.promote();
    this.tables.settle();
    this.beginAnew();
    return this.world.nowUs;
  }

  private beginAnew(): void {
    this.clients.clear();
    this.poolers.clear();
    this.known.clear();
    this.starts += 1;
  }

  healed(): void {}

  override clockChanged(): void {
    this.tables.expire();
    super.clockChanged();
    this.tables.wake();
  }

  /** The model looks at its monotonic clock alone; the wall clock is for what rows say. */
  override happen(event: SimEvent): boolean {
    if (event.payload !== 'wall') return super.happen(event);
    this.tables.expire();
    this.tables.wake();
    return false;
  }

  // What the server says.

  override send(session: number, message: unknown): void {
    const said = message as PostgresMessage;
    const mode = poolerOf(session);
    if (mode === undefined) this.toClient(session, said);
    else this.pooler(mode).received(session - this.baseOf(mode), said);
  }

  private toClient(number: number, message: PostgresMessage): void {
    const client = this.clients.get(number);
    if (client === undefined) {
      if (number === SET_UP && message.kind === 'error') this.findBadSchema(message.message);
      return;
    }
    const { reply } = client;
    switch (message.kind) {
      case 'result':
        reply.results.push(message);
        return;
      case 'notice':
        reply.notices.push(message);
        return;
      case 'error':
        reply.error = message;
        return;
      case 'notification':
        reply.notifications.push(message);
        if (client.waiting.length === 0) this.answer(client);
        return;
      case 'ready':
        this.answer(client);
        return;
      case 'closed':
        if (reply.error !== undefined) this.answer(client);
        this.clients.delete(number);
        this.drop(client.connection);
    }
  }

  private findBadSchema(message: string): void {
    this.world.find('threw', `the schema of the lock, at ${this.id}: ${message}`);
  }

  /** All that belongs to a query goes to the client at once, as a server flushes it. */
  private answer(client: Client): void {
    const { connection, effect, reply } = client;
    const request = client.waiting.shift();
    client.reply = new PostgresReply();
    if (request === undefined) {
      this.respond(connection, reply, undefined, effect);
      return;
    }
    reply.answers = true;
    this.sessions.answered(this.sessionOf(connection), request, effect);
    this.respond(connection, reply, request, effect);
    this.recordRequest(request, effect);
    effect.clear();
  }

  /** The session of the server that a client has now. */
  private sessionOf(connection: Connection): number {
    const { number, pooler: mode } = connection as PostgresChannel;
    if (mode === undefined) return number;
    const link = this.pooler(mode).sessionOf(number);
    return link === undefined ? NO_SESSION : this.baseOf(mode) + link;
  }

  private clientOf(session: number): Client | undefined {
    const mode = poolerOf(session);
    if (mode === undefined) return this.clients.get(session);
    const number = this.pooler(mode).clientOf(session - this.baseOf(mode));
    return number === undefined ? undefined : this.clients.get(number);
  }

  // What the model tells of rows and locks.

  rowChanged(
    _table: string,
    key: string,
    _before: PostgresRow | undefined,
    after: PostgresRow | undefined,
    change: RowChangeKind,
    session?: number,
  ): void {
    if (!key.includes(this.lockKey)) return;
    const client = session === undefined ? undefined : this.clientOf(session);
    const request = client?.waiting[0];
    if (change === 'lost') this.tables.undo(key, after);
    else if (request !== undefined) this.tables.written(key, after, request, client!.effect);
  }

  lockChanged(change: LockChange): void {
    if (change.end === undefined) {
      this.sessions.granted(change);
      return;
    }
    const client = this.clientOf(change.session);
    this.sessions.ended(change, client?.waiting[0], client?.effect ?? this.effect);
  }

  // What a request is about.

  protected ownerWords({ body, connection }: Request): readonly string[] {
    const words: string[] = [...this.sessions.ownersOf(this.sessionOf(connection))];
    for (const value of (body as PostgresQuery).values ?? NO_VALUES) {
      if (typeof value === 'string') words.push(value);
    }
    return words;
  }

  /** Only an answer to a query that names the owner says that there is nothing of it. */
  protected override saysLost(
    request: Request,
    effect: RequestEffect,
    reply: unknown,
  ): Actor | undefined {
    if ((reply as PostgresReply).error !== undefined) return undefined;
    if (!this.ownerWords(request).some((word) => this.leases.isOwner(word))) return undefined;
    return super.saysLost(request, effect, reply);
  }

  /** By what it does: giving back, or prolonging. */
  protected intentOf(body: unknown): Intent {
    const { text } = body as PostgresQuery;
    if (RELEASING.test(text)) return 'release';
    return RENEWING.test(text) ? 'renew' : undefined;
  }

  protected errorReply(): never {
    throw new TypeError('the errors of PostgreSQL are made by its model');
  }

  protected hashReply(reply: unknown): number {
    return hashReply(reply as PostgresReply);
  }

  describeRequest(body: unknown): string {
    return queryText(body as PostgresQuery);
  }

  describeReply(body: unknown): string {
    return replyText(body as PostgresReply);
  }
}

const NO_VALUES: readonly never[] = [];
const RELEASING = /^\s*(delete|commit|rollback|discard)\b|advisory_unlock|\bowner\s*=\s*null\b/i;
const RENEWING = /^\s*update\b/i;

function poolerOf(session: number): PoolerMode | undefined {
  if (session < POOLED.session) return undefined;
  return session < POOLED.transaction ? 'session' : 'transaction';
}

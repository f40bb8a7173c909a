/**
 * The simulated ZooKeeper: version 3.8.0, one server or an ensemble, as a state machine. Requests
 * and faults come in, messages and ground truth go to the port. This file is the leader's part:
 * sessions, transactions, and the way of a request (upstream ZooKeeperServer.java,
 * PrepRequestProcessor.java, quorum/LeaderSessionTracker.java of 3.8.0).
 */
import { Alarm } from '../redis/alarm.js';
import { Ensemble } from './ensemble.js';
import { ERROR } from './errors.js';
import { Connection, type Member } from './member.js';
import type { ConnectRequest, Operation, Request } from './messages.js';
import type {
  SessionCause,
  ZooKeeperPort,
  ZooKeeperServer,
  ZooKeeperServerOptions,
} from './port.js';
import { prepare, prepareMulti, prepareReaping } from './preparation.js';
import { type ClientRequest, response } from './reads.js';
import { type Session, Sessions } from './sessions.js';
import type { Change, Transaction } from './transaction.js';
import { refusalOf } from './unmodelled.js';

/** zxids: the leader's epoch in the high half, a count in the low one. */
const EPOCH = 0x1_0000_0000;
const NEVER = Number.POSITIVE_INFINITY;

class SimulatedZooKeeper implements ZooKeeperServer {
  private readonly ensemble: Ensemble;
  private readonly sessions: Sessions;
  private readonly wake: Alarm;
  private readonly connections = new Map<number, Connection>();
  private readonly minTimeoutMs: number;
  private readonly maxTimeoutMs: number;
  /** Last zxid given out. */
  private zxid = 0;
  /** Since when the leader leads: it looks for empty containers every so often from here on. */
  private startedAtMs = 0;
  private reapAtMs = 0;
  /** When followers next tell the leader of whom they have heard. */
  private hearAtMs = NEVER;
  private down = false;

  constructor(
    private readonly options: ZooKeeperServerOptions,
    private readonly port: ZooKeeperPort,
  ) {
    const { tickTimeMs } = options;
    this.minTimeoutMs = options.minSessionTimeoutMs ?? 2 * tickTimeMs;
    this.maxTimeoutMs = options.maxSessionTimeoutMs ?? 20 * tickTimeMs;
    this.sessions = new Sessions(tickTimeMs);
    this.wake = new Alarm(port, 'mono');
    this.ensemble = new Ensemble(options, port, (connection) => {
      this.connections.delete(connection);
    });
    this.begin(this.nowMs());
  }

  get leader(): number {
    return this.ensemble.leader.number;
  }
  private nowMs(): number {
    return Math.floor(this.port.monoUs() / 1000);
  }

  connect(number: number, member = 1): void {
    const at = this.ensemble.members[member - 1];
    if (at === undefined) {
      throw new RangeError(`member must be 1 … ${this.ensemble.members.length}: ${member}`);
    }
    const connection = new Connection(number, at);
    this.connections.set(number, connection);
    at.connections.set(number, connection);
  }

  disconnect(number: number): void {
    const connection = this.connections.get(number);
    if (connection === undefined) return;
    connection.member.leave(connection);
    this.connections.delete(number);
  }

  execute(number: number, request: Request): void {
    const connection = this.connections.get(number);
    // What was on its way when the server closed the connection.
    if (connection === undefined || this.down) return;
    if (request.type === 'connect') this.establish(connection, request);
    else if (connection.sessionId === 0) connection.member.close(connection);
    else this.process(connection, request);
    this.askAlarm();
  }

  private establish(connection: Connection, request: ConnectRequest): void {
    const { member } = connection;
    if (member.stopped || request.lastZxidSeen > member.tree.lastZxid) {
      member.close(connection);
      return;
    }
    const atLeast = Math.max(request.timeoutMs, this.minTimeoutMs);
    connection.timeoutMs = Math.min(atLeast, this.maxTimeoutMs);
    if (request.sessionId !== 0) this.resume(connection, request);
    else if (this.reaches(member)) this.open(connection);
  }

  private open(connection: Connection): void {
    const { member, timeoutMs } = connection;
    const session = this.sessions.open(timeoutMs, member.number, this.nowMs());
    const zxid = this.nextZxid();
    connection.waiting.push({ request: undefined, session, zxid, error: ERROR.OK });
    this.port.sessionChanged(session.id, 'open', 'created');
    this.commit('createSession', session.id, [], []);
  }

  /** A client comes back: an older connection of its session at this server ends in any case. */
  private resume(connection: Connection, { sessionId, password }: ConnectRequest): void {
    const { member, timeoutMs } = connection;
    member.closeSession(sessionId, connection);
    if (!this.reaches(member)) return;
    const session = this.sessions.get(sessionId);
    if (session?.password !== password) {
      member.refuse(connection);
      return;
    }
    this.sessions.touch(sessionId, timeoutMs, this.nowMs());
    session.owner = member.number;
    this.port.sessionChanged(sessionId, 'open', 'resumed');
    member.accept(connection, session, timeoutMs);
  }

  /** Whether a server's requests come through to a leader that can commit. */
  private reaches(member: Member): boolean {
    return this.ensemble.hasQuorum && member.cutOffAtMs === undefined;
  }

  private process(connection: Connection, request: ClientRequest): void {
    const { member, sessionId, timeoutMs } = connection;
    if (member === this.ensemble.leader) {
      // Of a session that is over its server drops requests: the end of the connection follows.
      if (!this.touch(sessionId, timeoutMs)) return;
      if (this.sessions.check(sessionId, member.number) !== ERROR.OK) {
        member.close(connection);
        return;
      }
    } else {
      member.touched.set(sessionId, timeoutMs);
      this.hearSoon();
    }
    const reason = refusalOf(request);
    if (reason !== undefined) {
      const refusal = response(request, member.tree.lastZxid, ERROR.UNIMPLEMENTED);
      member.send(connection, { ...refusal, reason });
      return;
    }
    this.route(connection, request);
  }

  private route(connection: Connection, request: ClientRequest): void {
    const { member } = connection;
    if (!isForLeader(request)) {
      member.readOrWait(connection, request, 0);
    } else if (!this.reaches(member)) {
      const waits = { request, session: undefined, zxid: NEVER, error: ERROR.OK };
      connection.waiting.push(waits);
    } else if (request.type === 'sync') {
      member.readOrWait(connection, request, this.zxid);
    } else {
      this.write(connection, request);
    }
  }

  private touch(sessionId: number, timeoutMs: number): boolean {
    if (!this.sessions.touch(sessionId, timeoutMs, this.nowMs())) return false;
    this.port.sessionChanged(sessionId, 'open', 'renewed');
    return true;
  }

  private write(connection: Connection, request: ClientRequest): void {
    const { sessionId, member, waiting } = connection;
    const isClose = request.type === 'closeSession';
    const refused = isClose ? ERROR.OK : this.sessions.check(sessionId, member.number);
    const zxid = this.nextZxid();
    if (isClose) {
      waiting.push({ request, session: undefined, zxid, error: ERROR.OK });
      this.end(sessionId, 'closed');
      return;
    }
    const changes = refused === ERROR.OK ? this.prepare(request, sessionId) : [];
    waiting.push({ request, session: undefined, zxid, error: refused });
    this.commit(request.type === 'multi' ? 'multi' : 'change', sessionId, changes, []);
  }

  private prepare(request: ClientRequest, sessionId: number): Change[] {
    const { tree } = this.ensemble.leader;
    if (request.type === 'multi') return prepareMulti(request.operations, tree, sessionId);
    return [prepare(request as Operation, tree.znodes, sessionId)];
  }

  private nextZxid(): number {
    this.zxid += 1;
    return this.zxid;
  }

  /** Commits under the last zxid given out. */
  private commit(
    type: Transaction['type'],
    sessionId: number,
    changes: readonly Change[],
    paths: readonly string[],
  ): void {
    const { zxid } = this;
    const atMs = Math.floor(this.port.wallUs() / 1000);
    this.ensemble.commit({ type, zxid, atMs, sessionId, changes, paths });
  }

  /** Ends a session, under the last zxid given out. */
  private end(sessionId: number, cause: SessionCause): void {
    this.sessions.remove(sessionId);
    this.port.sessionChanged(sessionId, 'closed', cause);
    const paths = this.ensemble.leader.tree.ephemeralsOf(sessionId);
    this.commit('closeSession', sessionId, [], paths);
  }

  alarm(): void {
    if (this.down) return;
    const nowMs = this.nowMs();
    if (this.ensemble.supervise(nowMs)) this.begin(nowMs);
    this.ensemble.deliver();
    this.hearFollowers(nowMs);
    if (this.ensemble.hasQuorum) {
      const due = this.sessions.due(nowMs, (n) => this.port.choose(n));
      for (const session of due) this.expire(session);
      this.reapContainers(nowMs);
    }
    this.wake.reset(this.nextAtUs());
  }

  private expire({ id }: Session): void {
    this.nextZxid();
    this.end(id, 'expired');
  }

  /** Twice a tick the leader asks its followers of whom they have heard (LearnerHandler.ping). */
  private hearSoon(): void {
    const halfTickMs = Math.max(1, Math.floor(this.options.tickTimeMs / 2));
    if (this.hearAtMs === NEVER) this.hearAtMs = nextMultiple(this.nowMs(), halfTickMs);
  }

  private hearFollowers(nowMs: number): void {
    if (nowMs < this.hearAtMs) return;
    this.hearAtMs = NEVER;
    for (const member of this.ensemble.members) {
      if (!this.reaches(member)) continue;
      for (const [sessionId, timeoutMs] of member.touched) this.touch(sessionId, timeoutMs);
      member.touched.clear();
    }
  }

  private reapContainers(nowMs: number): void {
    if (nowMs < this.reapAtMs) return;
    const { containerCheckIntervalMs } = this.options;
    const sinceMs = nowMs - this.startedAtMs;
    this.reapAtMs = this.startedAtMs + nextMultiple(sinceMs, containerCheckIntervalMs);
    const { tree } = this.ensemble.leader;
    for (const path of [...tree.containers]) {
      const change = prepareReaping(path, tree);
      if (change === undefined) continue;
      this.nextZxid();
      this.commit('change', 0, [change], []);
    }
  }

  private askAlarm(): void {
    this.wake.ask(this.nextAtUs());
  }

  private nextAtUs(): number {
    const { ensemble } = this;
    let atMs = this.hearAtMs;
    if (ensemble.hasQuorum) {
      atMs = Math.min(atMs, this.sessions.nextAtMs());
      if (ensemble.leader.tree.containers.size > 0) atMs = Math.min(atMs, this.reapAtMs);
    }
    return Math.min(atMs * 1000, ensemble.nextAtUs());
  }

  /** A leader begins. */
  private begin(nowMs: number): void {
    this.startedAtMs = nowMs;
    this.reapAtMs = nowMs + this.options.containerCheckIntervalMs;
    for (const { tree } of this.ensemble.members) tree.observe = undefined;
    this.ensemble.leader.tree.observe = (path, before, after, cause) => {
      this.port.nodeChanged(path, before, after, cause);
    };
    if (!this.ensemble.isAlone) {
      this.zxid = (Math.floor(this.zxid / EPOCH) + 1) * EPOCH;
      this.ensemble.leader.tree.lastZxid = this.zxid;
    }
    this.sessions.restart(nowMs);
    for (const { id } of this.sessions.all()) this.port.sessionChanged(id, 'open', 'leader');
  }

  crash(): void {
    this.down = true;
    for (const { number } of [...this.connections.values()]) this.disconnect(number);
    this.wake.reset(NEVER);
  }

  restart(): void {
    this.down = false;
    if (this.options.dataDirectory === 'lost') this.forget();
    this.ensemble.restart();
    this.begin(this.nowMs());
    this.wake.reset(this.nextAtUs());
  }

  private forget(): void {
    for (const { id } of this.sessions.all()) {
      this.sessions.remove(id);
      this.port.sessionChanged(id, 'closed', 'lost');
    }
    for (const [path, znode] of this.ensemble.leader.tree.znodes) {
      if (path !== '' && path !== '/' && !path.startsWith('/zookeeper')) {
        this.port.nodeChanged(path, znode.state(), undefined, 'lost');
      }
    }
    this.ensemble.forget();
    this.zxid = 0;
  }

  changeLeader(member: number): void {
    const next = this.ensemble.members[member - 1];
    if (next === undefined || next.cutOffAtMs !== undefined) {
      throw new RangeError(`member must be one that the others reach: ${member}`);
    }
    this.ensemble.lead(next);
    this.begin(this.nowMs());
    this.wake.reset(this.nextAtUs());
  }

  isolate(member: number): void {
    this.ensemble.isolate(this.ensemble.members[member - 1]!, this.nowMs());
    this.askAlarm();
  }

  rejoin(member: number): void {
    const back = this.ensemble.members[member - 1]!;
    if (this.ensemble.rejoin(back)) this.begin(this.nowMs());
    for (const connection of [...this.connections.values()]) this.retry(connection);
    if (back.touched.size > 0) this.hearSoon();
    this.wake.reset(this.nextAtUs());
  }

  /** What had waited for a leader goes to it now. */
  private retry(connection: Connection): void {
    const { member, waiting } = connection;
    const from = waiting.findIndex(({ zxid }) => zxid === NEVER);
    if (from < 0 || !this.reaches(member)) return;
    for (const { request } of waiting.splice(from)) this.route(connection, request!);
  }
}

function isForLeader({ type }: ClientRequest): boolean {
  switch (type) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'setData':
    case 'multi':
    case 'closeSession':
    case 'sync':
      return true;
    default:
      return false;
  }
}

function nextMultiple(nowMs: number, stepMs: number): number {
  return (Math.floor(nowMs / stepMs) + 1) * stepMs;
}

/** @throws RangeError for an option that is out of its bounds. */
export function createZooKeeperServer(
  options: ZooKeeperServerOptions,
  port: ZooKeeperPort,
): ZooKeeperServer {
  const { tickTimeMs, syncLimit, containerCheckIntervalMs, followerLagUs } = options;
  for (const [name, value] of Object.entries({ tickTimeMs, syncLimit, containerCheckIntervalMs })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number from 1 on: ${value}`);
    }
  }
  for (const lagUs of followerLagUs) {
    if (!Number.isSafeInteger(lagUs) || lagUs < 0) {
      throw new RangeError(`followerLagUs must be whole microseconds from 0 on: ${lagUs}`);
    }
  }
  return new SimulatedZooKeeper(options, port);
}

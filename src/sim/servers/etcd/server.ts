/**
 * The simulated etcd: version 3.4.23, a cluster of three members as one state machine. Requests and
 * faults come in; messages and news of keys and leases go to the port.
 *
 * All members but one that is cut off know the same at the same time: followers do not lag. What
 * was answered survives every crash, as etcd answers after a majority has it on disk; a member that
 * comes back as leader gives each lease its whole TTL again (`lessor.ts`). Between the end of a
 * lease and the check that finds it, at most 500 ms later, its keys are still there, and a
 * keep-alive for it waits until it is revoked (`lease/lessor.go: Renew`).
 *
 * While the leader is cut off (`isolation.ts`) the others elect another one after one to two
 * election time-outs. Until then their members send writes to the old leader, where they are lost;
 * reads wait, and are refused once there is another one. Errors are those of 3.4.23
 * (`etcdserver/v3_server.go`, `server.go: parseProposeCtxErr`). Not modelled: authentication,
 * requests above 1.5 MiB, and clients that ask for a leader (`hasleader` in their metadata).
 */
import type { Struck } from '../../../fault.js';
import { Alarm } from './alarm.js';
import { malformed } from './check.js';
import { Cluster, type Question } from './cluster.js';
import { CONNECTION_LOST, LEADER_CHANGED } from './errors.js';
import { asksForRevocation, type IsolatedLeader } from './isolation.js';
import { Leadership } from './leadership.js';
import type { ErrorResponse, EtcdRequest, EtcdResponse } from './messages.js';
import type { EtcdPort, EtcdServer, EtcdServerOptions, Isolation } from './port.js';
import type { View } from './range.js';
import { CATCH_UP_US, EXPIRY_CHECK_US } from './rounds.js';
import { Session } from './session.js';
import { Waiting, type WaitingCall } from './waiting.js';
import { fallBehind } from './watches.js';

const MEMBERS = 3;
const NEVER = Number.POSITIVE_INFINITY;

class SimulatedEtcd implements EtcdServer {
  private readonly cluster: Cluster;
  private readonly leadership: Leadership;
  private readonly waiting = new Waiting();
  private readonly alarmClock: Alarm;
  private readonly electionUs: number;
  private isDown = false;
  /** Whether some watches are behind, and the last round that they were too late for. */
  private isCatchingUp = false;
  private caughtUpAtUs = 0;

  constructor(
    private readonly options: EtcdServerOptions,
    private readonly port: EtcdPort,
  ) {
    this.cluster = new Cluster(options, port);
    this.leadership = new Leadership(this.cluster, options);
    this.alarmClock = new Alarm(port);
    this.electionUs = options.electionMs * 1000;
  }

  /* ---- connections ---- */

  connect(connection: number): void {
    this.cluster.sessions.set(connection, new Session(connection));
  }

  disconnect(connection: number): void {
    const session = this.cluster.sessions.get(connection);
    if (session === undefined) return;
    this.cluster.sessions.delete(connection);
    this.waiting.drop(session);
  }

  private send(session: Session, call: number, body: EtcdResponse): void {
    this.port.send(session.connection, { call, body });
  }

  /* ---- requests ---- */

  execute(connection: number, request: EtcdRequest): void {
    const session = this.cluster.sessions.get(connection);
    if (session === undefined) return;
    const call = session.calls;
    session.calls += 1;
    const error = malformed(request);
    if (error === undefined) this.answer(session, call, request);
    else this.send(session, call, error);
  }

  private answer(session: Session, call: number, request: EtcdRequest): void {
    const { cluster } = this;
    const view = this.leadership.viewOf(session);
    switch (request.type) {
      case 'watchCreate': {
        const { watches } = session;
        if (cluster.watches.create(session.connection, watches, call, request, view)) {
          this.awaitCatchUp();
        }
        return;
      }
      case 'watchCancel':
        cluster.watches.cancel(session.connection, session.watches, call, request.watchId, view);
        return;
      case 'leaseKeepAlive':
        session.keepAlives.push({ call, id: request.id, revision: 0 });
        if (session.keepAlives.length === 1) this.keepAlive(session);
        return;
      default:
        this.ask(session, call, request, view);
    }
  }

  private ask(session: Session, call: number, request: Question, view: View): void {
    const lessor = this.leadership.lessorFor(session, request);
    if (lessor === undefined) {
      this.wait(session, call, request);
      return;
    }
    const body = this.cluster.answer(request, view, lessor);
    if (body.type === 'leaseGrant') this.awaitExpiry();
    if (body.type === 'leaseRevoke') this.retryKeepAlives();
    this.send(session, call, body);
  }

  /* ---- keep-alives ---- */

  /** Answers the keep-alives of a connection in order, up to one that has to wait. */
  private keepAlive(session: Session): void {
    const { keepAlives } = session;
    for (let next = keepAlives[0]; next !== undefined; next = keepAlives[0]) {
      next.revision ||= this.leadership.viewOf(session).revision;
      const { call, id, revision } = next;
      const lessor = this.leadership.primaryFor(session);
      if (lessor === undefined) {
        session.isWaiting = true;
        this.wait(session, call, { type: 'leaseKeepAlive', id });
        return;
      }
      const lease = lessor.get(id);
      const nowUs = this.port.monoUs();
      if (lease !== undefined && lease.expiresAtUs <= nowUs) return;
      if (lease !== undefined) {
        lessor.renew(lease, nowUs);
        this.awaitExpiry();
      }
      keepAlives.shift();
      const ttlSeconds = lease?.ttlSeconds ?? 0;
      this.send(session, call, { type: 'leaseKeepAlive', revision, id, ttlSeconds });
    }
  }

  /** Those that waited for a lease to be revoked, or for another leader to know better. */
  private retryKeepAlives(): void {
    for (const session of this.cluster.sessions.values()) {
      if (session.keepAlives.length > 0 && !session.isWaiting) this.keepAlive(session);
    }
  }

  /** An error ends the stream: it answers all that is in it. */
  private failKeepAlives(session: Session, error: ErrorResponse): void {
    session.isWaiting = false;
    for (const { call } of session.keepAlives.splice(0)) this.send(session, call, error);
  }

  /* ---- calls that wait ---- */

  private wait(session: Session, call: number, request: EtcdRequest): void {
    const { fate, error } = this.leadership.prospect(session, request);
    const nowUs = this.port.monoUs();
    const giveUpAtUs = this.leadership.giveUpAtUs(session, fate, nowUs);
    this.waiting.add({ session, call, request, fate, giveUpAtUs, error, answered: false });
    this.alarmClock.ask(giveUpAtUs);
  }

  private giveUp({ session, call, request, error }: WaitingCall): void {
    if (request.type === 'leaseKeepAlive') this.failKeepAlives(session, error);
    else this.send(session, call, error);
  }

  /** Does what waited; what was given up is done without an answer. */
  private resume(calls: readonly WaitingCall[]): void {
    for (const { session, call, request, answered } of calls) {
      if (request.type === 'leaseKeepAlive') {
        session.isWaiting = false;
        if (!answered) this.keepAlive(session);
      } else if (!answered) {
        this.answer(session, call, request);
      } else {
        this.cluster.answer(request as Question, this.cluster.store, this.cluster.lessor);
      }
    }
    this.awaitExpiry();
  }

  private refuseReads(calls: readonly WaitingCall[]): void {
    for (const { session, call } of calls) this.send(session, call, LEADER_CHANGED);
  }

  /* ---- time ---- */

  /** Wakes at the first check that can find an expired lease. */
  private awaitExpiry(): void {
    const { nextExpiryUs, checkedAtUs } = this.cluster.lessor;
    if (nextExpiryUs === NEVER) return;
    this.alarmClock.ask(
      this.alarmClock.rounds.next(Math.max(nextExpiryUs, checkedAtUs + 1), EXPIRY_CHECK_US),
    );
  }

  /** Wakes at the next round that feeds watches which are behind. */
  private awaitCatchUp(): void {
    if (!this.isCatchingUp) {
      this.isCatchingUp = true;
      this.caughtUpAtUs = this.alarmClock.rounds.last(this.port.monoUs(), CATCH_UP_US);
    }
    this.alarmClock.ask(this.caughtUpAtUs + CATCH_UP_US);
  }

  alarm(): void {
    const { alarmClock, leadership } = this;
    const nowUs = this.port.monoUs();
    if (leadership.electedAtUs <= nowUs) this.elect();
    const { isolated } = leadership;
    if (isolated !== undefined && isolated.stepsDownAtUs <= nowUs) this.stepDown(isolated);
    for (const call of this.waiting.giveUp(nowUs)) this.giveUp(call);
    this.checkExpiry(nowUs);
    this.catchUp(nowUs);
    alarmClock.rang();
    this.awaitExpiry();
    if (this.isCatchingUp) this.awaitCatchUp();
    alarmClock.ask(this.waiting.nextUs);
    alarmClock.ask(leadership.nextUs);
    alarmClock.settle();
  }

  private checkExpiry(nowUs: number): void {
    const { cluster } = this;
    if (cluster.lessor.nextExpiryUs > nowUs) return;
    const atUs = this.alarmClock.rounds.last(nowUs, EXPIRY_CHECK_US);
    if (atUs <= cluster.lessor.checkedAtUs) return;
    cluster.lessor.checkedAtUs = atUs;
    const expired = cluster.lessor.expired(atUs);
    for (const lease of expired) cluster.revoke(lease, 'expired');
    if (expired.length > 0) this.retryKeepAlives();
  }

  /** Feeds watches that are behind, if a round is due. */
  private catchUp(nowUs: number): void {
    if (!this.isCatchingUp) return;
    if (this.alarmClock.rounds.last(nowUs, CATCH_UP_US) <= this.caughtUpAtUs) return;
    this.isCatchingUp = false;
    for (const session of this.cluster.sessions.values()) {
      const view = this.leadership.viewOf(session);
      this.cluster.watches.catchUp(session.connection, session.watches, view);
    }
  }

  /* ---- crashes ---- */

  crash(): void {
    this.isDown = true;
    this.cluster.sessions.clear();
    this.waiting.clear();
    this.cluster.lessor.demote();
    this.cluster.forgetCompacted();
    this.leadership.isolated = undefined;
    this.leadership.electedAtUs = NEVER;
    this.alarmClock.stop();
  }

  restart(): void {
    this.isDown = false;
    this.isCatchingUp = false;
    this.lead();
  }

  /* ---- leaders ---- */

  /** Another member leads from now on. */
  private lead(): void {
    const { lessor } = this.cluster;
    const nowUs = this.port.monoUs();
    lessor.checkedAtUs = Number.NEGATIVE_INFINITY;
    lessor.promote(nowUs, this.electionUs);
    this.awaitExpiry();
    this.retryKeepAlives();
  }

  leaderChange(): void {
    if (this.isDown) return;
    if (this.leadership.isElecting) this.elect();
    else this.lead();
  }

  isolateLeader(how: Isolation, { left: told, electedAfterUs }: Struck = {}): readonly number[] {
    if (this.isDown) return [];
    this.healLeader();
    const { cluster, leadership, port, electionUs } = this;
    const drawUs = () => electionUs + port.choose(this.options.electionMs) * 1000;
    leadership.cutOff(how, port.monoUs(), drawUs, electedAfterUs);
    cluster.keepsCompacted = true;
    cluster.lessor.demote();
    this.alarmClock.ask(leadership.nextUs);
    const stays = (connection: number) => told?.includes(connection) ?? port.choose(MEMBERS) === 0;
    const left = [...cluster.sessions.keys()].filter(stays);
    for (const connection of left) cluster.sessions.get(connection)!.isolated = true;
    return left;
  }

  private elect(): void {
    this.leadership.electedAtUs = NEVER;
    this.leadership.isolated!.replacedAtUs = this.port.monoUs();
    this.waiting.lose();
    this.lead();
    this.refuseReads(this.waiting.take(false, ['read']));
  }

  /** The isolated leader notices that it is none: keep-alives begin to wait for one. */
  private stepDown(isolated: IsolatedLeader): void {
    isolated.believes = false;
    this.retryKeepAlives();
  }

  healLeader(): void {
    const { cluster, leadership } = this;
    const { isolated } = leadership;
    if (isolated === undefined) return;
    if (leadership.isElecting && isolated.believes) {
      this.reinstate(isolated);
      return;
    }
    if (leadership.isElecting) this.elect();
    if (isolated.how === 'stall') this.revokeLate(isolated);
    else this.waiting.blame(CONNECTION_LOST);
    const refused = this.waiting.take(true, ['read']);
    const resumed = this.waiting.take(true, ['queued', 'forwarded']);
    this.rejoin();
    this.refuseReads(refused);
    this.resume(resumed);
    this.retryKeepAlives();
    cluster.forgetCompacted();
  }

  /** In time: the leader is the leader still, and what waited is done. */
  private reinstate(isolated: IsolatedLeader): void {
    this.leadership.electedAtUs = NEVER;
    this.cluster.lessor = isolated.lessor;
    const resumed = [
      ...this.waiting.take(true, ['lost', 'read']),
      ...this.waiting.take(false, ['lost', 'read']),
    ];
    this.rejoin();
    this.awaitExpiry();
    this.resume(resumed);
    this.retryKeepAlives();
    this.cluster.forgetCompacted();
  }

  /** The member that was cut off learns what it missed. */
  private rejoin(): void {
    const { sessions, watches, store } = this.cluster;
    const { revision } = this.leadership.isolated!.view;
    this.leadership.isolated = undefined;
    for (const session of sessions.values()) {
      if (!session.isolated) continue;
      session.isolated = false;
      fallBehind(session.watches, revision);
      watches.catchUp(session.connection, session.watches, store);
    }
  }

  /** What a stalled leader wanted to be revoked is revoked now. */
  private revokeLate({ lessor, replacedAtUs }: IsolatedLeader): void {
    const { cluster, leadership } = this;
    const { rounds } = this.alarmClock;
    const nowUs = this.port.monoUs();
    const nextCheckUs = (atUs: number) => rounds.next(atUs, EXPIRY_CHECK_US);
    for (const id of lessor.byExpiry()) {
      const { expiresAtUs } = lessor.get(id)!;
      const lease = cluster.lessor.get(id);
      if (lease === undefined || expiresAtUs > nowUs) continue;
      const { giveUpAfterUs } = leadership;
      if (asksForRevocation(expiresAtUs, giveUpAfterUs, replacedAtUs, nowUs, nextCheckUs)) {
        cluster.revoke(lease, 'expired');
      }
    }
  }
}

/**
 * A simulated etcd cluster without keys, leases and connections.
 *
 * @throws RangeError unless an election takes at least five heartbeats, as etcd demands
 *   (`embed/config.go: Validate`).
 */
export function createEtcdServer(options: EtcdServerOptions, port: EtcdPort): EtcdServer {
  const { heartbeatMs, electionMs } = options;
  if (!(heartbeatMs > 0) || !(electionMs >= 5 * heartbeatMs)) {
    throw new RangeError(
      `electionMs must be at least five times heartbeatMs: ${electionMs}, ${heartbeatMs}`,
    );
  }
  return new SimulatedEtcd(options, port);
}

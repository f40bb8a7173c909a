/**
 * A ZooKeeper ensemble in the world: which server of it a connection is to, which request an answer
 * is for, what a fault does to its servers, and which changes of znodes matter to the lock.
 */
import type { Struck } from '../../fault.js';
import type { Actor } from '../../history.js';
import type { ServerPlan } from '../../scenario.js';
import type { Connection, Request } from '../connection.js';
import { RequestEffect } from '../leases.js';
import { ERROR } from '../servers/zookeeper/errors.js';
import type {
  Operation,
  RequestBody,
  ServerMessage,
  Request as ZooKeeperRequest,
} from '../servers/zookeeper/messages.js';
import type {
  SessionCause,
  SessionState,
  ZnodeCause,
  ZnodeState,
  ZooKeeperPort,
  ZooKeeperServer,
} from '../servers/zookeeper/port.js';
import { createZooKeeperServer } from '../servers/zookeeper/server.js';
import { TICK_MS } from './lease-bounds.js';
import { type Intent, ServiceHost, type ServiceWorld } from './service-host.js';
import type { Channel } from './zookeeper-client.js';
import { isThrottlable, NOT_RUNNING, THROTTLED } from './zookeeper-errors.js';
import { hashMessage } from './zookeeper-hash.js';
import { type LeaseBook, SessionLeases } from './zookeeper-leases.js';
import { MEMBERS } from './zookeeper-session.js';
import { messageText, requestText } from './zookeeper-text.js';

/** Of upstream's conf/zoo_sample.cfg. */
const SYNC_LIMIT = 5;
/** Upstream's `znode.container.checkIntervalMs`. */
const CONTAINER_CHECK_MS = 60_000;
/** A server is cut off for 1 to 24 times so long (docs/semantics.md, R16). */
const ISOLATION_STEP_US = 1_000_000;
const ISOLATION_STEPS = 24;
/** A session may end so much later than its timeout after the leader's last word of it. */
const EXPIRY_SLACK_US = 2 * TICK_MS * 1_000;

/** A request and what it did, until it is answered. */
class Call {
  readonly effect = new RequestEffect();

  constructor(
    readonly request: Request,
    /** The server is too busy for it, and says so in its turn. */
    readonly throttled: boolean,
  ) {}
}

export class ZooKeeperHost extends ServiceHost implements ZooKeeperPort, LeaseBook {
  readonly service = 'zookeeper';
  protected readonly model: ZooKeeperServer;
  protected readonly busy: ServerMessage = refusal(-1);
  /** What was asked on each connection and not answered yet, in order. */
  private readonly calls = new Map<number, Call[]>();
  /** The servers that are cut off, and until when. */
  private isolated: { readonly member: number; readonly untilUs: number }[] = [];

  private readonly sessions = new SessionLeases(this);

  constructor(shared: ServiceWorld, plan: ServerPlan, index: number) {
    super(shared, plan, index);
    this.model = createZooKeeperServer(
      {
        tickTimeMs: TICK_MS,
        syncLimit: SYNC_LIMIT,
        followerLagUs: [...plan.replicaLagUs, 0].slice(0, MEMBERS - 1),
        dataDirectory: 'kept',
        containerCheckIntervalMs: CONTAINER_CHECK_MS,
      },
      this,
    );
  }

  override connect(connection: Connection): void {
    const { number } = connection;
    this.connections.set(number, connection);
    this.calls.set(number, []);
    this.model.connect(number, (connection as Channel).member);
  }

  override receive(request: Request): void {
    const { error } = this;
    const { number } = request.connection;
    if (error?.text === NOT_RUNNING) {
      error.touched();
      this.model.disconnect(number);
      this.close(number);
      return;
    }
    const body = request.body as ZooKeeperRequest;
    const throttled = error !== undefined && isThrottlable(body);
    if (throttled) error.touched();
    this.calls.get(number)!.push(new Call(request, throttled));
    this.current = request;
    this.model.execute(number, throttled ? heartbeat(body) : body);
    this.current = undefined;
  }

  protected apply(): void {
    throw new Error('receive gives requests to the model itself');
  }

  override send(number: number, message: unknown): void {
    const connection = this.connections.get(number);
    if (connection === undefined) return;
    const answer = message as ServerMessage;
    const calls = this.calls.get(number)!;
    const call = answer.type === 'event' ? undefined : calls.shift();
    if (call === undefined) {
      this.respond(connection, answer, undefined, this.effect);
      return;
    }
    const { request, effect } = call;
    if (answer.type === 'connected' && answer.sessionId !== 0) {
      this.sessions.connected(number, answer.sessionId, answer.timeoutMs);
    }
    this.sessions.keep(number, call);
    const given = call.throttled ? this.errorReply(THROTTLED, request) : answer;
    this.respond(connection, given, request, effect);
    this.recordRequest(request, effect);
  }

  /** The model closes a connection, behind what it has sent on it. */
  close(number: number): void {
    const connection = this.connections.get(number);
    this.forget(number);
    this.connections.delete(number);
    connection?.closeByServer();
  }

  override hangup(connection: Connection): void {
    this.forget(connection.number);
    super.hangup(connection);
  }

  private forget(number: number): void {
    this.calls.delete(number);
    this.sessions.disconnected(number);
  }

  override crash(): void {
    super.crash();
    for (const number of [...this.calls.keys()]) this.forget(number);
    this.isolated = [];
  }

  /** 1: another server leads at once. 2: the leader is cut off for a while. 3: a follower is. */
  promote(replica: number, told?: Struck): number {
    const { world, model } = this;
    const { nowUs } = world;
    const member = told?.member ?? this.drawMember(replica);
    world.log?.struck(this.id, nowUs, { member });
    if (replica !== 2 && replica !== 3) {
      if (member !== model.leader) model.changeLeader(member);
      return nowUs;
    }
    const steps = told === undefined ? 1 + this.choose(ISOLATION_STEPS) : 0;
    const untilUs = nowUs + steps * ISOLATION_STEP_US;
    model.isolate(member);
    this.isolated.push({ member, untilUs });
    return untilUs;
  }

  /** The leader that is cut off, or a follower; the leader, if no follower can be reached. */
  private drawMember(replica: number): number {
    const { leader } = this.model;
    const followers = Array.from({ length: MEMBERS }, (_, index) => index + 1).filter(
      (member) => member !== leader && !this.isIsolated(member),
    );
    const follower = followers[this.choose(Math.max(1, followers.length))];
    return replica === 2 ? leader : (follower ?? leader);
  }

  private isIsolated(member: number): boolean {
    return this.isolated.some((one) => one.member === member);
  }

  /** Whoever was cut off until now is back, unless it was cut off again meanwhile. */
  healed(): void {
    const { nowUs } = this.world;
    const over = this.isolated.filter(({ untilUs }) => untilUs <= nowUs);
    this.isolated = this.isolated.filter(({ untilUs }) => untilUs > nowUs);
    for (const { member } of over) if (!this.isIsolated(member)) this.model.rejoin(member);
  }

  // What the model tells of sessions and znodes.

  sessionChanged(id: number, _state: SessionState, cause: SessionCause): void {
    if (cause === 'leader') this.sessions.restarted(id);
  }

  livesUntilUs(termUs: number): number {
    return this.mono.when(this.monoUs() + termUs + EXPIRY_SLACK_US, this.world.nowUs);
  }

  nodeChanged(
    path: string,
    before: ZnodeState | undefined,
    after: ZnodeState | undefined,
    cause: ZnodeCause,
  ): void {
    const znode = after ?? before!;
    if (znode.ephemeralOwner === 0) return;
    if (!path.includes(this.lockKey)) {
      if (before === undefined) this.wroteUnseen(path);
      return;
    }
    const session = this.sessions.get(znode.ephemeralOwner);
    const isOwn = (number: number) => this.sessions.of(number) === session;
    if (after === undefined) {
      const call = this.callFor((body, number) =>
        cause === 'session' ? body.type === 'closeSession' && isOwn(number) : deletes(body, path),
      );
      this.sessions.deleted(session, path, call);
    } else if (before === undefined) {
      const call = this.callFor((body, number) => isOwn(number) && creates(body, path));
      if (call !== undefined) this.sessions.created(session, path, after.czxid, call);
    }
  }

  /** The call that does what the model tells of: the one in hand, or one that had to wait. */
  private callFor(does: (body: RequestBody, number: number) => boolean): Call | undefined {
    const { current } = this;
    if (current !== undefined) {
      const { number } = current.connection;
      if (!does(current.body as RequestBody, number)) return undefined;
      return this.calls.get(number)?.find(({ request }) => request === current);
    }
    for (const [number, calls] of this.calls) {
      const call = calls.find(({ request }) => does(request.body as RequestBody, number));
      if (call !== undefined) return call;
    }
    return undefined;
  }

  // What a request is about.

  /** Only a word about the session says that its leases are lost. */
  protected override saysLost(
    request: Request,
    effect: RequestEffect,
    reply: unknown,
  ): Actor | undefined {
    const message = reply as ServerMessage;
    const over =
      message.type === 'connected'
        ? message.sessionId === 0
        : message.type === 'response' && message.error === ERROR.SESSIONEXPIRED;
    return over ? super.saysLost(request, effect, reply) : undefined;
  }

  protected ownerWords(request: Request): readonly string[] {
    return this.sessions.words(request);
  }

  /** A heartbeat is no request of the lock's, and a place given up while waiting is no release. */
  protected override recordRequest(request: Request, effect: RequestEffect): void {
    const { type } = request.body as ZooKeeperRequest;
    if (
      request.action === 'acquire' ||
      type === 'connect' ||
      type === 'ping' ||
      type === 'setWatches'
    )
      return;
    super.recordRequest(request, effect);
  }

  protected intentOf(body: unknown): Intent {
    const { type } = body as ZooKeeperRequest;
    return type === 'delete' || type === 'closeSession' ? 'release' : undefined;
  }

  protected errorReply(_text: string, { body }: Request): ServerMessage {
    return refusal((body as { xid: number }).xid);
  }

  protected hashReply(reply: unknown): number {
    return hashMessage(reply as ServerMessage);
  }

  describeRequest(body: unknown): string {
    return requestText(body as ZooKeeperRequest);
  }

  describeReply(body: unknown): string {
    return messageText(body as ServerMessage);
  }
}

function refusal(xid: number): ServerMessage {
  const { THROTTLEDOP: error } = ERROR;
  return { type: 'response', xid, zxid: 0, error, result: undefined, reason: undefined };
}

/** What is left of a request that is throttled: its place in the line, and word of its session. */
function heartbeat(request: ZooKeeperRequest): ZooKeeperRequest {
  return request.type === 'connect' ? request : { type: 'ping', xid: request.xid };
}

/** Whether a request may have created a znode: of a sequential one it does not know the number. */
function creates(body: RequestBody, key: string): boolean {
  if (body.type === 'multi') return body.operations.some((one) => creates(toBody(one), key));
  return (body.type === 'create' || body.type === 'create2') && key.startsWith(body.path);
}

function deletes(body: RequestBody, key: string): boolean {
  if (body.type === 'multi') return body.operations.some((one) => deletes(toBody(one), key));
  return body.type === 'delete' && body.path === key;
}

/** A `check` changes nothing, as no other request of its kind does. */
function toBody(operation: Operation): RequestBody {
  return operation.type === 'check' ? { type: 'ping' } : operation;
}

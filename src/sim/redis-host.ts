/**
 * A Redis server as a host of the world: the model behind its connections, its two clocks, its
 * alarms, and what the nemesis does to it. The model itself is in `servers/redis/`.
 */

import { fold, hashString } from '../digest.js';
import type { HostId } from '../fault.js';
import { PURPOSE } from '../random.js';
import type { ServerPlan } from '../scenario.js';
import { HostClock, WALL_EPOCH_US } from './clock.js';
import { type Connection, type Request, Response, type Server } from './connection.js';
import { Subject } from './decisions.js';
import { type LeaseObserver, RequestEffect, type ServerLeases } from './leases.js';
import { Lane, type SimEvent } from './queue.js';
import { BUSY } from './servers/redis/errors.js';
import type { KeyChange, KeyState, RedisPort, RedisServer } from './servers/redis/port.js';
import { RedisError, type Reply, Status } from './servers/redis/reply.js';
import { createRedisServer } from './servers/redis/server.js';
import { EVENT_KIND, type Handler, type World } from './world.js';

export class RedisHost implements Server, RedisPort, Handler {
  readonly id: HostId;
  readonly wall = new HostClock(WALL_EPOCH_US);
  readonly mono = new HostClock(0);
  down = false;
  /** While set, every request is answered with this error and not applied. */
  error: { text: string; touched: () => void } | undefined;
  private readonly model: RedisServer;
  private readonly leasesHere: ServerLeases;
  private readonly subject: Subject;
  private readonly connections = new Map<number, Connection>();
  private readonly lanes: Record<'wall' | 'mono', Lane>;
  private readonly alarms: Record<'wall' | 'mono', SimEvent | undefined> = {
    wall: undefined,
    mono: undefined,
  };
  private readonly alarmsAtUs = { wall: 0, mono: 0 };
  /** The request being applied, and what it did to leases. */
  private current: Request | undefined;
  private readonly effect = new RequestEffect();

  constructor(
    private readonly world: World,
    plan: ServerPlan,
    readonly index: number,
    private readonly leases: LeaseObserver,
    private readonly lockKey: string,
  ) {
    this.id = plan.id;
    this.leasesHere = leases.at(plan.id);
    this.subject = new Subject(world.decisions, 64 + index);
    this.lanes = { wall: new Lane(128 + index * 2, true), mono: new Lane(129 + index * 2, true) };
    const { persistence, replicaLagUs } = plan;
    this.model = createRedisServer({ persistence, replicaLagUs }, this);
  }

  connect(connection: Connection): void {
    this.connections.set(connection.number, connection);
    this.model.connect(connection.number);
  }

  receive(request: Request): void {
    const { connection } = request;
    if (this.error !== undefined) {
      this.error.touched();
      const reply = new RedisError(this.error.text);
      connection.respond(new Response(reply, this.traced(connection, reply)), hashReply(reply));
      return;
    }
    this.current = request;
    this.effect.clear();
    this.execute(connection, request.body as string[]);
    this.recordRequest(request, this.effect);
    this.current = undefined;
  }

  /** Applies a command; a script that a real server would not end either is a finding. */
  private execute(connection: Connection, words: readonly string[]): void {
    try {
      this.model.execute(connection.number, words);
    } catch (error) {
      const { process } = connection;
      this.world.find('threw', `${this.id}: ${(error as Error).message}`, process.name);
      this.send(connection.number, BUSY);
    }
  }

  /**
   * A request that gives back or extends a lease, in a call of the workload or in the background.
   */
  private recordRequest(request: Request, effect: RequestEffect): void {
    if (request.action === 'acquire' && !effect.ended) return;
    const { host, incarnation, operation } = this.leases.actorOf(request);
    const action =
      request.action === 'renew' || request.action === 'release'
        ? request.action
        : intentOf(request);
    if (action === undefined || operation === '') return;
    this.world.record({
      type: 'request',
      atUs: this.world.nowUs,
      sentAtUs: request.sentAtUs,
      action,
      client: host,
      incarnation,
      operation,
      server: this.id,
      key: this.lockKey,
      effect: effect.ended ? 'ended' : effect.extended ? 'extended' : 'none',
    });
  }

  hangup(connection: Connection): void {
    if (this.connections.delete(connection.number)) this.model.disconnect(connection.number);
  }

  crash(): void {
    this.down = true;
    this.dropConnections();
    this.model.crash();
  }

  restart(): void {
    this.down = false;
    this.model.restart();
  }

  promote(replica: number): void {
    this.dropConnections();
    this.model.promote(replica);
  }

  /** A clock of this host was changed by the nemesis. */
  clockChanged(): void {
    if (!this.down) this.model.alarm();
    for (const clock of ['wall', 'mono'] as const) {
      if (this.alarms[clock] !== undefined) this.setAlarm(clock, this.alarmsAtUs[clock]);
    }
  }

  happen(event: SimEvent): boolean {
    this.alarms[event.payload as 'wall' | 'mono'] = undefined;
    if (!this.down) this.model.alarm();
    return false;
  }

  // What the model asks of the world (RedisPort).

  wallUs(): number {
    return this.wall.read(this.world.nowUs);
  }

  monoUs(): number {
    return this.mono.read(this.world.nowUs);
  }

  send(number: number, reply: Reply): void {
    const asking = this.current?.connection;
    const connection = asking?.number === number ? asking : this.connections.get(number);
    if (connection === undefined) return;
    const message = this.traced(connection, reply);
    connection.respond(this.response(connection, reply, message), hashReply(reply));
  }

  setAlarm(clock: 'wall' | 'mono', atUs: number | undefined): void {
    const { world } = this;
    const set = this.alarms[clock];
    if (set !== undefined) world.cancel(set);
    this.alarms[clock] = undefined;
    if (atUs === undefined) return;
    this.alarmsAtUs[clock] = atUs;
    const dueUs = this[clock].when(atUs, world.nowUs);
    const tie = this.subject.decide(PURPOSE['tie-timer'], 0x4000_0000, 0);
    const lane = this.lanes[clock];
    const { alarm } = EVENT_KIND;
    this.alarms[clock] = world.schedule(lane, this, alarm, dueUs, tie, 0, world.nowUs, 0, clock);
  }

  keyChanged(
    key: string,
    before: KeyState | undefined,
    after: KeyState | undefined,
    change: KeyChange,
  ): void {
    const wallMs = Math.floor(this.wallUs() / 1_000);
    const { current, effect } = this;
    this.leases.changed(this.leasesHere, key, before, after, change, wallMs, current, effect);
  }

  choose(n: number): number {
    return this.subject.decide(PURPOSE.server, n, 0);
  }

  /** A reply, with what it tells about leases if it answers the request in hand. */
  private response(connection: Connection, reply: Reply, message: number): Response {
    const { current, effect } = this;
    if (current?.connection !== connection) return new Response(reply, message);
    const lost = this.leases.saysLost(this.leasesHere, current, effect);
    return new Response(reply, message, effect.leases, lost);
  }

  delivered({ acked, lost }: Response): void {
    const { world } = this;
    const atUs = world.nowUs;
    if (acked !== undefined)
      for (const lease of acked) world.record({ type: 'acked', atUs, lease });
    if (lost === undefined) return;
    const { host: client, incarnation, operation } = lost;
    world.record({
      type: 'loss-delivered',
      atUs,
      client,
      incarnation,
      operation,
      server: this.id,
    });
  }

  private traced(connection: Connection, reply: Reply): number {
    const { trace, nowUs } = this.world;
    if (trace === undefined) return -1;
    return trace.sent(this.id, connection.process.host.id, nowUs, nowUs, replyText(reply));
  }

  private dropConnections(): void {
    for (const connection of this.connections.values()) connection.closeByServer();
    this.connections.clear();
  }
}

/** What a request in the background is for, by what it does: deleting, or prolonging. */
function intentOf({ body }: Request): 'renew' | 'release' | undefined {
  const words = body as readonly string[];
  const text = /^eval/i.test(words[0]!) ? words[1]! : words[0]!;
  if (/\b(del|unlink)\b/i.test(text)) return 'release';
  return /expire/i.test(text) ? 'renew' : undefined;
}

/** A reply in the words of redis-cli. */
export function replyText(reply: Reply): string {
  if (reply === null) return '(nil)';
  if (typeof reply === 'number') return `(integer) ${reply}`;
  if (typeof reply === 'string') return JSON.stringify(reply);
  if (reply instanceof Status) return reply.text;
  if (reply instanceof RedisError) return `(error) ${reply.text}`;
  return `[${reply.map(replyText).join(', ')}]`;
}

function hashReply(reply: Reply): number {
  if (typeof reply === 'number') return fold(17, reply | 0);
  if (typeof reply === 'string') return fold(19, hashString(reply));
  if (reply === null) return 23;
  if (reply instanceof Status) return fold(29, hashString(reply.text));
  if (reply instanceof RedisError) return fold(31, hashString(reply.text));
  let h = 37;
  for (const item of reply) h = fold(h, hashReply(item));
  return h;
}

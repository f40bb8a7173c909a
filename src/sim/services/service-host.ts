/**
 * A server of a coordination service as a host of the world: the model behind its connections, its
 * two clocks, its alarms, what the nemesis does to it, and what its requests do to leases. The
 * models are in `servers/`, one folder each; a subclass ties one to the world.
 */
import type { HostId, Struck } from '../../fault.js';
import type { Actor } from '../../history.js';
import { PURPOSE } from '../../random.js';
import type { ServerPlan } from '../../scenario.js';
import type { Service } from '../../service.js';
import { HostClock, WALL_EPOCH_US } from '../clock.js';
import { type Connection, type Request, Response, type Server } from '../connection.js';
import { Subject } from '../decisions.js';
import { type LeaseObserver, RequestEffect, type ServerLeases } from '../leases.js';
import { Lane, type SimEvent } from '../queue.js';
import type { QueueObserver } from '../queues.js';
import { EVENT_KIND, type Handler, type World } from '../world.js';
import type { SideKeys } from './side-keys.js';
import { UnseenWrites } from './unseen-writes.js';

const TIES = 0x4000_0000;

/** What the world does to every model. */
export interface ServiceModel {
  connect(connection: number): void;
  /** The connection ended, by either side. */
  disconnect(connection: number): void;
  /** A clock reached the reading that the model asked for, or was changed; also while down. */
  alarm(): void;
  crash(): void;
  restart(): void;
}

/** What all servers of a run share. */
export interface ServiceWorld {
  readonly world: World;
  readonly leases: LeaseObserver;
  readonly lockKey: string;
  /** Absent unless the lock declares an order of grants. */
  readonly queues: QueueObserver | undefined;
  /** What the workload asks for. */
  readonly ttlUs: number;
  /** SQL that the lock wants run beforehand. */
  readonly schema: string | undefined;
  /** Term of a permit, in µs; absent unless the lock declares permits. */
  readonly permitTermUs: number | undefined;
  /** Made for the first write that tells of no lease: most locks make none. */
  unseen: UnseenWrites | undefined;
  /** Made for the first key of another name than the lock's. */
  sideKeys: SideKeys | undefined;
}

/** What a request in the background is for. */
export type Intent = 'renew' | 'release' | undefined;

export abstract class ServiceHost implements Server, Handler {
  readonly id: HostId;
  abstract readonly service: Service;
  readonly wall = new HostClock(WALL_EPOCH_US);
  readonly mono = new HostClock(0);
  readonly hasSessions: boolean = false;
  down = false;
  /** While set, every request is answered with this error and not applied. */
  error: { text: string; touched: () => void } | undefined;
  protected readonly world: World;
  protected readonly lockKey: string;
  readonly leases: LeaseObserver;
  readonly leasesHere: ServerLeases;
  readonly queues: QueueObserver | undefined;
  /** The request being applied, and what it did to leases. */
  protected current: Request | undefined;
  protected effect = new RequestEffect();
  protected abstract readonly model: ServiceModel;
  private readonly subject: Subject;
  protected readonly connections = new Map<number, Connection>();
  private readonly lanes: Record<'wall' | 'mono', Lane>;
  private readonly alarms: Record<'wall' | 'mono', SimEvent | undefined> = {
    wall: undefined,
    mono: undefined,
  };
  private readonly alarmsAtUs = { wall: 0, mono: 0 };

  constructor(
    protected readonly shared: ServiceWorld,
    plan: ServerPlan,
    readonly index: number,
  ) {
    const { world, leases, lockKey, queues } = shared;
    this.world = world;
    this.leases = leases;
    this.lockKey = lockKey;
    this.queues = queues;
    this.id = plan.id;
    this.leasesHere = leases.at(plan.id, (request) => this.ownerWords(request));
    this.subject = new Subject(world.decisions, 64 + index);
    this.lanes = { wall: new Lane(128 + index * 2, true), mono: new Lane(129 + index * 2, true) };
  }

  /** Applies a request; the reply goes to `send`, now or later. Throws what a script never ends. */
  protected abstract apply(connection: number, body: unknown): void;
  /** The reply of the service to a request that is an error with this text. */
  protected abstract errorReply(text: string, request: Request): unknown;
  /** The words of a request that may tell whose lease it is about. */
  protected abstract ownerWords(request: Request): readonly string[];
  /**
   * The fault class `failover`, by its number of a replica (from 1). Answers the instant at which
   * `healed` follows; the present, if there is nothing to heal, or if it is told what was struck
   * in place of drawing it: then nobody knows beforehand how long it lasts.
   */
  abstract promote(replica: number, told?: Struck): number;
  /** What `promote` did has passed. */
  abstract healed(): void;
  /** What it answers to a request that it never gets done with. */
  protected abstract readonly busy: unknown;
  protected abstract hashReply(reply: unknown): number;
  protected abstract intentOf(body: unknown): Intent;
  abstract describeRequest(body: unknown): string;
  abstract describeReply(body: unknown): string;

  connect(connection: Connection): void {
    this.connections.set(connection.number, connection);
    this.opened(connection);
  }

  protected opened({ number }: Connection): void {
    this.model.connect(number);
  }

  protected closed({ number }: Connection): void {
    this.model.disconnect(number);
  }

  receive(request: Request): void {
    const { connection } = request;
    if (this.error !== undefined) {
      this.error.touched();
      const reply = this.errorReply(this.error.text, request);
      connection.respond(
        new Response(reply, this.traced(connection, reply)),
        this.hashReply(reply),
      );
      return;
    }
    this.current = request;
    this.effect.clear();
    this.execute(connection, request.body);
    if (this.isApplied(request)) this.recordRequest(request, this.effect);
    this.current = undefined;
  }

  /** Whether the model has done with a request; one that it lets wait is recorded later. */
  protected isApplied(_request: Request): boolean {
    return true;
  }

  /** Applies a request; one that a real server would not end either is a finding. */
  private execute(connection: Connection, body: unknown): void {
    try {
      this.apply(connection.number, body);
    } catch (error) {
      const { process } = connection;
      this.world.find('threw', `${this.id}: ${(error as Error).message}`, process.name);
      this.send(connection.number, this.busy);
    }
  }

  /**
   * A request that gives back or extends a lease, in a call of the workload or in the background.
   */
  protected recordRequest(request: Request, effect: RequestEffect): void {
    if (request.action === 'acquire' && !effect.ended) return;
    const { host, incarnation, operation } = this.leases.actorOf(this.leasesHere, request);
    const action =
      request.action === 'renew' || request.action === 'release'
        ? request.action
        : this.intentOf(request.body);
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

  /** The request in hand, if it is of an acquire, wrote what is taken for no lease. */
  protected wroteUnseen(key: string | undefined, holds?: string): void {
    if (key === undefined || this.current?.action !== 'acquire') return;
    this.shared.unseen ??= new UnseenWrites();
    this.shared.unseen.note({ server: this.id, key, holds }, this.current);
  }

  hangup(connection: Connection): void {
    if (this.connections.delete(connection.number)) this.closed(connection);
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

  /** A clock of this host was changed by the nemesis. */
  clockChanged(): void {
    this.model.alarm();
    for (const clock of ['wall', 'mono'] as const) {
      if (this.alarms[clock] !== undefined) this.setAlarm(clock, this.alarmsAtUs[clock]);
    }
  }

  happen(event: SimEvent): boolean {
    this.alarms[event.payload as 'wall' | 'mono'] = undefined;
    this.model.alarm();
    return false;
  }

  // What every model asks of the world.

  wallUs(): number {
    return this.wall.read(this.world.nowUs);
  }

  monoUs(): number {
    return this.mono.read(this.world.nowUs);
  }

  send(number: number, reply: unknown): void {
    const asking = this.current?.connection;
    const connection = asking?.number === number ? asking : this.connections.get(number);
    if (connection === undefined) return;
    this.respond(connection, reply, asking === connection ? this.current : undefined, this.effect);
  }

  /** Sends a reply; if it answers `request`, with what it tells about leases. */
  protected respond(
    connection: Connection,
    reply: unknown,
    request: Request | undefined,
    effect: RequestEffect,
  ): void {
    const message = this.traced(connection, reply);
    const response =
      request === undefined
        ? new Response(reply, message)
        : new Response(reply, message, effect.leases, this.saysLost(request, effect, reply));
    connection.respond(response, this.hashReply(reply));
  }

  /** Whose lease a reply says is lost. */
  protected saysLost(request: Request, effect: RequestEffect, _reply: unknown): Actor | undefined {
    return this.leases.saysLost(this.leasesHere, request, effect);
  }

  setAlarm(clock: 'wall' | 'mono', atUs: number | undefined): void {
    const { world } = this;
    const set = this.alarms[clock];
    if (set !== undefined) world.cancel(set);
    this.alarms[clock] = undefined;
    if (atUs === undefined) return;
    this.alarmsAtUs[clock] = atUs;
    const dueUs = this[clock].when(atUs, world.nowUs);
    const tie = this.subject.decide(PURPOSE['tie-timer'], TIES, 0);
    const lane = this.lanes[clock];
    const { alarm } = EVENT_KIND;
    this.alarms[clock] = world.schedule(lane, this, alarm, dueUs, tie, 0, world.nowUs, 0, clock);
  }

  choose(n: number): number {
    return this.subject.decide(PURPOSE.server, n, 0);
  }

  delivered({ acked, lost }: Response): void {
    const { world } = this;
    const atUs = world.nowUs;
    if (acked !== undefined)
      for (const lease of acked) world.record({ type: 'acked', atUs, lease });
    if (lost === undefined) return;
    const { host: client, incarnation, operation } = lost;
    const server = this.id;
    world.record({ type: 'loss-delivered', atUs, client, incarnation, operation, server });
  }

  private traced(connection: Connection, reply: unknown): number {
    const { trace, nowUs } = this.world;
    if (trace === undefined) return -1;
    const client = connection.process.host.id;
    return trace.sent(this.id, client, nowUs, nowUs, this.describeReply(reply));
  }

  /** The server ends a connection by itself. */
  protected drop(connection: Connection): void {
    if (this.connections.delete(connection.number)) connection.closeByServer();
  }

  protected dropConnections(): void {
    for (const connection of this.connections.values()) connection.closeByServer();
    this.connections.clear();
  }
}

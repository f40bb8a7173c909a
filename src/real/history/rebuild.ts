/**
 * The history of a real run: what clients and the resource recorded themselves, and the leases,
 * which no server tells of. These come from playing the requests, in the order in which the servers
 * applied them, to the simulated servers and their observers. So a lease means the same in both
 * worlds; and where a model answers otherwise than the real server did, that is said.
 */

import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId } from '../../fault.js';
import type { History, HistoryRecord } from '../../history.js';
import type { Scenario } from '../../scenario.js';
import { serviceOf } from '../../service.js';
import { WALL_EPOCH_US } from '../../sim/clock.js';
import type { Connection, Request, Response } from '../../sim/connection.js';
import { EditedDecisions } from '../../sim/decisions.js';
import { LeaseObserver } from '../../sim/leases.js';
import type { Process } from '../../sim/process.js';
import { Lane } from '../../sim/queue.js';
import { QueueObserver } from '../../sim/queues.js';
import type { EtcdMessage } from '../../sim/servers/etcd/messages.js';
import type { ServerMessage } from '../../sim/servers/zookeeper/messages.js';
import { createHost, loadServices, mustLoad } from '../../sim/services/hosts.js';
import type { PostgresChannel } from '../../sim/services/postgres-connection.js';
import type { PostgresHost } from '../../sim/services/postgres-host.js';
import type { PostgresReply } from '../../sim/services/postgres-reply.js';
import type { RedisHost } from '../../sim/services/redis-host.js';
import type { ServiceHost, ServiceWorld } from '../../sim/services/service-host.js';
import { EVENT_KIND, World } from '../../sim/world.js';
import { sameText } from '../replay/same.js';
import { OwnRevisions } from './revisions.js';
import { Sessions } from './sessions.js';
import type { IssuedId, WireEvent, WireRequest } from './wire.js';

/** Everything that is known of a real run. */
export interface RealRun {
  /** SQL that was run on each PostgreSQL server beforehand. */
  readonly schema: string | undefined;
  readonly scenario: Scenario;
  /** What was recorded where it happened, in any order. */
  readonly records: readonly HistoryRecord[];
  readonly wire: readonly WireRequest[];
  readonly events: readonly WireEvent[];
  readonly issued: readonly IssuedId[];
  /** What the history says of the run as a whole. */
  readonly world: History['world'];
  /** Servers that count what others write to them as well. */
  readonly countingOthers: ReadonlySet<HostId>;
  /** The machine's date when the run began. */
  readonly startedAtWallUs: number;
  readonly healedAtUs: number;
  readonly endUs: number;
}

/** Where within its bounds a request is taken to have been applied: 0 earliest, 1 latest. */
export type Placement = 0 | 0.5 | 1;

export interface Rebuilt {
  readonly history: History;
  /** Where a model answered otherwise than the real server. */
  readonly differences: readonly string[];
}

/** Makes the history, with every request placed there within its bounds. */
export async function rebuild(run: RealRun, placement: Placement): Promise<Rebuilt> {
  if (mustLoad(run.scenario.servers)) await loadServices(run.scenario.servers);
  return new Rebuilding(run, placement).make();
}

interface Item {
  readonly atUs: number;
  readonly act: () => void;
}

class Rebuilding {
  private readonly world: World;
  private readonly leases: LeaseObserver;
  private readonly shared: ServiceWorld;
  private readonly servers = new Map<HostId, ServiceHost>();
  private readonly connections = new Map<number, FakeConnection>();
  private readonly sessions = new Sessions();
  private readonly revisions = new Map<HostId, OwnRevisions>();
  private readonly differences: string[] = [];

  constructor(
    private readonly run: RealRun,
    private readonly placement: Placement,
  ) {
    const { scenario, schema } = run;
    const decisions = new EditedDecisions([0, 0, 0, 0], []);
    for (const server of run.countingOthers) this.revisions.set(server, new OwnRevisions());
    this.world = new World(decisions, (then) => then(), undefined);
    this.leases = new LeaseObserver(this.world);
    const { declares } = run.world;
    const ttlUs = scenario.ttlMs * 1_000;
    this.shared = {
      world: this.world,
      leases: this.leases,
      lockKey: scenario.key,
      queues:
        declares.fairness === undefined
          ? undefined
          : new QueueObserver(this.world, scenario.clients),
      ttlUs,
      permitTermUs: declares.permits === undefined ? undefined : ttlUs,
      schema,
      unseen: undefined,
      sideKeys: undefined,
    };
    scenario.servers.forEach((plan, index) => {
      const lagged = { ...plan, replicaLagUs: this.lagsOf(plan.id, plan.replicaLagUs) };
      const server = createHost(this.shared, lagged, index);
      server.wall.step(0, run.startedAtWallUs - WALL_EPOCH_US);
      this.servers.set(plan.id, server);
    });
  }

  /** The lags of replicas as they were; real servers of an ensemble follow at once. */
  private lagsOf(server: HostId, planned: readonly number[]): readonly number[] {
    if (serviceOf(server) === 'zookeeper') return planned.map(() => 0);
    const lags = [...planned];
    for (const event of this.run.events) {
      if (event.event !== 'promote' || event.server !== server) continue;
      lags[event.replica - 1] = Math.max(0, Math.round(event.lagUs));
    }
    return lags;
  }

  async make(): Promise<Rebuilt> {
    const { run, world, leases } = this;
    for (const { ownerId, client, incarnation, operation } of run.issued) {
      leases.issued(ownerId, processOf(client, incarnation, operation));
    }
    const lane = new Lane(4, true);
    const items = this.items().sort((a, b) => a.atUs - b.atUs);
    for (const { atUs, act } of items) {
      const handler = {
        happen() {
          act();
          return false;
        },
      };
      world.schedule(lane, handler, EVENT_KIND.record, Math.max(0, Math.round(atUs)), 0);
    }
    const end = {
      happen() {
        world.end();
        return false;
      },
    };
    world.schedule(lane, end, EVENT_KIND.phase, Math.round(run.endUs), 0);
    await world.run();
    return { history: this.history(), differences: this.differences };
  }

  private history(): History {
    const { run, world } = this;
    const { healedAtUs, endUs } = run;
    const { unseen: written, sideKeys } = this.shared;
    const records = sideKeys?.withoutNotes(world.records) ?? world.records;
    const unseen = written?.ofGranted(this.leases.grants, records, sideKeys);
    return { world: run.world, records, healedAtUs, endUs, ...(unseen && { unseen }) };
  }

  private items(): Item[] {
    const { records, wire, events } = this.run;
    return [
      ...records.map((record) => ({ atUs: record.atUs, act: () => this.record(record) })),
      ...wire.flatMap((request) => this.requestItems(request)),
      ...events.map((event) => ({ atUs: event.atUs, act: () => this.happen(event) })),
    ];
  }

  private record(record: HistoryRecord): void {
    const { world, leases } = this;
    if (record.type === 'ok' && record.action === 'acquire') {
      leases.grants.set(record.operation, record.ownerId);
    }
    world.record({ ...record, atUs: world.nowUs } as HistoryRecord);
  }

  private requestItems(entry: WireRequest): Item[] {
    const { earliestUs, latestUs, deliveredAtUs } = entry;
    const atUs = earliestUs + (latestUs - earliestUs) * this.placement;
    let response: Response | undefined;
    const items = [
      {
        atUs,
        act: () => {
          const server = this.servers.get(entry.server);
          if (server === undefined) return;
          const { refused } = entry;
          if (refused !== undefined) server.error = { text: refused, touched() {} };
          this.connectionOf(server, entry).ask(entry, this.toModel(entry), (answer) => {
            response = answer;
            this.sessions.learn(entry, answer.body);
            this.compare(server, entry, answer);
          });
          server.error = undefined;
        },
      },
    ];
    const acknowledged = acknowledgedBy(entry);
    if (acknowledged !== undefined) {
      const act = () => {
        const server = this.servers.get(entry.server) as RedisHost | undefined;
        if (response === undefined) server?.acknowledged(entry.connection, acknowledged);
      };
      items.push({ atUs: latestUs, act });
    }
    if (deliveredAtUs !== undefined) {
      const act = () => response && this.servers.get(entry.server)?.delivered(response);
      items.push({ atUs: Math.max(deliveredAtUs, latestUs), act: () => void act() });
    }
    return items;
  }

  /** What a request asks of a model, which has made other sessions and knows of nobody else. */
  private toModel(entry: WireRequest): unknown {
    const body = this.sessions.toModel(entry);
    return this.revisions.get(entry.server)?.ownBody(body) ?? body;
  }

  private connectionOf(server: ServiceHost, entry: WireRequest): FakeConnection {
    const { connection, client, incarnation, pooler, member } = entry;
    let known = this.connections.get(connection);
    if (known === undefined) {
      const process = processOf(client, incarnation, '', this.world);
      known = new FakeConnection(connection, server, process, pooler, member);
      this.connections.set(connection, known);
      server.connect(known as unknown as Connection);
    }
    return known;
  }

  private compare(server: ServiceHost, { reply, body, client }: WireRequest, answer: Response) {
    if (reply === undefined) return;
    const modelled = server.describeReply(answer.body);
    const revisions = this.revisions.get(server.id);
    if (sameText(revisions?.ownText(reply, modelled) ?? reply, modelled)) {
      revisions?.learn(reply, modelled);
      return;
    }
    const asked = server.describeRequest(body);
    this.differences.push(
      `${server.id} answered ${client} ${reply}, the model ${modelled}: ${asked}`,
    );
  }

  private happen(event: WireEvent): void {
    const server = this.servers.get(event.server);
    if (server === undefined) return;
    const { nowUs } = this.world;
    switch (event.event) {
      case 'crash':
        server.crash();
        return;
      case 'restart':
        server.restart();
        return;
      case 'promote':
        server.promote(event.replica, event.struck);
        return;
      case 'healed':
        server.healed();
        return;
      case 'step':
        server.wall.step(nowUs, event.byUs);
        break;
      case 'rate':
        server.wall.setRate(nowUs, event.ratePpm);
        server.mono.setRate(nowUs, event.ratePpm);
        break;
      default: {
        const connection = this.connections.get(event.connection);
        if (connection === undefined) return;
        if (event.event === 'hangup') server.hangup(connection as unknown as Connection);
        else if (isPostgres(server)) server.lostBy(connection as unknown as PostgresChannel);
        return;
      }
    }
    server.clockChanged();
  }
}

/** A connection of the past: what the model answers on it is looked at, and goes nowhere. */
class FakeConnection {
  readonly link = undefined;
  /** Requests that were not answered, by their numbers on this connection. */
  private readonly waiting = new Map<number, (response: Response) => void>();
  private asked = 0;
  private isOver = false;

  constructor(
    readonly number: number,
    readonly server: ServiceHost,
    readonly process: Process,
    readonly pooler: PoolerMode | undefined,
    /** Of an ensemble; what nobody knows of is to the server that leads. */
    readonly member = 1,
  ) {}

  ask(entry: WireRequest, body: unknown, answered: (response: Response) => void): void {
    if (this.isOver) return;
    const { client, incarnation, operation, action, sentAtUs } = entry;
    const number = this.asked++;
    this.waiting.set(number, answered);
    const process = processOf(client, incarnation, operation);
    const request = { body, process, connection: this, operation, action, sentAtUs, number };
    this.server.receive(request as unknown as Request);
  }

  respond(response: Response): void {
    const { body } = response;
    if (isNews(this.server, body)) return;
    const [oldest] = this.waiting.keys();
    const number = this.server.service === 'etcd' ? (body as EtcdMessage).call : oldest;
    if (number === undefined) return;
    const answered = this.waiting.get(number);
    this.waiting.delete(number);
    answered?.(response);
  }

  /** What came after that, its server did not hear. */
  closeByServer(): void {
    this.isOver = true;
  }
}

/** How many replicas a WAIT was told of: they say so on their own accord when no model can know. */
function acknowledgedBy({ body, reply }: WireRequest): number | undefined {
  if (!Array.isArray(body) || String(body[0]).toUpperCase() !== 'WAIT') return undefined;
  const replicas = /^\(integer\) (\d+)$/.exec(reply ?? '')?.[1];
  return replicas === undefined ? undefined : Number(replicas);
}

/** Whether what a server sends answers nothing. */
function isNews({ service }: ServiceHost, body: unknown): boolean {
  switch (service) {
    case 'postgres':
      return !(body as PostgresReply).answers;
    case 'zookeeper':
      return (body as ServerMessage).type === 'event';
    default:
      return false;
  }
}

function isPostgres(server: ServiceHost): server is PostgresHost {
  return server.service === 'postgres';
}

/** As much of a process as observers look at. */
function processOf(client: HostId, incarnation: number, operation: string, world?: World): Process {
  // Clients of a real run go by the clock of the machine, as their servers do.
  const wall = { read: (atUs: number) => WALL_EPOCH_US + atUs };
  const name = incarnation === 1 ? client : `${client}/${incarnation}`;
  const host = {
    id: client,
    operation,
    wall,
    get frontierUs() {
      return world?.nowUs;
    },
    record: (record: HistoryRecord) => world?.record(record),
  };
  return { host, incarnation, name } as unknown as Process;
}

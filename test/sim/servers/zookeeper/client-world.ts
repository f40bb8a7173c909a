/**
 * A world in which client sessions talk to a simulated ZooKeeper over links without latency, which
 * a test may cut: whole, or in one direction.
 */
import {
  ClientSession,
  type ClientSessionOptions,
  type ClientSessionPort,
  type ClientState,
} from '../../../../src/sim/servers/zookeeper/client-session.js';
import type {
  Request,
  RequestBody,
  Result,
  ServerMessage,
  WatchEventKind,
} from '../../../../src/sim/servers/zookeeper/messages.js';
import { World } from './world.js';

export interface Answer {
  readonly error: number;
  readonly result: Result | undefined;
}

export class Client implements ClientSessionPort {
  readonly session: ClientSession;
  readonly states: ClientState[] = [];
  readonly fired: string[] = [];
  /** Servers that it was about to connect to. */
  readonly opened: number[] = [];
  readonly sent: { request: Request; atMs: number }[] = [];
  connection: number | undefined;
  alarmAtUs: number | undefined;
  /** New connections fail. */
  refused = false;
  /** What it sends gets lost, what is sent to it gets lost. */
  deafServer = false;
  deafClient = false;
  /** By how much its wall clock is ahead. */
  wallStepUs = 0;
  /** How long it waits before a reconnect. */
  delayMs = 1;

  constructor(
    readonly world: ClientWorld,
    options: Partial<ClientSessionOptions>,
  ) {
    const usual = { timeoutMs: 9000, servers: 1, restoresWatches: true };
    this.session = new ClientSession({ ...usual, ...options }, this);
  }

  monoUs(): number {
    return this.world.monoUs();
  }

  wallUs(): number {
    return this.world.wallUs() + this.wallStepUs;
  }

  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    this.alarmAtUs = atUs;
  }

  choose(): number {
    return this.delayMs;
  }

  stateChanged(state: ClientState): void {
    this.states.push(state);
  }

  watchFired(event: WatchEventKind, path: string): void {
    this.fired.push(`${event} ${path}`);
  }

  open(server: number): void {
    this.opened.push(server);
    this.world.later(() => this.world.attach(this, server));
  }

  send(request: Request): void {
    this.sent.push({ request, atMs: this.monoUs() / 1000 });
    const { connection } = this;
    if (connection === undefined || this.deafServer) return;
    this.world.later(() => this.world.server.execute(connection, request));
  }

  hangUp(): void {
    if (this.connection !== undefined && !this.deafServer) {
      this.world.server.disconnect(this.connection);
    }
    this.connection = undefined;
  }

  /** The connection breaks, and both ends see it. */
  sever(): void {
    this.hangUp();
    this.session.disconnected();
    this.world.settle();
  }

  /** Sends a request; the answer is there as soon as it came. */
  ask(body: RequestBody): { answer: Answer | undefined } {
    const place: { answer: Answer | undefined } = { answer: undefined };
    this.session.call(body, (error, result) => {
      place.answer = { error, result };
    });
    this.world.settle();
    return place;
  }
}

export class ClientWorld extends World {
  private readonly clients: Client[] = [];
  private readonly byConnection = new Map<number, Client>();
  private agenda: (() => void)[] = [];

  client(options: Partial<ClientSessionOptions> = {}): Client {
    const client = new Client(this, options);
    this.clients.push(client);
    client.session.start();
    this.settle();
    return client;
  }

  /** Does something after what is being done. */
  later(what: () => void): void {
    this.agenda.push(what);
  }

  settle(): void {
    for (let next = this.agenda.shift(); next !== undefined; next = this.agenda.shift()) next();
  }

  attach(client: Client, server: number): void {
    if (client.refused) {
      client.session.disconnected();
      return;
    }
    const connection = this.byConnection.size + 1;
    this.byConnection.set(connection, client);
    client.connection = connection;
    this.server.connect(connection, server);
    client.session.opened();
  }

  override send(connection: number, message: ServerMessage): void {
    this.toClient(connection, (client) => client.session.received(message));
  }

  override close(connection: number): void {
    this.toClient(connection, (client) => {
      client.connection = undefined;
      client.session.disconnected();
    });
  }

  private toClient(connection: number, what: (client: Client) => void): void {
    const client = this.byConnection.get(connection);
    if (client === undefined || client.deafClient) return;
    this.later(() => {
      if (client.connection === connection) what(client);
    });
  }

  override pass(ms: number): void {
    const untilUs = this.mono + ms * 1000;
    for (;;) {
      const dueUs = Math.min(
        this.alarmAtUs ?? Number.POSITIVE_INFINITY,
        ...this.clients.map(({ alarmAtUs }) => alarmAtUs ?? Number.POSITIVE_INFINITY),
      );
      if (dueUs > untilUs) break;
      this.moveTo(Math.max(this.mono, dueUs));
      if (this.alarmAtUs !== undefined && this.alarmAtUs <= this.mono) this.server.alarm();
      for (const client of this.clients) {
        if (client.alarmAtUs !== undefined && client.alarmAtUs <= this.mono) client.session.alarm();
      }
      this.settle();
    }
    this.moveTo(untilUs);
  }
}

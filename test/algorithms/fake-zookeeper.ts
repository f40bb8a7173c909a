/**
 * A ZooKeeper for the small world of a lock's tests: the simulated server, alone, on the world's
 * clock, and sessions of the client library over connections that take 1 ms each way, which a test
 * can cut.
 */
import type {
  SessionOptions,
  ZooKeeperClient,
  ZooKeeperSession,
} from '../../src/algorithms/zookeeper.js';
import type { Request, ServerMessage } from '../../src/sim/servers/zookeeper/messages.js';
import type { ZooKeeperServer } from '../../src/sim/servers/zookeeper/port.js';
import { createZooKeeperServer } from '../../src/sim/servers/zookeeper/server.js';
import { LibrarySession } from '../../src/sim/services/zookeeper-session.js';
import { requestText } from '../../src/sim/services/zookeeper-text.js';
import type { FakeWorld } from './fake-environment.js';

const LATENCY_MS = 1;
const TICK_MS = 2_000;

interface End {
  heard(message: ServerMessage): void;
  broken(): void;
}

export class FakeEnsemble {
  readonly server: ZooKeeperServer;
  private readonly ends = new Map<number, End>();
  private readonly paths = new Set<string>();
  private cancelAlarm = () => {};

  constructor(readonly world: FakeWorld) {
    const nowUs = () => Math.round(world.nowMs * 1_000);
    this.server = createZooKeeperServer(
      {
        tickTimeMs: TICK_MS,
        syncLimit: 5,
        followerLagUs: [],
        dataDirectory: 'kept',
        containerCheckIntervalMs: 60_000,
      },
      {
        monoUs: nowUs,
        wallUs: nowUs,
        send: (connection, message) => {
          world.schedule(LATENCY_MS, () => this.ends.get(connection)?.heard(message));
        },
        setAlarm: (_clock, atUs) => {
          this.cancelAlarm();
          if (atUs === undefined) return;
          this.cancelAlarm = world.schedule(atUs / 1_000 - world.nowMs, () => this.server.alarm());
        },
        close: (connection) => {
          world.schedule(LATENCY_MS, () => this.ends.get(connection)?.broken());
        },
        sessionChanged: () => {},
        nodeChanged: (path, _before, after) => {
          if (after === undefined) this.paths.delete(path);
          else this.paths.add(path);
        },
        choose: () => 0,
      },
    );
  }

  connect(end: End): number {
    const number = this.ends.size + 1;
    this.ends.set(number, end);
    this.server.connect(number);
    return number;
  }

  disconnect(number: number): void {
    this.ends.set(number, { heard: () => {}, broken: () => {} });
    this.server.disconnect(number);
  }

  /** The znodes of the lock, without their parent. */
  places(): string[] {
    return [...this.paths].filter((path) => path.split('/').length === 3);
  }
}

export class FakeZooKeeperClient implements ZooKeeperClient {
  readonly server = 'z1';
  /** The sessions that were begun, which know of their connections. */
  readonly sessions: FakeSession[] = [];

  constructor(
    readonly world: FakeWorld,
    readonly client: string,
    readonly ensemble: FakeEnsemble,
  ) {}

  connect(options: SessionOptions): ZooKeeperSession {
    const session = new FakeSession(this, options);
    this.sessions.push(session);
    session.start();
    return session;
  }
}

export class FakeSession extends LibrarySession {
  private connection: number | undefined;
  private cancelAlarm = () => {};
  /** Until when no connection comes about. */
  private cutUntilMs = 0;
  private losesReplyTo: Request['type'] | undefined;

  constructor(
    private readonly owner: FakeZooKeeperClient,
    options: SessionOptions,
  ) {
    super(options);
  }

  start(): void {
    this.session.start();
  }

  /** The connection breaks, and none comes about for so long. */
  cut(forMs: number): void {
    const { world, ensemble } = this.owner;
    this.cutUntilMs = world.nowMs + forMs;
    if (this.connection !== undefined) ensemble.disconnect(this.connection);
    this.connection = undefined;
    this.session.disconnected();
  }

  /** The connection breaks when the next request of that type has been carried out. */
  loseReplyTo(type: Request['type']): void {
    this.losesReplyTo = type;
  }

  open(): void {
    const { world, ensemble } = this.owner;
    if (world.nowMs < this.cutUntilMs) {
      world.schedule(LATENCY_MS, () => this.session.disconnected());
      return;
    }
    this.connection = ensemble.connect({
      heard: (message) => this.session.received(message),
      broken: () => {
        this.connection = undefined;
        this.session.disconnected();
      },
    });
    this.session.opened();
  }

  send(request: Request): void {
    const { world, client, ensemble } = this.owner;
    const { connection } = this;
    if (connection === undefined) return;
    world.schedule(LATENCY_MS, () => {
      if (connection !== this.connection) return;
      world.log.push(`${world.nowMs} ${client} z1 ${requestText(request)}`);
      ensemble.server.execute(connection, request);
      if (request.type !== this.losesReplyTo) return;
      this.losesReplyTo = undefined;
      this.cut(0);
    });
  }

  hangUp(): void {
    if (this.connection !== undefined) this.owner.ensemble.disconnect(this.connection);
    this.connection = undefined;
  }

  monoUs(): number {
    return Math.round(this.owner.world.nowMs * 1_000);
  }

  wallUs(): number {
    return this.monoUs();
  }

  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    this.cancelAlarm();
    if (atUs === undefined) return;
    const { world } = this.owner;
    const delayMs = Math.max(0, atUs / 1_000 - world.nowMs);
    this.cancelAlarm = world.schedule(delayMs, () => this.session.alarm());
  }

  choose(): number {
    return 10;
  }

  protected enter(): boolean {
    return true;
  }

  protected ended(): void {}
}

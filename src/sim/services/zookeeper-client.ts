/**
 * A client of a simulated ZooKeeper in the world: a session that outlives its connections, on the
 * clocks of its host, with a timer that nobody waits for.
 */
import type {
  SessionOptions,
  ZooKeeperClient,
  ZooKeeperSession,
} from '../../algorithms/zookeeper.js';
import { PURPOSE } from '../../random.js';
import { Connection } from '../connection.js';
import type { Process, Timer } from '../process.js';
import type { Request, ServerMessage } from '../servers/zookeeper/messages.js';
import type { Route } from './service-connection.js';
import { hashRequest } from './zookeeper-hash.js';
import { LibrarySession, MEMBERS } from './zookeeper-session.js';
import { requestText } from './zookeeper-text.js';

/** A connection to one server of the ensemble. */
export class Channel extends Connection {
  constructor(
    { process, link, host, numbers }: Route,
    override readonly member: number,
    private readonly session: SimZooKeeperSession,
  ) {
    super(process, link, host, numbers.next());
  }

  override onPush = (body: unknown): boolean => {
    const message = body as ServerMessage;
    this.process.run(() => this.session.heard(this, message));
    return message.type === 'event';
  };

  override onClose = (): void => this.session.broken(this);
}

export class SimZooKeeperClient implements ZooKeeperClient {
  readonly server: string;

  constructor(private readonly route: Route) {
    this.server = route.host.id;
  }

  connect(options: SessionOptions): ZooKeeperSession {
    const session = new SimZooKeeperSession(this.route, options);
    session.start();
    return session;
  }
}

class SimZooKeeperSession extends LibrarySession {
  private readonly process: Process;
  private channel: Channel | undefined;
  private timer: Timer | undefined;
  /** Clients have the servers of the connection string in an order of their own. */
  private offset = 0;

  constructor(
    private readonly route: Route,
    options: SessionOptions,
  ) {
    super(options);
    this.process = route.process;
  }

  start(): void {
    if (!this.enter()) return;
    const { process } = this;
    this.offset = process.host.subject.decide(PURPOSE.random, MEMBERS, 0);
    process.sessionsOpen += 1;
    this.session.start();
  }

  protected enter(): boolean {
    return this.process.enter();
  }

  protected ended(): void {
    this.process.sessionsOpen -= 1;
  }

  // What its connections tell.

  heard(channel: Channel, message: ServerMessage): void {
    if (channel === this.channel) this.session.received(message);
  }

  broken(channel: Channel): void {
    if (channel !== this.channel) return;
    this.channel = undefined;
    this.session.disconnected();
  }

  // What the state machine asks for.

  monoUs(): number {
    const { host } = this.process;
    return host.mono.read(host.frontierUs);
  }

  wallUs(): number {
    const { host } = this.process;
    return host.wall.read(host.frontierUs);
  }

  open(server: number): void {
    const member = ((server - 1 + this.offset) % MEMBERS) + 1;
    this.channel = new Channel(this.route, member, this);
    this.session.opened();
  }

  send(request: Request): void {
    const { process, channel } = this;
    if (process.releasing !== undefined && !isOfSession(request)) process.releaseLeaves();
    const text = process.host.world.trace === undefined ? '' : requestText(request);
    // What the answer is, or that none will come, the state machine is told.
    channel?.send(request, hashRequest(request), text).catch(() => {});
  }

  hangUp(): void {
    const { channel } = this;
    this.channel = undefined;
    channel?.close();
  }

  /** A timer that is due earlier stays: waking up for nothing costs less than a new one. */
  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    const { timer, process } = this;
    if (timer !== undefined && atUs !== undefined && timer.dueMonoUs <= atUs) return;
    if (timer !== undefined) process.cancelTimer(timer);
    this.timer = undefined;
    if (atUs === undefined) return;
    const delayUs = Math.max(0, atUs - this.monoUs());
    this.timer = process.setTimer(delayUs, this.alarm, false);
  }

  private readonly alarm = (): void => {
    this.timer = undefined;
    this.session.alarm();
  };

  choose(n: number): number {
    return this.process.host.subject.decide(PURPOSE.random, n, n >> 1);
  }
}

/** Whether a request is the session's own business, and none of the code that uses it. */
function isOfSession({ type }: Request): boolean {
  return type === 'connect' || type === 'ping' || type === 'setWatches';
}

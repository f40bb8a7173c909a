/**
 * A small world for a simulated ZooKeeper: two clocks that move when told, alarms that ring on
 * time, and notes of all that the servers said.
 */
import {
  OPEN_ACL_UNSAFE,
  type Request,
  type RequestBody,
  type Response,
  type ServerMessage,
} from '../../../../src/sim/servers/zookeeper/messages.js';
import type {
  SessionCause,
  SessionState,
  ZnodeCause,
  ZnodeState,
  ZooKeeperPort,
  ZooKeeperServer,
  ZooKeeperServerOptions,
} from '../../../../src/sim/servers/zookeeper/port.js';
import { createZooKeeperServer } from '../../../../src/sim/servers/zookeeper/server.js';

export type Said = ServerMessage | { readonly type: 'closed' };

export interface SessionNote {
  readonly sessionId: number;
  readonly state: SessionState;
  readonly cause: SessionCause;
  readonly atMs: number;
}

export interface ZnodeNote {
  readonly path: string;
  readonly before: ZnodeState | undefined;
  readonly after: ZnodeState | undefined;
  readonly cause: ZnodeCause;
}

export const USUAL: ZooKeeperServerOptions = {
  tickTimeMs: 2000,
  followerLagUs: [],
  syncLimit: 5,
  dataDirectory: 'kept',
  containerCheckIntervalMs: 60_000,
};

export class World implements ZooKeeperPort {
  readonly server: ZooKeeperServer;
  /** What was said on each connection, and when. */
  readonly said: { connection: number; message: Said; atUs: number }[] = [];
  readonly sessions: SessionNote[] = [];
  readonly znodes: ZnodeNote[] = [];
  alarms = 0;
  /** What `choose` answers: the first of n, unless a test says otherwise. */
  choice = (_n: number): number => 0;

  protected alarmAtUs: number | undefined;
  private readonly xids = new Map<number, number>();

  constructor(
    options: Partial<ZooKeeperServerOptions> = {},
    protected mono = 0,
    private wall = 1_700_000_000_000_000,
  ) {
    this.server = createZooKeeperServer({ ...USUAL, ...options }, this);
  }

  monoUs(): number {
    return this.mono;
  }

  wallUs(): number {
    return this.wall;
  }

  send(connection: number, message: ServerMessage): void {
    this.said.push({ connection, message, atUs: this.mono });
  }

  close(connection: number): void {
    this.said.push({ connection, message: { type: 'closed' }, atUs: this.mono });
  }

  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    this.alarmAtUs = atUs;
  }

  sessionChanged(sessionId: number, state: SessionState, cause: SessionCause): void {
    this.sessions.push({ sessionId, state, cause, atMs: this.mono / 1000 });
  }

  nodeChanged(
    path: string,
    before: ZnodeState | undefined,
    after: ZnodeState | undefined,
    cause: ZnodeCause,
  ): void {
    this.znodes.push({ path, before, after, cause });
  }

  choose(n: number): number {
    return this.choice(n);
  }

  /** Moves both clocks, and rings what is due on the way. */
  pass(ms: number): void {
    const untilUs = this.mono + ms * 1000;
    while (this.alarmAtUs !== undefined && this.alarmAtUs <= untilUs) {
      this.moveTo(Math.max(this.mono, this.alarmAtUs));
      this.alarms += 1;
      this.server.alarm();
    }
    this.moveTo(untilUs);
  }

  protected moveTo(atUs: number): void {
    this.wall += atUs - this.mono;
    this.mono = atUs;
  }

  /** What was said on a connection; empties the notes. */
  heard(connection: number): Said[] {
    const heard = this.said.filter((said) => said.connection === connection);
    const rest = this.said.filter((said) => said.connection !== connection);
    this.said.splice(0, this.said.length, ...rest);
    return heard.map(({ message }) => message);
  }

  /** A new session on a new connection; the answer is its id. */
  open(connection: number, timeoutMs = 8000, member = 1): number {
    this.server.connect(connection, member);
    const request = { sessionId: 0, password: '', timeoutMs, lastZxidSeen: 0 };
    this.server.execute(connection, { type: 'connect', ...request });
    const [message] = this.heard(connection);
    if (message?.type !== 'connected') throw new Error(`not connected: ${JSON.stringify(message)}`);
    return message.sessionId;
  }

  /** The session goes on, on a new connection. */
  resume(connection: number, sessionId: number, member = 1, timeoutMs = 8000): void {
    this.server.connect(connection, member);
    const password = `password ${sessionId}`;
    const request = { sessionId, password, timeoutMs, lastZxidSeen: 0 };
    this.server.execute(connection, { type: 'connect', ...request });
  }

  request(connection: number, body: RequestBody): void {
    const xid = (this.xids.get(connection) ?? 0) + 1;
    this.xids.set(connection, xid);
    this.server.execute(connection, { ...body, xid } as Request);
  }

  /** Sends a request and takes its response. */
  ask(connection: number, body: RequestBody): Response {
    this.heard(connection);
    this.request(connection, body);
    const response = this.heard(connection).findLast(({ type }) => type === 'response');
    if (response?.type !== 'response') throw new Error(`no response to ${body.type}`);
    return response;
  }

  create(connection: number, path: string, flags = 0, data = ''): Response {
    return this.ask(connection, { type: 'create', path, data, acl: OPEN_ACL_UNSAFE, flags });
  }

  /** Names below a path, sorted; undefined if there is none. */
  list(connection: number, path: string): string[] | undefined {
    const { result } = this.ask(connection, { type: 'getChildren', path, watch: false });
    return result?.children && [...result.children].sort();
  }
}

/**
 * Plays a sequence against a real ZooKeeper and writes down what came back, on every connection. In
 * a timed sequence every request leaves early in a tick, so that the tick in which the server hears
 * of it is beyond doubt.
 */
import type { RequestBody } from '../../../src/sim/servers/zookeeper/messages.js';
import { type Arrival, Connection, monoMs, type RealSession } from './connection.js';
import {
  type GoldenConnect,
  type GoldenRequest,
  type GoldenSequence,
  type GoldenStep,
  normalise,
  type Origin,
} from './format.js';
import type { Sequence, SequenceStep } from './sequence.js';

const QUIET_MS = 15;
const STARTING_MS = 300;
/** After which an ensemble has passed on whatever it passes on. */
const SETTLED_MS = 100;
const EARLY_MS = 20;
const LATE_MS = 40;
/** What only the recorder needs to have: it outlives every sequence. */
const CONTROL_TIMEOUT_MS = 40_000;

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** What an ensemble can do beside answering. */
export interface Cuts {
  isolate(member: number): void;
  rejoin(member: number): void;
  /** Resolves when there is another leader. */
  kill(member: number): Promise<void>;
}

/** A server or an ensemble, the numbers of its sessions, and a session that clears up. */
export class RealServer {
  private readonly numbers = new Map<bigint, number>();
  private control!: Connection;

  private constructor(
    private readonly ports: readonly number[],
    /** Of timed sequences: the server's tick. */
    readonly timedTickMs: number | undefined,
    readonly cuts: Cuts | undefined,
  ) {}

  static async open(
    ports: readonly number[],
    timedTickMs?: number,
    cuts?: Cuts,
  ): Promise<RealServer> {
    const server = new RealServer(ports, timedTickMs, cuts);
    // A server that is still starting closes connections, or forgets them.
    do {
      await pause(STARTING_MS);
      server.control = await server.connect();
      server.control.connect(undefined, CONTROL_TIMEOUT_MS, 0);
      await server.control.settled(STARTING_MS).catch(() => server.control.drop());
    } while (server.control.session === undefined);
    return server;
  }

  get sessionCount(): number {
    return this.numbers.size;
  }

  connect(member = 1): Promise<Connection> {
    return Connection.open(this.ports[member - 1]!, (id) => {
      if (!this.numbers.has(id)) this.numbers.set(id, this.numbers.size + 1);
      return this.numbers.get(id)!;
    });
  }

  private async ask(request: RequestBody) {
    this.control.send(request);
    await this.control.settled();
    const { message } = this.control.arrivals.at(-1)!;
    if (message.type !== 'response') throw new Error('the control session is gone');
    return message;
  }

  /** Makes the znode below which a sequence works; the answer is the zxid of that. */
  async begin(): Promise<number> {
    const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
    const { error, zxid } = await this.ask({ type: 'create', path: '/t', data: '', acl, flags: 0 });
    if (error !== 0) throw new Error(`cannot create /t: ${error}`);
    return zxid;
  }

  /** Ends what sessions a sequence has left, and removes its znodes. */
  async clear(sessions: readonly RealSession[]): Promise<void> {
    for (const session of sessions) {
      const connection = await this.connect();
      connection.connect(session, CONTROL_TIMEOUT_MS, 0);
      await connection.settled();
      const { message } = connection.arrivals.at(-1)!;
      if (message.type === 'connected' && message.sessionId !== 0) {
        connection.send({ type: 'closeSession' });
      }
      await connection.end();
    }
    await this.remove('/t');
  }

  private async remove(path: string): Promise<void> {
    const { result } = await this.ask({ type: 'getChildren', path, watch: false });
    for (const name of result?.children ?? []) await this.remove(`${path}/${name}`);
    await this.ask({ type: 'delete', path, version: -1 });
  }

  close(): void {
    this.control.drop();
  }
}

class Recording {
  private readonly connections = new Map<number, Connection>();
  /** How many of its arrivals each connection has told. */
  private readonly told = new Map<Connection, number>();
  readonly sessions: (RealSession | undefined)[] = [];

  constructor(
    private readonly server: RealServer,
    private readonly origin: Origin,
    private readonly startMs: number,
  ) {}

  private sinceMs(): number {
    return Math.round(monoMs() - this.startMs);
  }

  async step(step: SequenceStep): Promise<GoldenStep> {
    if (step.type === 'request') await this.waitForPhase();
    const from = this.sinceMs();
    if (step.type === 'wait') await pause(step.waitMs);
    else if (step.type === 'drop') await this.drop(step.connection);
    else if (step.type !== 'request') await this.server.cuts![step.type](step.member);
    else await this.request(step.connection, step.request);
    const to = this.sinceMs();
    await this.quiet(step);
    return { ...whatOf(step), messages: this.arrivals(step.type === 'wait'), at: [from, to] };
  }

  private async waitForPhase(): Promise<void> {
    const tickMs = this.server.timedTickMs;
    if (tickMs === undefined) return;
    for (;;) {
      const phaseMs = monoMs() % tickMs;
      if (phaseMs >= EARLY_MS && phaseMs <= LATE_MS) return;
      await pause(phaseMs < EARLY_MS ? EARLY_MS - phaseMs : tickMs + EARLY_MS - phaseMs);
    }
  }

  private async drop(number: number): Promise<void> {
    this.connections.get(number)!.drop();
    this.connections.delete(number);
    await pause(QUIET_MS);
  }

  private async request(number: number, request: GoldenRequest): Promise<void> {
    if (request.type === 'connect') {
      await this.connect(number, request);
      return;
    }
    const connection = this.connections.get(number)!;
    const { zxid } = this.origin;
    const isSetWatches = request.type === 'setWatches';
    const relativeZxid = isSetWatches ? request.relativeZxid + zxid : 0;
    connection.send(isSetWatches ? { ...request, relativeZxid } : request);
    // A server that is cut off answers later, or never.
    if (this.server.cuts !== undefined) await connection.settled(SETTLED_MS).catch(() => {});
    else await connection.settled();
    if (request.type === 'closeSession') await connection.end();
  }

  private async connect(number: number, request: GoldenConnect): Promise<void> {
    const connection = await this.server.connect(request.member);
    this.connections.set(number, connection);
    let session = request.session === undefined ? undefined : this.sessions[request.session];
    if (session !== undefined && request.wrongPassword) {
      session = { id: session.id, password: Buffer.alloc(16, 7) };
    }
    const { lastZxidSeen } = request;
    const seen = lastZxidSeen === undefined ? 0 : lastZxidSeen + this.origin.zxid;
    connection.connect(session, request.timeoutMs, seen);
    await connection.settled();
    if (connection.session === undefined) await connection.end();
    else this.sessions[number] = connection.session;
  }

  /** Until everything that the server has sent must have arrived. */
  private async quiet(step: SequenceStep): Promise<void> {
    if (this.server.timedTickMs !== undefined) {
      if (step.type !== 'wait') await pause(this.server.cuts === undefined ? QUIET_MS : SETTLED_MS);
      return;
    }
    for (const connection of this.connections.values()) {
      if (connection.closed || connection.session === undefined) continue;
      connection.send({ type: 'ping' });
      await connection.settled();
      const last = connection.arrivals.at(-1)!;
      if (isPing(last)) connection.arrivals.pop();
    }
  }

  private arrivals(timed: boolean): GoldenStep['messages'] {
    const messages: (readonly [number, unknown, number?])[] = [];
    for (const [number, connection] of [...this.connections].sort(([a], [b]) => a - b)) {
      const from = this.told.get(connection) ?? 0;
      this.told.set(connection, connection.arrivals.length);
      for (const { message, atMs } of connection.arrivals.slice(from)) {
        const told = normalise(message, this.origin);
        const isTimed = timed && this.server.timedTickMs !== undefined;
        messages.push(isTimed ? [number, told, Math.round(atMs - this.startMs)] : [number, told]);
      }
    }
    return messages;
  }

  dropAll(): void {
    for (const connection of this.connections.values()) connection.drop();
  }
}

function whatOf(step: SequenceStep): Omit<GoldenStep, 'messages' | 'at'> {
  switch (step.type) {
    case 'wait':
      return { waitMs: step.waitMs };
    case 'drop':
      return { drop: step.connection };
    case 'isolate':
    case 'rejoin':
    case 'kill':
      return { [step.type]: step.member };
    default:
      return { connection: step.connection, request: step.request };
  }
}

function isPing({ message }: Arrival): boolean {
  return message.type === 'response' && message.xid === -2;
}

/** Plays a sequence. */
export async function record(server: RealServer, sequence: Sequence): Promise<GoldenSequence> {
  const startMs = monoMs();
  const wallMs = Date.now();
  const origin: Origin = { zxid: await server.begin(), wallMs, sessions: server.sessionCount };
  const recording = new Recording(server, origin, startMs);
  const steps: GoldenStep[] = [];
  for (const step of sequence.steps) steps.push(await recording.step(step));
  recording.dropAll();
  if (!sequence.fresh) {
    await server.clear(recording.sessions.filter((session) => session !== undefined));
  }
  const { name } = sequence;
  const phaseMs = Math.floor(startMs) % (server.timedTickMs ?? 1);
  return {
    name,
    ...(sequence.fresh ? { fresh: true as const } : {}),
    ...(server.timedTickMs === undefined ? {} : { phaseMs }),
    steps,
  };
}

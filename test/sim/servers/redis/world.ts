/**
 * A small world for a simulated Redis: two clocks that move when told, alarms that ring on time,
 * and notes of all that the server said.
 */
import type {
  KeyChange,
  KeyState,
  RedisPort,
  RedisServer,
  RedisServerOptions,
} from '../../../../src/sim/servers/redis/port.js';
import type { Reply } from '../../../../src/sim/servers/redis/reply.js';
import { createRedisServer } from '../../../../src/sim/servers/redis/server.js';

export interface Change {
  readonly key: string;
  readonly before: KeyState | undefined;
  readonly after: KeyState | undefined;
  readonly change: KeyChange;
}

export class World implements RedisPort {
  readonly server: RedisServer;
  readonly sent: { connection: number; reply: Reply }[] = [];
  readonly changes: Change[] = [];
  /** Number of times an alarm was asked for or withdrawn. */
  alarmRequests = 0;
  /** What `choose` answers: the first of n, unless a test says otherwise. */
  choice = (_n: number): number => 0;

  private wall: number;
  private mono: number;
  private readonly alarms: { wall?: number; mono?: number } = {};

  constructor(options: Partial<RedisServerOptions> = {}, wallUs = 1_700_000_000_000_000) {
    this.wall = wallUs;
    this.mono = 5_000_000;
    this.server = createRedisServer({ persistence: 'none', replicaLagUs: [], ...options }, this);
  }

  wallUs(): number {
    return this.wall;
  }

  monoUs(): number {
    return this.mono;
  }

  send(connection: number, reply: Reply): void {
    this.sent.push({ connection, reply });
  }

  setAlarm(clock: 'wall' | 'mono', atUs: number | undefined): void {
    this.alarmRequests += 1;
    delete this.alarms[clock];
    if (atUs !== undefined) this.alarms[clock] = atUs;
  }

  keyChanged(
    key: string,
    before: KeyState | undefined,
    after: KeyState | undefined,
    change: KeyChange,
  ): void {
    this.changes.push({ key, before, after, change });
  }

  resume(_connection: number, apply: () => void): void {
    apply();
  }

  choose(n: number): number {
    return this.choice(n);
  }

  /** Microseconds until the next alarm rings; ∞ if none is set. */
  get untilAlarmUs(): number {
    const { wall = Number.POSITIVE_INFINITY, mono = Number.POSITIVE_INFINITY } = this.alarms;
    return Math.max(Math.min(wall - this.wall, mono - this.mono), 0);
  }

  /** Both clocks go on for so long; alarms ring on their way. */
  pass(durationUs: number): void {
    let leftUs = durationUs;
    while (this.untilAlarmUs <= leftUs) {
      const stepUs = this.untilAlarmUs;
      this.advance(stepUs);
      leftUs -= stepUs;
      this.ring();
    }
    this.advance(leftUs);
  }

  private advance(durationUs: number): void {
    this.wall += durationUs;
    this.mono += durationUs;
  }

  private ring(): void {
    const { wall, mono } = this.alarms;
    if (wall !== undefined && wall <= this.wall) delete this.alarms.wall;
    if (mono !== undefined && mono <= this.mono) delete this.alarms.mono;
    this.server.alarm();
  }

  /** Steps the wall clock; the server is told. */
  stepWall(byUs: number): void {
    this.wall += byUs;
    this.server.alarm();
  }

  /** The monotonic clock starts anew, as after a loss of power. */
  resetMono(): void {
    this.mono = 0;
  }

  /** What was sent since the last call. */
  takeSent(): { connection: number; reply: Reply }[] {
    return this.sent.splice(0);
  }

  takeChanges(): Change[] {
    return this.changes.splice(0);
  }

  /** Runs a command on connection 0, which is opened if need be; answers its reply. */
  call(...args: string[]): Reply | undefined {
    return this.on(0, ...args);
  }

  private readonly open = new Set<number>();

  /** Runs a command on a connection; undefined if it blocks. */
  on(connection: number, ...args: string[]): Reply | undefined {
    if (!this.open.has(connection)) {
      this.open.add(connection);
      this.server.connect(connection);
    }
    const from = this.sent.length;
    this.server.execute(connection, args);
    const index = this.sent.findIndex((sent, at) => at >= from && sent.connection === connection);
    return index < 0 ? undefined : this.sent.splice(index, 1)[0]!.reply;
  }

  close(connection: number): void {
    this.open.delete(connection);
    this.server.disconnect(connection);
  }

  /** After a crash or failover all connections are gone. */
  forgetConnections(): void {
    this.open.clear();
  }
}

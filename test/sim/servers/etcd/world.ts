/**
 * A small world for a simulated etcd: a clock that moves when told, an alarm that rings on time,
 * and notes of all that the server said.
 */
import type {
  EtcdMessage,
  EtcdRequest,
  EtcdResponse,
  KeyValue,
} from '../../../../src/sim/servers/etcd/messages.js';
import type {
  EtcdPort,
  EtcdServer,
  EtcdServerOptions,
  KeyChange,
  LeaseChange,
  LeaseState,
} from '../../../../src/sim/servers/etcd/port.js';
import { createEtcdServer } from '../../../../src/sim/servers/etcd/server.js';

export interface Sent {
  readonly connection: number;
  readonly message: EtcdMessage;
}

export interface LeaseNews {
  readonly lease: LeaseState;
  readonly change: LeaseChange;
  readonly atUs: number;
}

export interface KeyNews {
  readonly key: string;
  readonly before: KeyValue | undefined;
  readonly after: KeyValue | undefined;
  readonly change: KeyChange;
}

export class World implements EtcdPort {
  readonly server: EtcdServer;
  sent: Sent[] = [];
  leaseNews: LeaseNews[] = [];
  keyNews: KeyNews[] = [];
  /** What `choose` answers: the first of n, unless a test says otherwise. */
  choice: (n: number) => number = () => 0;

  private nowUs = 5_000_000;
  private alarmAtUs = Number.POSITIVE_INFINITY;
  private readonly open = new Set<number>();
  private readonly calls = new Map<number, number>();

  constructor(options: Partial<EtcdServerOptions> = {}) {
    this.server = createEtcdServer({ heartbeatMs: 100, electionMs: 1000, ...options }, this);
  }

  monoUs(): number {
    return this.nowUs;
  }

  send(connection: number, message: EtcdMessage): void {
    this.sent.push({ connection, message });
  }

  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    this.alarmAtUs = atUs ?? Number.POSITIVE_INFINITY;
  }

  leaseChanged(lease: LeaseState, change: LeaseChange): void {
    this.leaseNews.push({ lease, change, atUs: this.nowUs });
  }

  keyChanged(
    key: string,
    before: KeyValue | undefined,
    after: KeyValue | undefined,
    change: KeyChange,
  ): void {
    this.keyNews.push({ key, before, after, change });
  }

  choose(n: number): number {
    return this.choice(n);
  }

  /** Microseconds until the alarm rings; ∞ if none is set. */
  get untilAlarmUs(): number {
    return Math.max(this.alarmAtUs - this.nowUs, 0);
  }

  /** The clock goes on for so long; alarms ring on their way. */
  pass(durationMs: number): void {
    const endUs = this.nowUs + Math.round(durationMs * 1000);
    while (this.alarmAtUs <= endUs) {
      this.nowUs = Math.max(this.alarmAtUs, this.nowUs);
      this.alarmAtUs = Number.POSITIVE_INFINITY;
      this.server.alarm();
    }
    this.nowUs = endUs;
  }

  /** The monotonic clock starts anew, as after a loss of power. */
  resetMono(): void {
    this.nowUs = 0;
  }

  /** Sends a request on a connection, which is opened if need be; answers its number there. */
  request(connection: number, request: EtcdRequest): number {
    if (!this.open.has(connection)) {
      this.open.add(connection);
      this.calls.set(connection, 0);
      this.server.connect(connection);
    }
    const call = this.calls.get(connection)!;
    this.calls.set(connection, call + 1);
    this.server.execute(connection, request);
    return call;
  }

  /** The answer to a call, if it has come; takes it from what was sent. */
  answerTo(connection: number, call: number): EtcdResponse | undefined {
    const at = this.sent.findIndex(
      (sent) => sent.connection === connection && sent.message.call === call,
    );
    return at < 0 ? undefined : this.sent.splice(at, 1)[0]!.message.body;
  }

  /** Sends a request that is answered at once. */
  on(connection: number, request: EtcdRequest): EtcdResponse {
    const answer = this.answerTo(connection, this.request(connection, request));
    if (answer === undefined) throw new Error(`not answered: ${JSON.stringify(request)}`);
    return answer;
  }

  /** On connection 0. */
  call(request: EtcdRequest): EtcdResponse {
    return this.on(0, request);
  }

  close(connection: number): void {
    this.open.delete(connection);
    this.server.disconnect(connection);
  }

  /** After a crash all connections are gone. */
  forgetConnections(): void {
    this.open.clear();
  }

  takeSent(): Sent[] {
    return this.sent.splice(0);
  }

  takeLeaseNews(): LeaseNews[] {
    return this.leaseNews.splice(0);
  }

  takeKeyNews(): KeyNews[] {
    return this.keyNews.splice(0);
  }
}

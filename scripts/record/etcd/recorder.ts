/**
 * Plays a sequence against real etcd servers and writes down what came back, on every connection.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { RealServer } from '../../../src/real/servers/server.js';
import type {
  EtcdRequest,
  EtcdResponse,
  WatchCreateRequest,
} from '../../../src/sim/servers/etcd/messages.js';
import {
  byAddressee,
  type GoldenPush,
  type GoldenSequence,
  type GoldenStep,
  renumber,
  type Slim,
  slim,
} from './format.js';
import { FROM_KEY } from './requests.js';
import { Rpc, type RpcError, type Stream } from './rpc.js';
import { KEEP_ALIVES, METHODS, MOVE_LEADER, STATUS, WATCHES } from './schema.js';
import type { Sequence, Step } from './sequence.js';
import { fromMessage, toMessage, watchFromMessage, watchToMessage } from './translate.js';
import type { Message } from './wire.js';

/** After this long all watches that are up to date have told what they saw. */
const SETTLE_MS = 25;
/** So have those that began in the past: a round of the server's loop, and some. */
const CATCH_UP_MS = 160;

type Told = (call: number | null, body: EtcdResponse) => void;

/** One connection: its calls are counted, and so is what they are answered. */
class Client {
  private readonly rpc: Rpc;
  private calls = 0;
  private keepAlives: Stream | undefined;
  private readonly kept: number[] = [];
  private watches: Stream | undefined;
  private readonly creations: number[] = [];
  /** By the number of the watch; one that does not exist is never answered. */
  private readonly cancellations = new Map<number, number>();

  constructor(
    port: number,
    private readonly tell: Told,
  ) {
    this.rpc = new Rpc(port);
  }

  send(request: EtcdRequest): number {
    const call = this.calls;
    this.calls += 1;
    switch (request.type) {
      case 'leaseKeepAlive':
        this.kept.push(call);
        this.keepAliveStream().send({ id: request.id });
        break;
      case 'watchCreate':
        this.creations.push(call);
        this.watchStream().send(watchToMessage(request as WatchCreateRequest));
        break;
      case 'watchCancel':
        this.cancellations.set(request.watchId, call);
        this.watchStream().send({ cancel: { watchId: request.watchId } });
        break;
      default: {
        const { type } = request;
        this.rpc.call(METHODS[type], toMessage(request)).then(
          (message) => this.tell(call, fromMessage(type, message)),
          (error: RpcError) => this.tell(call, errorBody(error)),
        );
      }
    }
    return call;
  }

  private keepAliveStream(): Stream {
    this.keepAlives ??= this.rpc.open(
      KEEP_ALIVES,
      (message) => this.tell(this.kept.shift() ?? null, fromMessage('leaseKeepAlive', message)),
      (error) => {
        this.keepAlives = undefined;
        if (error === undefined) return;
        for (const call of this.kept.splice(0)) this.tell(call, errorBody(error));
      },
    );
    return this.keepAlives;
  }

  private watchStream(): Stream {
    this.watches ??= this.rpc.open(
      WATCHES,
      (message) => this.watchSaid(message),
      () => {},
    );
    return this.watches;
  }

  private watchSaid(message: Message): void {
    const body = watchFromMessage(message);
    if (body.created) {
      this.tell(this.creations.shift() ?? null, body);
      return;
    }
    const isAnswer = body.canceled && body.compactRevision === 0;
    this.tell(isAnswer ? (this.cancellations.get(body.watchId) ?? null) : null, body);
  }

  close(): void {
    this.rpc.close();
  }
}

function errorBody(error: RpcError): EtcdResponse {
  return { type: 'error', code: error.code, text: error.message } as EtcdResponse;
}

class Recording {
  private readonly clients = new Map<number, Client>();
  /** What came and is not written down yet. */
  private told: GoldenPush[] = [];
  /** Ids of leases that the server chose, in their order. */
  private readonly chosenIds: number[] = [];
  private readonly startMs = performance.now();
  private settleMs = 0;
  private stopped: readonly RealServer[] = [];

  constructor(
    private members: readonly RealServer[],
    private readonly firstRevision: number,
  ) {}

  private client(connection: number): Client {
    const known = this.clients.get(connection);
    if (known !== undefined) return known;
    const opened = new Client(this.members[0]!.port, (call, body) => {
      this.told.push([connection, call, this.written(body)]);
    });
    this.clients.set(connection, opened);
    return opened;
  }

  /** As it is recorded: revisions from 1, chosen ids as −1, −2, … */
  private written(body: EtcdResponse): Slim {
    const plain = (id: number | bigint): number => {
      if (typeof id === 'number') return id;
      const known = this.chosenIds.indexOf(id as unknown as number);
      if (known >= 0) return -1 - known;
      return -this.chosenIds.push(id as unknown as number);
    };
    return slim(renumber(body, 1 - this.firstRevision, plain));
  }

  private sent(request: EtcdRequest): EtcdRequest {
    const real = (id: number): number => (id < 0 ? this.chosenIds[-1 - id]! : id);
    return renumber(request, this.firstRevision - 1, real);
  }

  private nowMs(): number {
    return Math.round(performance.now() - this.startMs);
  }

  async step(step: Step): Promise<GoldenStep> {
    const from = this.nowMs();
    const recorded = await this.perform(step);
    await pause(this.settleMs);
    const pushes = this.told;
    this.told = [];
    pushes.sort(byAddressee);
    const at = [from, this.nowMs()] as const;
    return { ...recorded, ...(pushes.length === 0 ? {} : { pushes }), at };
  }

  private async perform(step: Step): Promise<GoldenStep> {
    switch (step.type) {
      case 'wait':
        await pause(step.durationMs);
        return { waitMs: step.durationMs };
      case 'close':
        this.clients.get(step.connection)?.close();
        this.clients.delete(step.connection);
        await pause(SETTLE_MS);
        return { close: step.connection };
      case 'event':
        await this.happen(step.event);
        return { event: step.event };
      case 'request':
        return this.request(step);
    }
  }

  private async request(step: Step & { type: 'request' }): Promise<GoldenStep> {
    const { connection, request, waits } = step;
    if (request.type === 'watchCreate') {
      this.settleMs = request.startRevision === 0 ? SETTLE_MS : CATCH_UP_MS;
    } else if (this.settleMs > 0) {
      this.settleMs = SETTLE_MS;
    }
    const call = this.client(connection).send(this.sent(request));
    const recorded = { ...(connection === 0 ? {} : { connection }), request: slim(request) };
    if (waits) return recorded;
    const answer = await this.answerTo(connection, call);
    return { ...recorded, answer };
  }

  private async answerTo(connection: number, call: number): Promise<Slim> {
    for (let poll = 0; poll < 20_000; poll++) {
      const at = this.told.findIndex((push) => push[0] === connection && push[1] === call);
      if (at >= 0) return this.told.splice(at, 1)[0]![2];
      await (poll < 2000 ? new Promise((resolve) => setImmediate(resolve)) : pause(1));
    }
    throw new Error('no answer');
  }

  private async happen(name: GoldenStep['event']): Promise<void> {
    if (name === 'reunite') {
      for (const member of this.stopped) member.thaw();
      return;
    }
    const [first, ...others] = await this.leaderFirst();
    switch (name) {
      case 'restart':
        this.dropClients();
        await first!.kill();
        await first!.start();
        return;
      case 'move leader': {
        const rpc = new Rpc(first!.port);
        const target = await memberId(others[0]!);
        await rpc.call(MOVE_LEADER, { target });
        rpc.close();
        return;
      }
      case 'isolate leader':
        for (const other of others) other.freeze();
        this.stopped = others;
        return;
      case 'stop leader':
        first!.freeze();
        this.members = others;
        return;
    }
  }

  /** The members, the leader before the others. */
  async leaderFirst(): Promise<readonly RealServer[]> {
    const rpc = new Rpc(this.members[0]!.port);
    const { leader } = await rpc.call(STATUS, {});
    rpc.close();
    const ids = await Promise.all(this.members.map(memberId));
    this.members = [
      ...this.members.filter((_member, at) => ids[at] === leader),
      ...this.members.filter((_member, at) => ids[at] !== leader),
    ];
    return this.members;
  }

  private dropClients(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }

  close(): void {
    this.dropClients();
  }
}

async function memberId(member: RealServer): Promise<number> {
  const rpc = new Rpc(member.port);
  const { header } = await rpc.call(STATUS, {});
  rpc.close();
  return (header as Message)['memberId'] as number;
}

/** Whether the instants of a sequence matter; if not, they would only make recordings differ. */
function isTimed(steps: readonly Step[]): boolean {
  return steps.some(({ type }) => type === 'wait' || type === 'event');
}

/**
 * Empties the keys and leases of a server; answers its revision. The last write is one to the least
 * of all keys, so that who watches from then on sees nothing of it.
 */
export async function empty(member: RealServer): Promise<number> {
  const rpc = new Rpc(member.port);
  const { leases } = await rpc.call(METHODS.leaseLeases, {});
  for (const { id } of leases as readonly Message[]) await rpc.call(METHODS.leaseRevoke, { id });
  await rpc.call(METHODS.deleteRange, { key: FROM_KEY, rangeEnd: FROM_KEY });
  await rpc.call(METHODS.put, { key: FROM_KEY });
  const { header } = await rpc.call(METHODS.deleteRange, { key: FROM_KEY });
  rpc.close();
  return (header as Message)['revision'] as number;
}

/**
 * Records one sequence, its first client on the leader. `firstRevision` is that of the servers, on
 * which there is nothing.
 */
export async function record(
  members: readonly RealServer[],
  { name, steps }: Sequence,
  firstRevision: number,
): Promise<GoldenSequence> {
  const recording = new Recording(members, firstRevision);
  await recording.leaderFirst();
  try {
    const recorded: GoldenStep[] = [];
    for (const step of steps) recorded.push(await recording.step(step));
    if (isTimed(steps)) return { name, steps: recorded };
    return { name, steps: recorded.map(({ at: _at, ...step }) => step) };
  } finally {
    recording.close();
  }
}

/**
 * A run that goes as it goes: all messages pass, and are written down. At one server one request
 * after the other is let through, so that their order is known for sure; one that waits there lets
 * the next one pass. What is done to a connection or a server (`ways.ts`) waits its turn as well.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { HostId } from '../../fault.js';
import { RESOURCE_ID } from '../../sim/resource.js';
import { PROBE } from '../../sim/simulated-run.js';
import type { ClientLine, SentLine } from '../client/job.js';
import type { Heard } from '../history/judge.js';
import type { WireEvent, WireRequest } from '../history/wire.js';
import type { Frame } from '../proxy/framing.js';
import type { Direction, Tunnel } from '../proxy/tunnel.js';
import { Ears } from '../replay/ears.js';
import { sameText } from '../replay/same.js';
import type { Stage } from '../stage/stage.js';
import { mayBlock } from './blocking.js';
import { Ways } from './ways.js';

/** A request that may block and has not been answered by then does, and is not waited for. */
const BLOCKS_MS = 60;
/** Longer than a busy machine needs; what is not answered then may never be. */
const ANSWER_MS = 1_000;

/** A message on its way, which outlives its sender: of which incarnation that was. */
interface Underway {
  readonly tunnel: Tunnel;
  readonly frame: Frame;
  readonly incarnation: number;
}

/** A request that a client sent; its entry once its server has it. */
interface Arrived extends Underway {
  readonly atUs: number;
  entry?: WireRequest;
  answered?: () => void;
}

type WithoutInstant<T> = T extends unknown ? Omit<T, 'atUs'> : never;

export class FreeRun extends Ears {
  readonly ways = new Ways();
  private readonly events: WireEvent[] = [];
  private stage!: Stage;
  /** All requests in the order in which they came, and what servers got in the order of that. */
  private readonly arrivals: Arrived[] = [];
  private readonly wire: WireRequest[] = [];
  private readonly asked: Arrived[] = [];
  /** Connections that a request of has not been answered, and what is behind those. */
  private readonly active = new Set<Tunnel>();
  private readonly behind: Arrived[] = [];
  private readonly numbers = new Map<Tunnel, number>();
  /** Who must get through its operations. */
  private readonly wanted = new Set<HostId>();
  /** What is under way at each server. */
  private readonly busy = new Map<HostId, Promise<void>>();
  private readonly done = new Set<HostId>();
  private allDone: ((isOver: boolean) => void) | undefined;

  /**
   * Starts the clients; resolves with whether all were through their operations within that time,
   * and with `false` after `end`.
   */
  play(stage: Stage, clients: readonly HostId[], limitMs: number): Promise<boolean> {
    this.stage = stage;
    for (const client of clients) this.wanted.add(client);
    const ended = this.settled(limitMs);
    stage.begin();
    return ended;
  }

  /** Starts the probe; resolves with whether it, and all clients, got through within that time. */
  probe(limitMs: number): Promise<boolean> {
    this.wanted.add(PROBE);
    const ended = this.settled(limitMs);
    this.stage.go(PROBE);
    return ended;
  }

  private settled(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => this.allDone?.(false), limitMs);
      this.allDone = (isOver) => {
        clearTimeout(limit);
        this.allDone = undefined;
        resolve(isOver);
      };
    });
  }

  /** Who waits for the clients waits no longer. */
  end(): void {
    this.allDone?.(false);
  }

  /** Does something to a server, or because of it, when it has nothing under way. */
  inTurn(server: HostId, act: () => Promise<void> | void): Promise<void> {
    const turn = (this.busy.get(server) ?? Promise.resolve()).then(act);
    // Whoever asked for it hears that it failed; what comes next has a turn all the same.
    this.busy.set(
      server,
      turn.catch(() => {}),
    );
    return turn;
  }

  /** Nothing passes to that server for so long. */
  hold(server: HostId, forMs: number): Promise<void> {
    return this.inTurn(server, () => pause(forMs));
  }

  happened(event: WithoutInstant<WireEvent>, atUs = this.stage.nowUs()): void {
    this.events.push({ atUs, ...event } as WireEvent);
  }

  override said(client: HostId, line: ClientLine): void {
    super.said(client, line);
    if (line.line !== 'done') return;
    this.done.add(client);
    if ([...this.wanted].every((one) => this.done.has(one))) this.allDone?.(true);
  }

  override request(tunnel: Tunnel, frame: Frame): void {
    const arrived: Arrived = { ...this.underway(tunnel, frame), atUs: this.stage.nowUs() };
    this.arrivals.push(arrived);
    this.ways.pass(tunnel, () => this.lineUp(arrived));
  }

  override passing(tunnel: Tunnel, frame: Frame, direction: Direction, go: () => void): void {
    const heartbeat = this.underway(tunnel, frame);
    this.ways.pass(tunnel, () => {
      if (direction === 'to-server') this.wire.push(this.entryOf(heartbeat));
      go();
    });
  }

  override reply(tunnel: Tunnel, frame: Frame): void {
    const { entry, answered } = this.takeAsked(tunnel, frame) ?? {};
    if (entry !== undefined) {
      entry.latestUs = this.stage.nowUs();
      entry.reply = frame.text;
      this.stage.servers.get(tunnel.server)?.applied(entry.latestUs);
      answered?.();
      this.answered(tunnel);
      if (this.ways.loses(tunnel, 'lost-reply')) return this.breakOff(tunnel);
    }
    this.ways.pass(tunnel, () => {
      if (entry !== undefined && tunnel.clientOpen) entry.deliveredAtUs = this.stage.nowUs();
      tunnel.deliver(frame);
    });
  }

  /** Its server hears of it after what came before. */
  override hungUp(tunnel: Tunnel): void {
    this.ways.pass(tunnel, () => void this.inTurn(tunnel.server, () => this.endServer(tunnel)));
  }

  override dropped(tunnel: Tunnel): void {
    this.ended(tunnel);
    this.ways.pass(tunnel, () => tunnel.closeClient());
  }

  private takeAsked(tunnel: Tunnel, { call, isNews }: Frame): Arrived | undefined {
    if (isNews === true) return undefined;
    const at = this.asked.findIndex(
      (one) => one.tunnel === tunnel && (call === undefined || one.frame.call === call),
    );
    return at < 0 ? undefined : this.asked.splice(at, 1)[0];
  }

  /** Both ends learn that the connection is gone. */
  private breakOff(tunnel: Tunnel): void {
    tunnel.closeClient();
    this.endServer(tunnel);
  }

  private endServer(tunnel: Tunnel): void {
    if (!tunnel.serverOpen) return;
    tunnel.endServer();
    this.ended(tunnel);
  }

  private ended(tunnel: Tunnel): void {
    const { server } = tunnel;
    // No answer comes on it any more.
    for (const asked of this.asked) if (asked.tunnel === tunnel) asked.answered?.();
    this.happened({ server, event: 'hangup', connection: this.numberOf(tunnel) });
  }

  /**
   * One request of a connection at a time, if its server goes by their order: it would get to the
   * next one only then, and nobody would know when that is.
   */
  private lineUp(arrived: Arrived): void {
    const { tunnel } = arrived;
    if (tunnel.isOrdered && this.active.has(tunnel)) {
      this.behind.push(arrived);
      return;
    }
    this.active.add(tunnel);
    void this.inTurn(tunnel.server, () => this.passOn(arrived));
  }

  private answered(tunnel: Tunnel): void {
    this.active.delete(tunnel);
    const at = this.behind.findIndex((one) => one.tunnel === tunnel);
    if (at >= 0) this.lineUp(this.behind.splice(at, 1)[0]!);
  }

  private passOn(arrived: Arrived): Promise<void> | void {
    const { tunnel, frame } = arrived;
    if (!tunnel.serverOpen) return;
    if (this.ways.loses(tunnel, 'lost-request')) return this.breakOff(tunnel);
    const { server } = tunnel;
    const error = this.ways.errors.get(server);
    arrived.entry = this.entryOf(arrived, error);
    if (server !== RESOURCE_ID) this.wire.push(arrived.entry);
    if (error === undefined) return this.ask(arrived, frame);
    const refusal = tunnel.refusal(error, frame);
    if ('instead' in refusal) return this.ask(arrived, refusal.instead);
    this.asked.push(arrived);
    if (refusal.reply !== undefined) this.reply(tunnel, refusal.reply);
    if (refusal.ends) this.breakOff(tunnel);
  }

  private ask(arrived: Arrived, frame: Frame): Promise<void> {
    const { server } = arrived.tunnel;
    const limitMs = mayBlock(server, frame.text) ? BLOCKS_MS : ANSWER_MS;
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, limitMs);
      arrived.answered = () => {
        clearTimeout(limit);
        resolve();
      };
      this.asked.push(arrived);
      arrived.tunnel.forward(frame);
    });
  }

  private underway(tunnel: Tunnel, frame: Frame): Underway {
    return { tunnel, frame, incarnation: this.incarnationOf(tunnel) };
  }

  private entryOf({ tunnel, frame, incarnation }: Underway, refused?: string): WireRequest {
    const { client, server, pooler } = tunnel;
    const { text, body } = frame;
    const earliestUs = this.stage.nowUs();
    return {
      client,
      incarnation,
      server,
      connection: this.numberOf(tunnel),
      text,
      pooler,
      body,
      refused,
      operation: '',
      action: undefined,
      sentAtUs: earliestUs,
      earliestUs,
      latestUs: earliestUs,
      reply: undefined,
      deliveredAtUs: undefined,
    };
  }

  private numberOf(tunnel: Tunnel): number {
    const known = this.numbers.get(tunnel);
    if (known !== undefined) return known;
    this.numbers.set(tunnel, this.numbers.size + 1);
    return this.numbers.size;
  }

  /**
   * What was heard so far; what servers got, with what its clients said of it. A request that left
   * on a connection which was gone by then never arrived: so what arrived last is what left last.
   */
  heard(): Heard {
    const { records, events, issued } = this;
    const said = new Map<HostId, SentLine[]>();
    const sent = new Map<WireRequest, SentLine>();
    for (const arrived of this.arrivals.toReversed()) {
      const { client } = arrived.tunnel;
      const lines = said.get(client) ?? [...this.voice(client).sent];
      said.set(client, lines);
      const line = takeLatest(lines, arrived);
      if (arrived.entry !== undefined && line !== undefined) sent.set(arrived.entry, line);
    }
    const wire = this.wire.map((entry) => {
      const line = sent.get(entry);
      if (line === undefined) return entry;
      const { operation, action, atUs: sentAtUs } = line;
      return { ...entry, operation, action, sentAtUs };
    });
    return { records: [...records], wire, events: [...events], issued };
  }
}

/** Takes the last line about such a request that was said before it arrived. */
function takeLatest(lines: SentLine[], { tunnel, frame, atUs }: Arrived): SentLine | undefined {
  const { server } = tunnel;
  const at = lines.findLastIndex(
    (line) => line.server === server && line.atUs <= atUs && sameText(line.text, frame.text),
  );
  return at < 0 ? undefined : lines.splice(at, 1)[0];
}

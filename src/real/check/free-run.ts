/**
 * A run that goes as it goes: all messages pass, and are written down. At one server one request
 * after the other is let through, so that their order is known for sure; one that waits there lets
 * the next one pass.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { HostId } from '../../fault.js';
import { RESOURCE_ID } from '../../sim/resource.js';
import type { ClientLine } from '../client/job.js';
import type { WireEvent, WireRequest } from '../history/wire.js';
import type { Frame } from '../proxy/framing.js';
import type { Direction, Tunnel } from '../proxy/tunnel.js';
import { Ears } from '../replay/ears.js';
import type { Stage } from '../stage/stage.js';

/** A request that has not been answered by then blocks, and is not waited for. */
const BLOCKS_MS = 60;

interface Asked {
  readonly tunnel: Tunnel;
  readonly call: number | undefined;
  readonly entry: WireRequest;
  readonly answered: () => void;
}

export class FreeRun extends Ears {
  readonly wire: WireRequest[] = [];
  readonly events: WireEvent[] = [];
  private stage!: Stage;
  private readonly asked: Asked[] = [];
  private readonly numbers = new Map<Tunnel, number>();
  /** What is under way at each server. */
  private readonly busy = new Map<HostId, Promise<void>>();
  private readonly done = new Set<HostId>();
  private wanted = 0;
  private allDone: ((isOver: boolean) => void) | undefined;

  /** Starts the clients; resolves when all have been through their operations, or it is late. */
  async play(stage: Stage, clients: number, limitMs: number): Promise<boolean> {
    this.stage = stage;
    this.wanted = clients;
    const ended = this.settled(limitMs);
    stage.begin();
    return ended;
  }

  /** Resolves with `true` when all clients are through, with `false` after that time or `end`. */
  settled(limitMs: number): Promise<boolean> {
    if (this.wanted > 0 && this.done.size >= this.wanted) return Promise.resolve(true);
    return new Promise((resolve) => {
      const limit = setTimeout(() => resolve(false), limitMs);
      this.allDone = (isOver) => {
        clearTimeout(limit);
        resolve(isOver);
      };
    });
  }

  /** Who waits for the clients waits no longer. */
  end(): void {
    this.allDone?.(false);
  }

  /** Cuts a connection of a client to a server: number `which` of those that stand. */
  cut(client: HostId, which: number): void {
    const open = [...this.numbers.keys()].filter(
      (tunnel) => tunnel.client === client && tunnel.clientOpen && tunnel.server !== RESOURCE_ID,
    );
    if (open.length === 0) return;
    const tunnel = open[which % open.length]!;
    tunnel.closeClient();
    tunnel.endServer();
    this.ended(tunnel);
  }

  /** Nothing passes to that server for so long. */
  hold(server: HostId, forMs: number): Promise<void> {
    const before = this.busy.get(server) ?? Promise.resolve();
    const held = before.then(() => pause(forMs));
    this.busy.set(server, held);
    return held;
  }

  override said(client: HostId, line: ClientLine): void {
    super.said(client, line);
    if (line.line !== 'done') return;
    this.done.add(client);
    if (this.done.size >= this.wanted) this.allDone?.(true);
  }

  override request(tunnel: Tunnel, frame: Frame): void {
    const { server } = tunnel;
    const before = this.busy.get(server) ?? Promise.resolve();
    this.busy.set(
      server,
      before.then(() => this.passOn(tunnel, frame)),
    );
  }

  override passing(tunnel: Tunnel, frame: Frame, direction: Direction, go: () => void): void {
    if (direction === 'to-server') this.wire.push(this.entryOf(tunnel, frame));
    go();
  }

  override reply(tunnel: Tunnel, frame: Frame): void {
    const at = this.asked.findIndex(
      (one) => one.tunnel === tunnel && (frame.call === undefined || one.call === frame.call),
    );
    if (frame.isNews !== true && at >= 0) {
      const { entry, answered } = this.asked.splice(at, 1)[0]!;
      entry.latestUs = this.stage.nowUs();
      entry.deliveredAtUs = entry.latestUs;
      entry.reply = frame.text;
      answered();
    }
    tunnel.deliver(frame);
  }

  override hungUp(tunnel: Tunnel): void {
    tunnel.endServer();
    this.ended(tunnel);
  }

  override dropped(tunnel: Tunnel): void {
    tunnel.closeClient();
    this.ended(tunnel);
  }

  private ended(tunnel: Tunnel): void {
    const connection = this.numberOf(tunnel);
    const { server } = tunnel;
    this.events.push({ atUs: this.stage.nowUs(), server, event: 'hangup', connection });
  }

  private passOn(tunnel: Tunnel, frame: Frame): Promise<void> {
    const entry = this.entryOf(tunnel, frame);
    if (tunnel.server !== RESOURCE_ID) this.wire.push(entry);
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, BLOCKS_MS);
      const answered = () => {
        clearTimeout(limit);
        resolve();
      };
      this.asked.push({ tunnel, call: frame.call, entry, answered });
      tunnel.forward(frame);
    });
  }

  private entryOf(tunnel: Tunnel, { text, body }: Frame): WireRequest {
    const { client, server, pooler } = tunnel;
    const earliestUs = this.stage.nowUs();
    return {
      client,
      incarnation: this.voice(client).incarnation,
      server,
      connection: this.numberOf(tunnel),
      text,
      pooler,
      body,
      refused: undefined,
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

  /** What went over the wire, with what its clients said of it: when it left them, and for what. */
  attributed(): WireRequest[] {
    return this.wire.map((entry) => {
      const sent = this.takeSent(entry.client, entry.server, entry);
      if (sent === undefined) return entry;
      const { operation, action, atUs: sentAtUs } = sent;
      return { ...entry, operation, action, sentAtUs };
    });
  }
}

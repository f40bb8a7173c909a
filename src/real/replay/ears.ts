/**
 * What is heard while a story is played: messages that arrive at proxies and wait there, and what
 * clients and the resource say. Nothing passes by itself.
 */
import type { HostId, PartitionFault } from '../../fault.js';
import type { AccessRecord, HistoryRecord } from '../../history.js';
import type { ClientLine, SentLine } from '../client/job.js';
import type { IssuedId, WireRequest } from '../history/wire.js';
import type { Frame } from '../proxy/framing.js';
import type { Direction, Tunnel } from '../proxy/tunnel.js';
import type { Conducting } from '../stage/stage.js';
import { Pending } from './pending.js';
import { sameText } from './same.js';
import { OF_CLIENTS } from './score.js';

/** A connection, and what has come on it. */
export interface Line {
  readonly tunnel: Tunnel;
  /** Of its client: what is on its way outlives that. */
  readonly incarnation: number;
  /** Its number in the story, once that is known. */
  connection: number | undefined;
  /** The server of an ensemble that it is to, from 1. */
  member: number | undefined;
  readonly requests: Pending<Frame>;
  readonly replies: Pending<Frame>;
  /** Answers to heartbeats that came behind replies which wait for their turn. */
  readonly behind: (() => void)[];
  /** Requests passed on whose replies have not been handed over, oldest first. */
  readonly unanswered: { readonly call: number | undefined; readonly entry: WireRequest }[];
}

/** What a client has said. */
export interface Voice {
  /** Its own records that the story waits for. */
  readonly records: Pending<HistoryRecord>;
  /** Faults that it carries out on itself. */
  readonly strikes: Pending<string>;
  /** Requests that left it and have not been seen by a proxy. */
  readonly sent: SentLine[];
  incarnation: number;
}

export class Ears implements Conducting {
  /** Everything that clients and the resource recorded, in the order in which it was heard. */
  readonly records: HistoryRecord[] = [];
  readonly findings: string[] = [];
  readonly issued: IssuedId[] = [];
  /** Hears of requests that passed by themselves. */
  onPassed: ((line: Line, frame: Frame) => void) | undefined;
  /** Heartbeats on their ways through a network that holds them. */
  private readonly held = new Map<string, (() => void)[]>();
  private readonly lines = new Map<Tunnel, Line>();
  private readonly incarnations = new WeakMap<Tunnel, number>();
  private readonly fresh = new Map<string, Pending<Line>>();
  private readonly voices = new Map<HostId, Voice>();

  request(tunnel: Tunnel, frame: Frame): void {
    this.lineOf(tunnel).requests.add(frame);
  }

  passing(tunnel: Tunnel, frame: Frame, direction: Direction, go: () => void): void {
    const line = this.lineOf(tunnel);
    const pass = () => {
      if (direction === 'to-server') this.onPassed?.(line, frame);
      // On a connection nothing overtakes what was said before.
      if (direction === 'to-client' && line.replies.has(isAnswer)) line.behind.push(go);
      else go();
    };
    const held = this.held.get(wayOf(tunnel.client, tunnel.server, direction));
    if (held === undefined) pass();
    else held.push(pass);
  }

  /** Heartbeats are held from now on where the network is cut. */
  holdHeartbeats(partition: PartitionFault): void {
    for (const way of waysOf(partition)) this.held.set(way, []);
  }

  /** Those that were held go on. */
  passHeartbeats(partition: PartitionFault): void {
    for (const way of waysOf(partition)) {
      const held = this.held.get(way) ?? [];
      this.held.delete(way);
      for (const pass of held) pass();
    }
  }

  reply(tunnel: Tunnel, frame: Frame): void {
    this.lineOf(tunnel).replies.add(frame);
  }

  hungUp(_tunnel: Tunnel): void {}

  dropped(_tunnel: Tunnel): void {}

  accessed(record: AccessRecord): void {
    this.records.push(record);
  }

  said(client: HostId, line: ClientLine): void {
    const voice = this.voice(client);
    switch (line.line) {
      case 'record':
        this.records.push(line.record);
        if (OF_CLIENTS.has(line.record.type)) voice.records.add(line.record);
        return;
      case 'sent':
        voice.sent.push(line);
        return;
      case 'issued':
        this.issued.push({ client, incarnation: voice.incarnation, ...line });
        return;
      case 'strikes':
        voice.strikes.add(line.fault);
        return;
      case 'found':
        this.findings.push(`client ${client}: ${line.message}`);
        return;
      default:
        return;
    }
  }

  voice(client: HostId): Voice {
    let voice = this.voices.get(client);
    if (voice === undefined) {
      voice = { records: new Pending(), strikes: new Pending(), sent: [], incarnation: 1 };
      this.voices.set(client, voice);
    }
    return voice;
  }

  /** Of its client when something was first heard on that connection. */
  protected incarnationOf(tunnel: Tunnel): number {
    const known = this.incarnations.get(tunnel);
    if (known !== undefined) return known;
    const { incarnation } = this.voice(tunnel.client);
    this.incarnations.set(tunnel, incarnation);
    return incarnation;
  }

  /** Connections of a client to a server that no story has asked for yet, in order. */
  freshOf(client: HostId, server: HostId): Pending<Line> {
    const way = `${client} ${server}`;
    let fresh = this.fresh.get(way);
    if (fresh === undefined) {
      fresh = new Pending();
      this.fresh.set(way, fresh);
    }
    return fresh;
  }

  /** When and for what a request left its client; the one of this text that left first. */
  takeSent(client: HostId, server: HostId, { text }: Pick<Frame, 'text'>): SentLine | undefined {
    const { sent } = this.voice(client);
    const at = sent.findIndex((line) => line.server === server && sameText(line.text, text));
    return at < 0 ? undefined : sent.splice(at, 1)[0];
  }

  private lineOf(tunnel: Tunnel): Line {
    let line = this.lines.get(tunnel);
    if (line === undefined) {
      const [requests, replies] = [new Pending<Frame>(), new Pending<Frame>()];
      const [connection, member] = [undefined, undefined];
      const incarnation = this.incarnationOf(tunnel);
      const messages = { requests, replies, behind: [], unanswered: [] };
      line = { tunnel, incarnation, connection, member, ...messages };
      this.lines.set(tunnel, line);
      this.freshOf(tunnel.client, tunnel.server).add(line);
    }
    return line;
  }
}

function isAnswer({ isNews }: Frame): boolean {
  return isNews !== true;
}

/** Heartbeats are answered once all that was said before has been handed over. */
export function passBehind({ replies, behind }: Line): void {
  if (!replies.has(isAnswer)) for (const go of behind.splice(0)) go();
}

function wayOf(client: HostId, server: HostId, direction: Direction): string {
  return `${client} ${server} ${direction}`;
}

function waysOf({ client, server, direction }: PartitionFault): string[] {
  const directions = ['to-server', 'to-client'] as const;
  const cut = directions.filter((one) => direction === one || direction === 'both');
  return cut.map((one) => wayOf(client, server, one));
}

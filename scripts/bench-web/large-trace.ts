/**
 * A long run for the benchmarks of the page: many clients take turns at one lock, each turn with
 * the records, spans and messages that a lock of ours leaves. It is drawn by a rule and not
 * simulated, so that a million events cost seconds and every machine gets the same ones.
 */
import type { HistoryRecord } from '../../src/history.js';
import { oneHolder } from '../../src/lessons/01-one-holder.js';
import type { TraceFile } from '../../src/timeline/format.js';
import type { SpanKind } from '../../src/timeline/spans.js';

const CLIENTS = 8;

/** Who records or sends something in a turn: its client, the resource, or a server by number. */
type Who = 'client' | 'resource' | number;

/** What happens in one turn. Places in `records` are named by their index. */
interface Turn {
  /** In order: what, by whom, and µs after the record before. */
  readonly records: readonly (readonly [type: Type, who: Who, dt: number])[];
  /** From, to, the record before which it left, and how long it took. */
  readonly messages: readonly (readonly [from: Who, to: Who, after: number, took: number])[];
  readonly granted: number;
  readonly released: number;
  /** The record of each server that ends its lease. */
  readonly ended: readonly number[];
}

type Type =
  | 'invoke'
  | 'lease'
  | 'acked'
  | 'ok'
  | 'enter'
  | 'step'
  | 'access'
  | 'exit'
  | 'release-sent'
  | 'lease-end';

/** A turn at a lock of so many servers: all of them are asked at once, and answer in turn. */
function turnAt(servers: number): Turn {
  const each = Array.from({ length: servers }, (_, server) => server);
  const granted = servers + 2;
  const released = granted + 5;
  const ended = each.map((server) => released + 2 + server);
  return {
    records: [
      ['invoke', 'client', 300],
      ...each.map((server) => ['lease', server, server === 0 ? 400 : 30] as const),
      ['acked', 'client', 350],
      ['ok', 'client', 0],
      ['enter', 'client', 10],
      ['step', 'client', 500],
      ['access', 'resource', 450],
      ['exit', 'client', 900],
      ['invoke', 'client', 5],
      ['release-sent', 'client', 0],
      ...each.map((server) => ['lease-end', server, server === 0 ? 420 : 30] as const),
      ['ok', 'client', 380],
    ],
    messages: [
      ...each.map((server) => ['client', server, 0, 400 + 30 * server] as const),
      ...each.map((server) => [server, 'client', 1 + server, 350] as const),
      ['client', 'resource', granted + 2, 450],
      ...each.map((server) => ['client', server, released + 1, 420 + 30 * server] as const),
      ...each.map((server) => [server, 'client', ended[server]!, 380] as const),
    ],
    granted,
    released,
    ended,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };
type Columns = Mutable<TraceFile['ev']>;

/** A trace file with so many events, of a lock of so many servers. */
export function largeTrace(events: number, servers = 1): TraceFile {
  const run = new Run(servers);
  const { length } = run.plan.records;
  const turns = Math.ceil(events / length);
  for (let turn = 0; turn < turns; turn++) run.turn(turn, Math.min(events, (turn + 1) * length));
  return run.file();
}

class Run {
  readonly plan: Turn;
  private readonly dict: string[] = ['SET lock', 'OK', 'WRITE', 'DEL lock'];
  private readonly payload: unknown[] = [];
  private readonly known = new Map<string, number>();
  private readonly ev = { dt: [], host: [], type: [], payload: [], cause: [], place: [] } as Pick<
    Columns,
    'dt' | 'host' | 'type' | 'payload' | 'cause' | 'place'
  >;
  private readonly msg = {
    from: [],
    to: [],
    dt: [],
    due: [],
    took: [],
    fate: [],
    text: [],
    place: [],
  } as Mutable<TraceFile['msg']>;
  private readonly spans = new Map<SpanKind, Mutable<TraceFile['spans'][number]>>();
  private atUs = 0;
  private sentAtUs = 0;

  constructor(private readonly servers: number) {
    this.plan = turnAt(servers);
  }

  /** One client's turn, or the part of it that there is room for. */
  turn(turn: number, until: number): void {
    const { records, granted, released, ended } = this.plan;
    const client = turn % CLIENTS;
    const begun = this.ev.dt.length;
    const times: number[] = [];
    for (const [at, [type, who, dt]] of records.entries()) {
      if (this.ev.dt.length >= until) return;
      const isRelease = at >= released;
      const place = { turn, who, isRelease, atUs: this.atUs + dt, servers: this.servers };
      const told = recordOf(type, place);
      this.record(this.hostOf(who, client), told, dt, at === 0 ? 0 : 1);
      times.push(this.atUs);
    }
    this.addMessages(client, times, turn);
    const add = (kind: SpanKind, host: number, from: number, end: number) =>
      this.span(kind, host, [times[from]!, times[end]!], turn, begun + from);
    add('wait', client, 0, granted);
    for (const [server, end] of ended.entries()) add('lease', CLIENTS + server, 1 + server, end);
    const majority = Math.floor(this.servers / 2);
    add('held', client, 1 + majority, ended[this.servers - 1 - majority]!);
    // Every so often a client hears late that its lease is over.
    add('belief', client, granted, turn % 97 === 0 ? records.length - 1 : released);
    add('section', client, granted + 1, granted + 4);
    add('release', client, released, records.length - 1);
  }

  private hostOf(who: Who, client: number): number {
    if (who === 'client') return client;
    return who === 'resource' ? CLIENTS + this.servers : CLIENTS + who;
  }

  file(): TraceFile {
    const hosts = Array.from({ length: CLIENTS }, (_, index) => ({
      id: String.fromCharCode(65 + index),
      kind: 'client' as const,
    }));
    const servers = Array.from({ length: this.servers }, (_, index) => ({
      id: `r${index + 1}`,
      kind: 'server' as const,
    }));
    const endUs = this.atUs + 1_000;
    return {
      format: 'holdfast-trace',
      v: 1,
      meta: {
        title: `${this.ev.dt.length} events`,
        source: 'simulated',
        engine: '0.1.0',
        algorithm: 'set-nx',
        scenario: oneHolder.start.scenario,
        digest: '0123456789abcdef',
        healedAtUs: endUs,
        endUs,
        truth: 'exact',
      },
      hosts: [...hosts, ...servers, { id: 'store', kind: 'resource' }],
      locks: [{ key: 'orders', ttlMs: 10_000, quorum: Math.floor(this.servers / 2) + 1 }],
      dict: this.dict,
      payload: this.payload,
      ev: this.ev,
      msg: this.msg,
      clocks: [],
      spans: [...this.spans.values()],
      faults: [],
      violations: [],
    };
  }

  private record(host: number, { type, ...rest }: Told, dt: number, back: number): void {
    const { ev } = this;
    this.atUs += dt;
    ev.dt.push(dt);
    ev.host.push(host);
    ev.type.push(this.text(type));
    ev.payload.push(this.fields(rest));
    ev.cause.push(back);
    ev.place.push(-1);
  }

  private addMessages(client: number, times: readonly number[], turn: number): void {
    const { messages } = this.plan;
    // They stand in the order in which they are sent: requests leave at once, replies in turn.
    const sorted = [...messages].sort((a, b) => times[a[2]]! - times[b[2]]!);
    for (const [at, [from, to, after, took]] of sorted.entries()) {
      const sentAtUs = times[after]!;
      const { msg } = this;
      const isLost = (turn * messages.length + at) % 211 === 0;
      msg.from.push(this.hostOf(from, client));
      msg.to.push(this.hostOf(to, client));
      msg.dt.push(sentAtUs - this.sentAtUs);
      msg.due.push(took);
      msg.took.push(took);
      msg.fate.push(isLost ? 1 : 0);
      msg.text.push(at % 4);
      msg.place.push(-1);
      this.sentAtUs = sentAtUs;
    }
  }

  private span(
    kind: SpanKind,
    host: number,
    [fromUs, untilUs]: readonly [number, number],
    turn: number,
    by: number,
  ): void {
    let columns = this.spans.get(kind);
    if (columns === undefined) {
      columns = { kind, host: [], fromUs: [], untilUs: [], grant: [], by: [] };
      this.spans.set(kind, columns);
    }
    columns.host.push(host);
    columns.fromUs.push(fromUs);
    columns.untilUs.push(untilUs);
    columns.grant.push(turn * 2);
    columns.by.push(by);
  }

  private text(text: string): number {
    const at = this.dict.indexOf(text);
    return at < 0 ? this.dict.push(text) - 1 : at;
  }

  private fields(fields: object): number {
    const name = JSON.stringify(fields);
    const before = this.known.get(name);
    if (before !== undefined) return before;
    const at = this.payload.push(fields) - 1;
    this.known.set(name, at);
    return at;
  }
}

type Untimed<R> = R extends HistoryRecord ? Omit<R, 'atUs'> : never;
type Told = Untimed<HistoryRecord>;

/** What a record of a turn is about. */
interface Place {
  readonly turn: number;
  readonly who: Who;
  readonly isRelease: boolean;
  readonly atUs: number;
  readonly servers: number;
}

/** A record without its time; the turn's acquire has the number 2 × turn. */
function recordOf(type: Type, { turn, who, isRelease, atUs, servers }: Place): Told {
  const client = String.fromCharCode(65 + (turn % CLIENTS));
  const operation = `${client}${Math.floor(turn / CLIENTS) + 1}`;
  const grant = turn * 2;
  const call = grant + (isRelease ? 1 : 0);
  const action = isRelease ? 'release' : 'acquire';
  const incarnation = 1;
  const by = { client, incarnation, operation };
  const actor = { host: client, incarnation, operation };
  const server = `r${Number(who) + 1}`;
  const lease = turn * servers + Number(who);
  const lock = { key: 'orders', mode: 'exclusive' } as const;
  switch (type) {
    case 'invoke':
      if (isRelease) return { type, call, ...by, action, ...lock, grant };
      return { type, call, ...by, action, ...lock, ttlMs: 10_000, waitMs: 20_000 };
    case 'lease': {
      const term = { sentAtUs: atUs - 400, termUs: 10_000_000, extends: false };
      return { type, lease, key: 'orders', server, ...actor, owner: actor, ...term };
    }
    case 'acked':
      return { type, lease: turn * servers };
    case 'ok':
      return { type, call, client, operation, action };
    case 'enter':
      return { type, calledAtUs: atUs, grant, ...by, ...lock };
    case 'step':
      return { type, calledAtUs: atUs, grant, client, access: 'write' };
    case 'access': {
      const resource = { resource: 'store', key: 'orders', access: 'write' } as const;
      return { type, ...resource, client, grant, accepted: true, value: turn };
    }
    case 'exit':
      return { type, calledAtUs: atUs, grant, client, completed: true };
    case 'release-sent':
      return { type, grant };
    case 'lease-end':
      return { type, lease, cause: 'released', by: actor };
  }
}

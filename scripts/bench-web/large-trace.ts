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
const SERVER = CLIENTS;
const RESOURCE = CLIENTS + 1;
/** Of one turn, in order: who records what, and µs after the record before. */
const TURN = [
  ['invoke', 'client', 300],
  ['lease', 'server', 400],
  ['acked', 'client', 350],
  ['ok', 'client', 0],
  ['enter', 'client', 10],
  ['step', 'client', 500],
  ['access', 'resource', 450],
  ['exit', 'client', 900],
  ['invoke', 'client', 5],
  ['release-sent', 'client', 0],
  ['lease-end', 'server', 420],
  ['ok', 'client', 380],
] as const;
/** Messages of a turn: from, to, the record before which it left, and how long it took. */
const MESSAGES = [
  ['client', 'server', 0, 400],
  ['server', 'client', 1, 350],
  ['client', 'resource', 5, 450],
  ['client', 'server', 9, 420],
  ['server', 'client', 10, 380],
] as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };
type Columns = Mutable<TraceFile['ev']>;

/** A trace file with so many events. */
export function largeTrace(events: number): TraceFile {
  const turns = Math.ceil(events / TURN.length);
  const run = new Run();
  for (let turn = 0; turn < turns; turn++)
    run.turn(turn, Math.min(events, (turn + 1) * TURN.length));
  return run.file();
}

class Run {
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

  /** One client's turn, or the part of it that there is room for. */
  turn(turn: number, until: number): void {
    const client = turn % CLIENTS;
    const begun = this.ev.dt.length;
    const times: number[] = [];
    for (const [at, [type, who, dt]] of TURN.entries()) {
      if (this.ev.dt.length >= until) return;
      const host = who === 'client' ? client : who === 'server' ? SERVER : RESOURCE;
      this.record(host, recordOf(type, turn, at), dt, at === 0 ? 0 : 1);
      times.push(this.atUs);
    }
    this.addMessages(client, times, turn);
    const add = (kind: SpanKind, host: number, from: number, end: number) =>
      this.span(kind, host, [times[from]!, times[end]!], turn, begun + from);
    add('wait', client, 0, 3);
    add('lease', SERVER, 1, 10);
    add('held', client, 1, 10);
    // Every so often a client hears late that its lease is over.
    add('belief', client, 3, turn % 97 === 0 ? 11 : 8);
    add('section', client, 4, 7);
    add('release', client, 8, 11);
  }

  file(): TraceFile {
    const hosts = Array.from({ length: CLIENTS }, (_, index) => ({
      id: String.fromCharCode(65 + index),
      kind: 'client' as const,
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
      hosts: [...hosts, { id: 'r1', kind: 'server' }, { id: 'store', kind: 'resource' }],
      locks: [{ key: 'orders', ttlMs: 10_000, quorum: 1 }],
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
    const hostOf = { client, server: SERVER, resource: RESOURCE };
    for (const [at, [from, to, after, took]] of MESSAGES.entries()) {
      const sentAtUs = times[after]!;
      const { msg } = this;
      const isLost = (turn * MESSAGES.length + at) % 211 === 0;
      msg.from.push(hostOf[from]);
      msg.to.push(hostOf[to]);
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

interface Told {
  readonly type: HistoryRecord['type'];
  readonly [field: string]: unknown;
}

/** The fields of a record beside its time; the turn's call has the number 2 × turn. */
function recordOf(type: (typeof TURN)[number][0], turn: number, at: number): Told {
  const client = String.fromCharCode(65 + (turn % CLIENTS));
  const grant = turn * 2;
  const isRelease = at >= 8;
  const call = { host: client, call: grant + (isRelease ? 1 : 0) };
  switch (type) {
    case 'invoke':
    case 'ok':
      return { type, ...call, action: isRelease ? 'release' : 'acquire', grant };
    case 'lease':
      return { type, host: client, server: 'r1', key: 'orders', termUs: 10_000_000, grant };
    case 'lease-end':
      return { type, server: 'r1', key: 'orders', cause: 'released' };
    case 'access':
      return { type, client, resource: 'store', access: 'write', accepted: true };
    case 'step':
      return { type, host: client, grant, access: 'write' };
    default:
      return { type, host: client, grant };
  }
}

/**
 * A trace as a file: columns instead of rows, texts and payloads stored once, nothing that is cheap
 * to derive. It holds a run whole, so that the viewer, and anybody with a script, can draw it. All
 * times are integer microseconds of world time.
 */
import type { HistoryIndex } from '../checkers/sections.js';
import type { HostId } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import type { Scenario } from '../scenario.js';
import type { Trace, TraceMessage } from '../trace.js';
import type { PropertyVerdict } from '../verdict.js';
import { beginTale, type Tale } from './narrative/tale.js';
import { causeOf } from './trace-causes.js';
import { type Span, spansOf } from './trace-spans.js';

/** A column-oriented trace. Every `number` that names a row is an index into the `ev` columns. */
export interface TraceFile {
  readonly format: 'holdfast-trace';
  /** Version of the format: readers refuse another one, with words. */
  readonly v: 1;
  readonly meta: {
    /** One line for a person. */
    readonly title: string;
    readonly source: 'simulated';
    /** Version of Holdfast that made it. */
    readonly engine: string;
    readonly algorithm: string;
    readonly scenario: Scenario;
    /** Digest of the run. */
    readonly digest: string;
    /** When the faults ended, and when the run did; µs. */
    readonly healedAtUs: number;
    readonly endUs: number;
    /** Which limit ended the run, if one did. */
    readonly limit?: string;
    /** `exact`: every time is; of a run on real servers it would be `bounded`. */
    readonly truth: 'exact';
  };
  /** Every host, in the order in which columns and lanes are drawn; others name it by index. */
  readonly hosts: readonly {
    readonly id: HostId;
    readonly kind: 'client' | 'server' | 'resource' | 'probe';
  }[];
  /** The keys: their TTL in ms and how many servers must hold a lease. */
  readonly locks: readonly {
    readonly key: string;
    readonly ttlMs: number;
    readonly quorum: number;
  }[];
  /** Texts that are named by index: types of records, commands, replies, places in the code. */
  readonly dict: readonly string[];
  /** Fields of records beside their time and host, each distinct value once. */
  readonly payload: readonly unknown[];
  /** The records of the history, one row each, in their order. */
  readonly ev: {
    /** µs since the row before. */
    readonly dt: readonly number[];
    /** Host, by index; −1 for none. */
    readonly host: readonly number[];
    /** Type of the record, by index into `dict`. */
    readonly type: readonly number[];
    /** The record's other fields, by index into `payload`. */
    readonly payload: readonly number[];
    /** How many rows back its cause stands (invocation, lease, pause, step…); 0 for none. */
    readonly cause: readonly number[];
    /** `file:line` in the code under test, by index into `dict`; −1 for none. */
    readonly place: readonly number[];
  };
  /** The messages, one row each, in the order in which they were sent. */
  readonly msg: {
    /** Hosts, by index. */
    readonly from: readonly number[];
    readonly to: readonly number[];
    /** µs since the message before left. */
    readonly dt: readonly number[];
    /** µs from leaving to the arrival that was due if nothing had interfered. */
    readonly due: readonly number[];
    /** µs from leaving to its end (arrival or loss); −1 if it was under way when the run ended. */
    readonly took: readonly number[];
    /** 0 delivered, 1 lost, 2 receiver down, 3 in flight at the end. */
    readonly fate: readonly number[];
    /** The command or reply, by index into `dict`. */
    readonly text: readonly number[];
    /** `file:line` of the code that sent it, by index into `dict`; −1 for none. */
    readonly place: readonly number[];
  };
  /**
   * Each host's clocks as straight pieces: from `atUs` on the clock shows
   * `localUs + (t − atUs) × (1 + ratePpm / 10⁶)`; before the first piece, world time.
   */
  readonly clocks: readonly {
    readonly host: number;
    readonly clock: 'wall' | 'mono';
    readonly pieces: readonly (readonly [atUs: number, localUs: number, ratePpm: number])[];
  }[];
  /** Stretches of time, by kind; see `SpanKind`. */
  readonly spans: readonly {
    readonly kind: Span['kind'];
    /** Whose lane it is drawn in, by index of the host. */
    readonly host: readonly number[];
    readonly fromUs: readonly number[];
    readonly untilUs: readonly number[];
    /** Id of the acquire it belongs to; −1 for none. */
    readonly grant: readonly number[];
    /** Row that opened it. */
    readonly by: readonly number[];
  }[];
  /** The faults that struck: when they began and ended (µs), and on which hosts. */
  readonly faults: readonly {
    readonly id: string;
    readonly class: string;
    readonly hosts: readonly number[];
    readonly fromUs: number;
    readonly untilUs: number;
    /** Whether it met a host or message of an operation in progress. */
    readonly touched: boolean;
  }[];
  /** The properties that the run breaks, with the rows that prove it. */
  readonly violations: readonly {
    readonly property: string;
    readonly class?: string;
    readonly cause?: string;
    /** Operations: who offended, who was hurt. */
    readonly offender?: string;
    readonly victim?: string;
    readonly witness: readonly number[];
  }[];
}

const FATES = ['delivered', 'lost', 'receiver-down', 'in-flight'] as const;

/** Puts a trace into columns. `verdicts` are those of its history; `engine` is our version. */
export function traceFile(
  trace: Trace,
  verdicts: readonly PropertyVerdict[],
  engine: string,
): TraceFile {
  const tale = beginTale(trace);
  const { index } = tale;
  const { world, healedAtUs, endUs, limit } = trace.history;
  const hosts = hostsOf(trace);
  const numbers = new Map(hosts.map(({ id }, number) => [id, number]));
  const texts = new Interned<string>((text) => text);
  const payloads = new Interned<unknown>((value) => JSON.stringify(value));
  const at = (host: HostId | undefined) => (host === undefined ? -1 : (numbers.get(host) ?? -1));
  const ev = records(tale, at, texts, payloads);
  const msg = messages(trace, at, texts);
  return {
    format: 'holdfast-trace',
    v: 1,
    meta: {
      title: titleOf(trace, verdicts),
      source: 'simulated',
      engine,
      algorithm: trace.scenario.algorithm,
      scenario: trace.scenario,
      digest: trace.digest,
      healedAtUs,
      endUs,
      ...(limit !== undefined && { limit }),
      truth: 'exact',
    },
    hosts,
    locks: [{ key: world.key, ttlMs: world.ttlMs, quorum: index.quorum }],
    dict: texts.values,
    payload: payloads.values,
    ev,
    msg,
    clocks: clocks(trace, at),
    spans: spans(index, at),
    faults: faults(trace, at),
    violations: violations(verdicts),
  };
}

/** Values stored once and named by their number. */
class Interned<T> {
  readonly values: T[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly nameOf: (value: T) => string) {}

  add(value: T): number {
    const name = this.nameOf(value);
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.values.length);
    return this.values.push(value) - 1;
  }

  addIf(value: T | undefined): number {
    return value === undefined ? -1 : this.add(value);
  }
}

type HostNumber = (host: HostId | undefined) => number;

function hostsOf({ history, messages: sent }: Trace): TraceFile['hosts'] {
  const { clients, servers, probe } = history.world;
  const resources = new Set<HostId>();
  for (const record of history.records) {
    if (record.type === 'access') resources.add(record.resource);
  }
  const known = new Set([...clients, ...servers, probe]);
  for (const { to } of sent) if (!known.has(to)) resources.add(to);
  return [
    ...clients.map((id) => ({ id, kind: 'client' }) as const),
    ...servers.map((id) => ({ id, kind: 'server' }) as const),
    ...[...resources].map((id) => ({ id, kind: 'resource' }) as const),
    { id: probe, kind: 'probe' },
  ];
}

function titleOf({ scenario }: Trace, verdicts: readonly PropertyVerdict[]): string {
  const broken = verdicts.filter(({ verdict }) => verdict === 'invalid');
  const names = broken.map(({ property, class: found }) => found ?? property);
  const what = names.length === 0 ? 'no violation' : names.join(', ');
  return `${scenario.algorithm}: ${what}`;
}

function records(
  tale: Tale,
  at: HostNumber,
  texts: Interned<string>,
  payloads: Interned<unknown>,
): TraceFile['ev'] {
  const ev = {
    dt: [] as number[],
    host: [] as number[],
    type: [] as number[],
    payload: [] as number[],
    cause: [] as number[],
    place: [] as number[],
  };
  let lastUs = 0;
  tale.index.records.forEach((record, row) => {
    const { type, atUs, ...rest } = record;
    ev.dt.push(atUs - lastUs);
    lastUs = atUs;
    ev.host.push(at(hostOf(tale, record)));
    ev.type.push(texts.add(type));
    ev.payload.push(payloads.add(rest));
    const cause = causeOf(tale, row);
    ev.cause.push(cause === undefined ? 0 : row - cause);
    ev.place.push(texts.addIf(tale.trace.places[row]));
  });
  return ev;
}

/** The host in whose lane a record is drawn. */
function hostOf({ index, leases }: Tale, record: HistoryRecord): HostId | undefined {
  switch (record.type) {
    case 'access':
      return record.resource;
    case 'lease':
    case 'request':
    case 'enqueued':
    case 'dequeued':
      return record.server;
    case 'lease-end':
      return leases.get(record.lease)?.record.server;
    case 'acked':
      return leases.get(record.lease)?.record.host;
    case 'told':
    case 'validity':
    case 'release-sent':
      return index.grantById.get(record.grant)?.client;
    case 'host':
    case 'clock':
      return record.host;
    case 'fault':
      return undefined;
    default:
      return record.client;
  }
}

function messages(trace: Trace, at: HostNumber, texts: Interned<string>): TraceFile['msg'] {
  const sent = [...trace.messages].sort((a, b) => a.sentAtUs - b.sentAtUs);
  let lastUs = 0;
  const sinceLast = sent.map(({ sentAtUs }) => {
    const dt = sentAtUs - lastUs;
    lastUs = sentAtUs;
    return dt;
  });
  return {
    from: sent.map(({ from }) => at(from)),
    to: sent.map(({ to }) => at(to)),
    dt: sinceLast,
    due: sent.map(({ dueUs, sentAtUs }) => dueUs - sentAtUs),
    took: sent.map(tookUs),
    fate: sent.map(({ fate }) => FATES.indexOf(fate)),
    text: sent.map(({ text }) => texts.add(text)),
    place: sent.map(({ place }) => texts.addIf(place)),
  };
}

function tookUs({ endedAtUs, sentAtUs }: TraceMessage): number {
  return endedAtUs === undefined ? -1 : endedAtUs - sentAtUs;
}

function clocks({ history }: Trace, at: HostNumber): TraceFile['clocks'] {
  const byClock = new Map<
    string,
    { host: number; clock: 'wall' | 'mono'; pieces: [number, number, number][] }
  >();
  for (const record of history.records) {
    if (record.type !== 'clock') continue;
    const { host, clock, atUs, localUs, ratePpm } = record;
    const name = `${host} ${clock}`;
    let known = byClock.get(name);
    if (known === undefined) byClock.set(name, (known = { host: at(host), clock, pieces: [] }));
    known.pieces.push([atUs, localUs, ratePpm]);
  }
  return [...byClock.values()];
}

function spans(index: HistoryIndex, at: HostNumber): TraceFile['spans'] {
  const byKind = new Map<Span['kind'], Span[]>();
  for (const span of spansOf(index)) {
    const known = byKind.get(span.kind);
    if (known === undefined) byKind.set(span.kind, [span]);
    else known.push(span);
  }
  return [...byKind].map(([kind, all]) => ({
    kind,
    host: all.map(({ host }) => at(host)),
    fromUs: all.map(({ fromUs }) => fromUs),
    untilUs: all.map(({ untilUs }) => untilUs),
    grant: all.map(({ grant }) => grant ?? -1),
    by: all.map(({ by }) => by),
  }));
}

function faults({ history, scenario }: Trace, at: HostNumber): TraceFile['faults'] {
  const found: TraceFile['faults'][number][] = [];
  for (const fault of scenario.faults) {
    const edges = history.records.filter(
      (record) => record.type === 'fault' && record.fault === fault.id,
    );
    const start = edges.find((record) => record.type === 'fault' && record.edge === 'start');
    if (start === undefined) continue;
    const end = edges.find((record) => record.type === 'fault' && record.edge === 'end');
    const touched = edges.some((record) => record.type === 'fault' && record.edge === 'touched');
    const hosts = 'host' in fault ? [at(fault.host)] : [at(fault.client), at(fault.server)];
    const lastsUs = 'durationUs' in fault ? fault.durationUs : 0;
    const untilUs = end?.atUs ?? start.atUs + lastsUs;
    found.push({ id: fault.id, class: fault.class, hosts, fromUs: start.atUs, untilUs, touched });
  }
  return found;
}

function violations(verdicts: readonly PropertyVerdict[]): TraceFile['violations'] {
  return verdicts
    .filter(({ verdict }) => verdict === 'invalid')
    .map(({ property, class: found, cause, offender, victim, witness }) => ({
      property,
      ...(found !== undefined && { class: found }),
      ...(cause !== undefined && { cause }),
      ...(offender !== undefined && { offender: offender.operation }),
      ...(victim !== undefined && { victim: victim.operation }),
      witness,
    }));
}

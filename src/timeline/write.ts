/** Puts a run into the columns of a trace file (format.ts). */
import type { HistoryIndex } from '../checkers/sections.js';
import type { HostId } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import { narrate } from '../story/narrative/index.js';
import { beginTale, type Tale } from '../story/narrative/tale.js';
import type { Trace, TraceMessage } from '../trace.js';
import type { PropertyVerdict } from '../verdict.js';
import { causeOf } from './causes.js';
import { FATES, type TraceFile } from './format.js';
import { type Span, spansOf } from './spans.js';

/** Puts a trace into columns. `verdicts` are those of its history; `engine` is our version. */
export function traceFile(
  trace: Trace,
  verdicts: readonly PropertyVerdict[],
  engine: string,
  replay?: string,
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
      ...(replay !== undefined && { replay }),
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
    violations: violations(trace, verdicts),
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
  // `until-ttl` does not say what lasts so long.
  const names = broken.map(({ property, class: found }) =>
    property === 'leak' ? `${property} ${found}` : (found ?? property),
  );
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

function violations(trace: Trace, verdicts: readonly PropertyVerdict[]): TraceFile['violations'] {
  return verdicts
    .filter(({ verdict }) => verdict === 'invalid')
    .map((verdict) => {
      const { property, class: found, cause, offender, victim, witness } = verdict;
      return {
        property,
        ...(found !== undefined && { class: found }),
        ...(cause !== undefined && { cause }),
        why: narrate(verdict, trace),
        ...(offender !== undefined && { offender: offender.operation }),
        ...(victim !== undefined && { victim: victim.operation }),
        witness,
      };
    });
}

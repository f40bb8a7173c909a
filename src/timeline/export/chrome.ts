/**
 * A trace as Chrome trace events, which Perfetto opens: a process for each host, a thread for each
 * kind of spans, arrows for messages, counters for clocks and fencing tokens. Times are µs, as
 * there (source: "Trace Event Format" of the Chromium project). What the importer of Perfetto makes
 * of them (its src/trace_processor/importers/json) decides where that document leaves a choice.
 */
import type { HistoryRecord } from '../../history.js';
import type { ModelMessage, ModelSpan, TraceModel } from '../model.js';
import { SPAN_KINDS } from '../spans.js';
import { nestingLanes } from './nesting.js';
import { sideBySide } from './side-by-side.js';

export interface ChromeEvent {
  readonly name: string;
  /** `X` slice, `i` instant, `C` counter, `M` name. */
  readonly ph: 'X' | 'i' | 'C' | 'M';
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Which arrow begins (`flow_out`) or ends (`flow_in`) at this slice, whatever lies around it. */
  readonly bind_id?: number;
  readonly flow_out?: true;
  readonly flow_in?: true;
  /** An instant is one of its thread. */
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string>>;
  readonly traceEvents: readonly ChromeEvent[];
}

export function chromeTrace(model: TraceModel): ChromeTrace {
  const { title, engine, digest } = model.file.meta;
  const tracks = new Tracks(model);
  addSpans(model, tracks);
  addMessages(model, tracks);
  addRecords(model, tracks);
  addClocks(model, tracks);
  addVerdicts(model, tracks);
  const marks = sideBySide(tracks.marks).map(({ mark, ts, dur }) =>
    mark.ph === 'X' ? { ...mark, ts, dur } : { ...mark, ts },
  );
  const events = [...tracks.events, ...marks].sort((a, b) => a.ts - b.ts);
  return {
    displayTimeUnit: 'ms',
    otherData: { title, engine, digest },
    traceEvents: [...tracks.names, ...events],
  };
}

/** Processes are numbered from 1 in the order of hosts; the last is that of the run itself. */
const pidOf = (host: number): number => host + 1;

interface Track {
  readonly pid: number;
  readonly tid: number;
}

/** Numbers and names the threads in the order in which they are asked for. */
class Tracks {
  readonly names: ChromeEvent[] = [];
  readonly events: ChromeEvent[] = [];
  /** What has no length: instants, and slices that arrows have a hold on. */
  readonly marks: ChromeEvent[] = [];
  /** The process of what belongs to no host. */
  readonly run: number;
  private readonly known = new Map<string, Track>();
  private lastTid: number;

  constructor({ hosts }: TraceModel) {
    this.run = pidOf(hosts.length);
    // No thread has the number of a process: viewers take such a one for its main thread.
    this.lastTid = this.run;
    for (const { id, index, kind } of hosts) this.addProcess(pidOf(index), `${id} (${kind})`);
    this.addProcess(this.run, 'run');
  }

  of(pid: number, name: string): Track {
    const key = `${pid} ${name}`;
    let track = this.known.get(key);
    if (track === undefined) {
      track = { pid, tid: ++this.lastTid };
      this.known.set(key, track);
      this.addName('thread_name', track, { name });
      this.addName('thread_sort_index', track, { sort_index: track.tid });
    }
    return track;
  }

  private addProcess(pid: number, name: string): void {
    this.addName('process_name', { pid, tid: 0 }, { name });
    this.addName('process_sort_index', { pid, tid: 0 }, { sort_index: pid });
  }

  private addName(name: string, track: Track, args: Readonly<Record<string, unknown>>): void {
    this.names.push({ name, ph: 'M', ...track, ts: 0, args });
  }
}

function addSpans(model: TraceModel, tracks: Tracks): void {
  const operations = operationsOf(model);
  for (const { index } of model.hosts) {
    for (const kind of SPAN_KINDS) {
      const here = model.spansOf(kind).filter(({ host }) => host === index);
      nestingLanes(here).forEach((lane, at) => {
        const track = tracks.of(pidOf(index), at === 0 ? kind : `${kind} ${at + 1}`);
        for (const span of lane) tracks.events.push(slice(span, operations, track));
      });
    }
  }
}

function slice(span: ModelSpan, operations: ReadonlyMap<number, string>, at: Track): ChromeEvent {
  const { kind, fromUs, untilUs, grant, by } = span;
  const operation = operations.get(grant);
  return {
    name: operation === undefined ? kind : `${kind} ${operation}`,
    ph: 'X',
    cat: kind,
    ...at,
    ts: fromUs,
    dur: untilUs - fromUs,
    args: { row: by, ...(operation !== undefined && { operation }) },
  };
}

/** Names of operations by the number of the acquire that they began with. */
function operationsOf(model: TraceModel): Map<number, string> {
  const operations = new Map<number, string>();
  for (let row = 0; row < model.rows; row++) {
    const record = model.record(row);
    if (record.type === 'invoke') operations.set(record.call, record.operation);
  }
  return operations;
}

function addMessages({ hosts, messages }: TraceModel, tracks: Tracks): void {
  for (const message of messages) {
    const { index, from, to, sentAtUs, endedAtUs, fate, text, place } = message;
    const arrives = fate === 'delivered' && endedAtUs !== Infinity;
    const args = { fate, ...lateness(message), ...(place !== undefined && { place }) };
    const end = (host: number, ts: number, name: string, arrow: Partial<ChromeEvent>) => {
      const track = tracks.of(pidOf(host), 'messages');
      tracks.marks.push({ name, ph: 'X', cat: 'message', ...track, ts, ...arrow, args });
    };
    if (!arrives) {
      end(from, sentAtUs, `to ${hosts[to]!.id}: ${text} (${fate})`, {});
      continue;
    }
    const bind_id = index + 1;
    end(from, sentAtUs, `to ${hosts[to]!.id}: ${text}`, { bind_id, flow_out: true });
    end(to, endedAtUs, `from ${hosts[from]!.id}: ${text}`, { bind_id, flow_in: true });
  }
}

function lateness({ dueUs, endedAtUs }: ModelMessage): { lateUs?: number } {
  return endedAtUs === Infinity || endedAtUs <= dueUs ? {} : { lateUs: endedAtUs - dueUs };
}

function addRecords(model: TraceModel, tracks: Tracks): void {
  for (let row = 0; row < model.rows; row++) {
    const record = model.record(row);
    const { type, atUs, ...rest } = record;
    const host = model.host[row]!;
    const pid = host < 0 ? tracks.run : pidOf(host);
    const place = model.place(row);
    tracks.marks.push({
      name: nameOf(record),
      ph: 'i',
      cat: type,
      ...tracks.of(pid, 'records'),
      ts: atUs,
      s: 't',
      args: { row, ...rest, ...(place !== undefined && { place }) },
    });
    const isShown = record.type === 'ok' || (record.type === 'access' && record.accepted);
    if (!isShown || record.fencingToken === undefined) continue;
    tracks.events.push(counter('fencing token', pid, atUs, { number: record.fencingToken }));
  }
}

function nameOf(record: HistoryRecord): string {
  switch (record.type) {
    case 'invoke':
    case 'ok':
    case 'fail':
    case 'info':
    case 'request':
      return `${record.type} ${record.action}`;
    case 'host':
      return `host ${record.state}`;
    case 'fault':
      return `fault ${record.fault} ${record.edge}`;
    case 'access':
      return `${record.access} ${record.accepted ? 'accepted' : 'refused'}`;
    default:
      return record.type;
  }
}

function counter(name: string, pid: number, ts: number, args: Record<string, number>): ChromeEvent {
  return { name, ph: 'C', pid, tid: 0, ts, args };
}

/** How far each clock is from the time of the world, where it changes and where a drift ends. */
function addClocks({ file, endUs }: TraceModel, tracks: Tracks): void {
  for (const { host, clock, pieces } of file.clocks) {
    const show = (atUs: number, aheadUs: number) =>
      void tracks.events.push(counter(`${clock} clock ahead`, pidOf(host), atUs, { us: aheadUs }));
    if (pieces[0]?.[0] !== 0) show(0, 0);
    for (const [at, [fromUs, localUs, ratePpm]] of pieces.entries()) {
      show(fromUs, localUs - fromUs);
      const untilUs = Math.max(fromUs, pieces[at + 1]?.[0] ?? endUs);
      const driftUs = Math.floor(((untilUs - fromUs) * ratePpm) / 1_000_000);
      if (ratePpm !== 0) show(untilUs, localUs - fromUs + driftUs);
    }
  }
}

/** Faults in lanes of their own, and violations in a thread below them. */
function addVerdicts(model: TraceModel, tracks: Tracks): void {
  const { faults, violations } = model.file;
  nestingLanes(faults).forEach((lane, at) => {
    const track = tracks.of(tracks.run, at === 0 ? 'faults' : `faults ${at + 1}`);
    for (const { id, class: faultClass, fromUs, untilUs, hosts, touched } of lane) {
      const struck = hosts.map((host) => model.hosts[host]?.id ?? '');
      const name = `${id}: ${faultClass}`;
      const args = { hosts: struck, touched };
      const dur = untilUs - fromUs;
      tracks.events.push({ name, ph: 'X', cat: 'fault', ...track, ts: fromUs, dur, args });
    }
  });
  for (const { property, class: found, why, witness } of violations) {
    tracks.marks.push({
      name: `✗ ${found === undefined ? property : `${property}: ${found}`}`,
      ph: 'i',
      cat: 'violation',
      ...tracks.of(tracks.run, 'violations'),
      ts: Math.max(0, ...witness.map((row) => model.atUs[row]!)),
      s: 't',
      args: { why, witness },
    });
  }
}

/**
 * A trace file, unpacked for who asks it questions: absolute times in typed arrays, records put
 * together on demand. What is derived from it (derive.ts and others) is derived here once, for the
 * viewer, the command line and the table alike. All times are integer microseconds of world time.
 */
import type { HistoryRecord } from '../history.js';
import { FATES, type TraceFile } from './format.js';
import { SPAN_KINDS, type SpanKind } from './spans.js';

/** A host of the trace, with its index: the order in which lanes are drawn. */
export interface ModelHost {
  readonly index: number;
  readonly id: string;
  readonly kind: TraceFile['hosts'][number]['kind'];
}

export interface ModelSpan {
  readonly kind: SpanKind;
  readonly host: number;
  readonly fromUs: number;
  readonly untilUs: number;
  /** Id of the acquire it belongs to; −1 for none. */
  readonly grant: number;
  /** Row that opened it. */
  readonly by: number;
  /** Earliest and latest instant of its ends, µs; absent: both are exact. */
  readonly bounds?: { readonly fromUs: Bounds; readonly untilUs: Bounds };
}

export type Bounds = readonly [earliestUs: number, latestUs: number];

export interface ModelMessage {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly sentAtUs: number;
  /** When it would have arrived if nothing had interfered. */
  readonly dueUs: number;
  /** Arrival or loss; `Infinity` if it was under way when the run ended. */
  readonly endedAtUs: number;
  readonly fate: (typeof FATES)[number];
  readonly text: string;
  readonly place: string | undefined;
}

export class TraceModel {
  readonly hosts: readonly ModelHost[];
  /** Number of records. */
  readonly rows: number;
  /** When each row happened; never decreasing. */
  readonly atUs: Float64Array;
  /** Host of each row; −1 for none. */
  readonly host: Int16Array;
  /** Row that caused each row; −1 for none. */
  readonly cause: Int32Array;
  /** By when they were sent. */
  readonly messages: readonly ModelMessage[];
  /** By kind, each in the order of its beginnings. */
  readonly spans: ReadonlyMap<SpanKind, readonly ModelSpan[]>;
  readonly endUs: number;

  constructor(readonly file: TraceFile) {
    const { ev, hosts, meta } = file;
    this.hosts = hosts.map(({ id, kind }, index) => ({ index, id, kind }));
    this.rows = ev.dt.length;
    this.atUs = summed(ev.dt);
    this.host = Int16Array.from(ev.host);
    this.cause = Int32Array.from(ev.cause, (back, row) => (back === 0 ? -1 : row - back));
    this.messages = messagesOf(file);
    this.spans = spansOf(file);
    this.endUs = meta.endUs;
  }

  /** The record of a row, as the history has it. */
  record(row: number): HistoryRecord {
    const { dict, ev, payload } = this.file;
    const rest = payload[ev.payload[row]!] as object;
    return { ...rest, type: dict[ev.type[row]!], atUs: this.atUs[row] } as HistoryRecord;
  }

  /** When a row happened, at the earliest and at the latest; `undefined`: its time is exact. */
  boundsOf(row: number): Bounds | undefined {
    const { before, after } = this.file.ev;
    const [early, late] = [before?.[row] ?? 0, after?.[row] ?? 0];
    return boundsAt(this.atUs[row]!, early, late, this.endUs);
  }

  /** `file:line` of the code under test that caused a row. */
  place(row: number): string | undefined {
    return this.file.dict[this.file.ev.place[row]!];
  }

  spansOf(kind: SpanKind): readonly ModelSpan[] {
    return this.spans.get(kind) ?? [];
  }

  /** The first row that happens after an instant; `rows` if none does. */
  rowAfter(atUs: number): number {
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.atUs[middle]! <= atUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function summed(steps: readonly number[]): Float64Array {
  const sums = new Float64Array(steps.length);
  let sum = 0;
  for (let index = 0; index < steps.length; index++) sums[index] = sum += steps[index]!;
  return sums;
}

function messagesOf({ msg, dict }: TraceFile): ModelMessage[] {
  let sentAtUs = 0;
  return msg.dt.map((dt, index) => {
    sentAtUs += dt;
    const took = msg.took[index]!;
    return {
      index,
      from: msg.from[index]!,
      to: msg.to[index]!,
      sentAtUs,
      dueUs: sentAtUs + msg.due[index]!,
      endedAtUs: took < 0 ? Infinity : sentAtUs + took,
      fate: FATES[msg.fate[index]!]!,
      text: dict[msg.text[index]!] ?? '',
      place: dict[msg.place[index]!],
    };
  });
}

function spansOf({ spans, meta }: TraceFile): Map<SpanKind, ModelSpan[]> {
  const byKind = new Map<SpanKind, ModelSpan[]>();
  for (const columns of spans) {
    const { kind, host, fromUs, untilUs, grant, by } = columns;
    // A later Holdfast may know more kinds, and nobody here how to draw them.
    if (!SPAN_KINDS.includes(kind)) continue;
    const all = host.map(
      (one, index): ModelSpan => ({
        kind,
        host: one,
        fromUs: fromUs[index]!,
        untilUs: untilUs[index]!,
        grant: grant[index]!,
        by: by[index]!,
        ...(meta.truth === 'bounded' ? boundsOfSpan(columns, index, meta.endUs) : {}),
      }),
    );
    all.sort((a, b) => a.fromUs - b.fromUs || a.by - b.by);
    byKind.set(kind, all);
  }
  return byKind;
}

function boundsOfSpan(
  columns: TraceFile['spans'][number],
  index: number,
  endUs: number,
): Pick<ModelSpan, 'bounds'> {
  const [from, until] = [columns.fromUs[index]!, columns.untilUs[index]!];
  const { fromBeforeUs, fromAfterUs, untilBeforeUs, untilAfterUs } = columns;
  const fromUs = boundsAt(from, fromBeforeUs?.[index] ?? 0, fromAfterUs?.[index] ?? 0, endUs);
  const untilUs = boundsAt(until, untilBeforeUs?.[index] ?? 0, untilAfterUs?.[index] ?? 0, endUs);
  if (fromUs === undefined && untilUs === undefined) return {};
  return { bounds: { fromUs: fromUs ?? [from, from], untilUs: untilUs ?? [until, until] } };
}

/** No run begins before 0 or lasts longer than it did. */
function boundsAt(atUs: number, before: number, after: number, endUs: number): Bounds | undefined {
  if (before === 0 && after === 0) return undefined;
  return [Math.max(0, atUs - before), Math.max(atUs, Math.min(atUs + after, endUs))];
}

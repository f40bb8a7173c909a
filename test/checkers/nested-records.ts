/**
 * Records of grants that are nested in another one of the same operation (R19), and of queues
 * (R20), for stories to add. Times are milliseconds; ids count from 101, out of the story's way.
 */
import type {
  CompleteRecord,
  DequeuedRecord,
  EnqueuedRecord,
  HistoryRecord,
  Mode,
} from '../../src/history.js';
import type { Story } from './history-builder.js';

export interface NestedTold {
  /** Id of its acquire; that of its release is 100 more. Default 101. */
  readonly id?: number;
  readonly client?: string;
  readonly operation?: string;
  /** Id of the grant that it is nested in. */
  readonly outer?: number;
  readonly mode?: Mode;
  /** `null`: the call does not end. Default: 1 ms later. */
  readonly endMs?: number | null;
  readonly ends?: CompleteRecord['type'];
  readonly waitMs?: number | null;
}

const us = (ms: number) => Math.round(ms * 1_000);

export function withAll(told: Story, records: readonly HistoryRecord[]): Story {
  for (const record of records) told.add(record);
  return told;
}

function call(
  action: 'acquire' | 'release',
  id: number,
  grant: number,
  atMs: number,
  told: NestedTold,
): HistoryRecord[] {
  const { client = 'A', operation = 'A1', mode = 'exclusive', ends = 'ok', waitMs = 0 } = told;
  const endMs = told.endMs === undefined ? atMs + 1 : told.endMs;
  const what = { call: id, client, operation, action } as const;
  const invoke = { type: 'invoke', atUs: us(atMs), incarnation: 1, key: 'lock', mode } as const;
  const records: HistoryRecord[] = [
    { ...invoke, ...what, grant, ...(action === 'acquire' && { ttlMs: 10_000, waitMs }) },
  ];
  if (endMs !== null) records.push({ type: ends, atUs: us(endMs), ...what });
  return records;
}

/** A holder acquires once more. */
export function nestedAcquire(atMs: number, told: NestedTold = {}): HistoryRecord[] {
  return call('acquire', told.id ?? 101, told.outer ?? 1, atMs, told);
}

/** It gives that back. */
export function nestedRelease(atMs: number, told: NestedTold = {}): HistoryRecord[] {
  const { id = 101 } = told;
  const sent: HistoryRecord = { type: 'release-sent', atUs: us(atMs), grant: id };
  const [invoke, ...end] = call('release', id + 100, id, atMs, told);
  return [invoke!, sent, ...end];
}

/** It enters under it, or leaves. */
export function nestedAct(
  type: 'enter' | 'step' | 'exit',
  atMs: number,
  told: NestedTold = {},
): HistoryRecord {
  const { id: grant = 101, client = 'A', operation = 'A1', mode = 'exclusive' } = told;
  const act = { atUs: us(atMs), calledAtUs: us(atMs), grant, client };
  if (type === 'enter') return { type, ...act, incarnation: 1, operation, key: 'lock', mode };
  return type === 'exit' ? { type, ...act, completed: true } : { type, ...act };
}

/** The client takes its place in the queue, or its place ends. */
export function queued(
  operation: string,
  atMs: number,
  how: DequeuedRecord['cause'] | 'enqueued' = 'enqueued',
  more: Partial<EnqueuedRecord> = {},
): HistoryRecord {
  const place = {
    atUs: us(atMs),
    key: more.key ?? 'lock',
    server: more.server ?? 'r1',
    host: more.host ?? operation[0]!,
    incarnation: more.incarnation ?? 1,
    operation,
  };
  return how === 'enqueued'
    ? { type: 'enqueued', ...place, mode: more.mode ?? 'exclusive' }
    : { type: 'dequeued', ...place, cause: how };
}

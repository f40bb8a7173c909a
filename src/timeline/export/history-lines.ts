/**
 * The calls of a trace as history lines: one JSON object for each beginning and end of a call, with
 * the fields and types of Jepsen's histories, for checkers that read those (source: the page of
 * `jepsen.history`).
 */
import type { CompleteRecord, InvokeRecord } from '../../history.js';
import type { TraceModel } from '../model.js';

/** All lines, each with its end. Times are ns, as there. */
export function historyLines(model: TraceModel): string {
  const processes = new Processes(model);
  const lines: string[] = [];
  for (let row = 0; row < model.rows; row++) {
    const record = model.record(row);
    switch (record.type) {
      case 'invoke':
        lines.push(lineOf(record, processes.begin(record), lines.length, invoked(record)));
        break;
      case 'ok':
      case 'fail':
      case 'info': {
        const process = processes.end(record);
        if (process !== undefined) {
          lines.push(lineOf(record, process, lines.length, completed(record)));
        }
        break;
      }
      default:
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function lineOf(
  { type, action, atUs, client, operation }: InvokeRecord | CompleteRecord,
  process: number,
  index: number,
  more: object,
): string {
  const head = JSON.stringify({ index, type, process, f: action });
  const rest = JSON.stringify({ ...more, client, operation });
  // By its digits: from 104 days on, a time in ns is more than a number can hold exactly.
  const time = atUs === 0 ? '0' : `${atUs}000`;
  return `${head.slice(0, -1)},"time":${time},${rest.slice(1)}`;
}

function invoked({ key, mode, ttlMs, waitMs }: InvokeRecord): object {
  return { value: { key, mode, ttlMs, waitMs } };
}

function completed({ type, ownerId, fencingToken, reason }: CompleteRecord): object {
  const known = ownerId !== undefined || fencingToken !== undefined;
  const value = known ? { ownerId, fencingToken } : null;
  return type === 'ok' ? { value } : { value, error: reason ?? null };
}

/**
 * A process has one call at a time, and after an `info` none any more: nobody knows when that call
 * ends. Its client goes on as another process, whose number is higher by the number of clients.
 */
class Processes {
  private readonly clients: ReadonlyMap<string, number>;
  private readonly idle = new Map<string, number[]>();
  private readonly begun = new Map<string, number>();
  private readonly open = new Map<number, number>();

  constructor({ hosts }: TraceModel) {
    const clients = hosts.filter(({ kind }) => kind === 'client' || kind === 'probe');
    this.clients = new Map(clients.map(({ id }, number) => [id, number]));
  }

  begin({ call, client }: InvokeRecord): number {
    const process = this.idle.get(client)?.pop() ?? this.another(client);
    this.open.set(call, process);
    return process;
  }

  /** The process whose call it was; `undefined` if it never began. */
  end({ call, client, type }: CompleteRecord): number | undefined {
    const process = this.open.get(call);
    this.open.delete(call);
    if (process !== undefined && type !== 'info') {
      this.idle.set(client, [...(this.idle.get(client) ?? []), process]);
    }
    return process;
  }

  private another(client: string): number {
    const before = this.begun.get(client) ?? 0;
    this.begun.set(client, before + 1);
    return (this.clients.get(client) ?? 0) + before * this.clients.size;
  }
}

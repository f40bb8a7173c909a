/**
 * Writes down what makes up the digest of a run, entry by entry: a digest says that two runs
 * differ, two logs say where (docs/semantics.md, R14, D15). An ordinary run has no log.
 */
import type { LogEntry } from '../difference.js';
import { Digest } from '../digest.js';
import type { Fault, HostId, Struck } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import { ClientHost } from './client.js';
import { Connection, type Request, type Response, type Server } from './connection.js';
import type { SimEvent } from './queue.js';
import { digestRecord } from './record-digest.js';
import { ServiceHost } from './services/service-host.js';
import { EVENT_KIND, EVENT_KIND_NAMES, type Handler } from './world.js';

export class EventLog {
  readonly entries: LogEntry[] = [];
  private events = 0;
  private records = 0;

  event(event: SimEvent): void {
    const { atUs, lane, kind, operation, payloadHash } = event;
    this.entries.push({
      entry: 'event',
      index: this.events++,
      atUs,
      kind: EVENT_KIND_NAMES[kind]!,
      ...whose(event),
      lane: lane.id,
      ...payloadOf(event),
      fingerprint: `${lane.id} ${kind} ${operation} ${payloadHash}`,
    });
  }

  /** What a failover met: no event of its own, and found out after it began. */
  struck(host: HostId, atUs: number, struck: Struck): void {
    const fingerprint = `struck ${JSON.stringify(struck)}`;
    const common = { entry: 'event', index: this.events, kind: 'struck' } as const;
    this.entries.push({ ...common, atUs, host, struck, fingerprint });
  }

  record(record: HistoryRecord): void {
    const { type, atUs } = record;
    const digest = new Digest();
    digestRecord(digest, { ...record, atUs: 0 });
    this.entries.push({
      entry: 'record',
      index: this.records++,
      atUs,
      kind: type,
      ...actorOf(record),
      record,
      fingerprint: digest.toString(),
    });
  }
}

/** Whose record it is, of those that say so. */
function actorOf(record: HistoryRecord): Pick<LogEntry, 'host' | 'operation'> {
  const host = 'client' in record ? record.client : 'host' in record ? record.host : undefined;
  const operation = 'operation' in record ? record.operation : '';
  return {
    ...(host === undefined ? {} : { host }),
    ...(operation === '' ? {} : { operation }),
  };
}

/** The hosts and the operation that an event belongs to. */
function whose(event: SimEvent): Pick<LogEntry, 'host' | 'peer' | 'member' | 'operation'> {
  const { handler, lane } = event;
  if (handler instanceof Connection) {
    const host = handler.process.host.id;
    const { server, member } = handler;
    return {
      host,
      peer: server.id,
      ...(member === undefined ? {} : { member }),
      ...operationOf(host, event.operation),
    };
  }
  if (handler instanceof ServiceHost) return { host: handler.id };
  if (!(lane.host instanceof ClientHost)) return {};
  return { host: lane.host.id, ...operationOf(lane.host.id, event.operation) };
}

function operationOf(host: string, number: number): Pick<LogEntry, 'operation'> {
  return number === 0 ? {} : { operation: `${host}${number}` };
}

/** What the event carries, in words. */
function payloadOf({ kind, payload, handler }: SimEvent): Pick<LogEntry, 'payload'> {
  switch (kind) {
    case EVENT_KIND.request:
      return { payload: serverOf(handler).describeRequest((payload as Request).body) };
    case EVENT_KIND.reply:
      return { payload: serverOf(handler).describeReply((payload as Response).body) };
    case EVENT_KIND.fault:
      return payload === undefined ? {} : { payload: (payload as Fault).id };
    case EVENT_KIND.alarm:
    case EVENT_KIND.phase:
      return { payload: String(payload) };
    default:
      return {};
  }
}

/** Requests and replies are events of connections. */
function serverOf(handler: Handler): Server {
  return (handler as Connection).server;
}

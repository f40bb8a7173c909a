/**
 * What all checkers take for granted of a history (docs/semantics.md, R0): records in position
 * order, completions after invocations, acts under a grant, one acquire per operation, nobody
 * acting while paused or dead. Whether a lock is right is not asked here. A history that breaks
 * this is not judged: it was recorded wrongly, or edited.
 */
import type { HostId, OperationId } from '../fault.js';
import type {
  AckedRecord,
  CallId,
  ClockRecord,
  CompleteRecord,
  EnterRecord,
  ExitRecord,
  History,
  HistoryRecord,
  HostRecord,
  InvokeRecord,
  LeaseEndRecord,
  LeaseRecord,
  StepRecord,
} from '../history.js';
import { ById } from './by-id.js';

export interface Malformation {
  /** Index of the first record that is wrong. */
  readonly record: number;
  /** What is wrong, as a sentence that names the record. */
  readonly problem: string;
}

interface KnownCall {
  readonly invocation: InvokeRecord;
  completion: CompleteRecord['type'] | undefined;
  entered: boolean;
  left: boolean;
  /** The grant that an acquire is nested in. */
  outer: KnownCall | undefined;
}

interface KnownHost {
  incarnation: number;
  state: HostRecord['state'];
}

/** What has been heard of a lease, as bits: there are many. */
const MADE = 1;
const ACKED = 2;
const ENDED = 4;

/** Reads a history record by record; each `add` returns what is wrong with one record. */
class Reader {
  private readonly calls = new ById<KnownCall>();
  private readonly acquires = new Set<OperationId>();
  private readonly leases = new ById<number>();
  private readonly hosts = new Map<HostId, KnownHost>();
  private readonly servers: ReadonlySet<HostId>;

  constructor(history: History) {
    this.servers = new Set(history.world.servers);
  }

  add(record: HistoryRecord): string | undefined {
    switch (record.type) {
      case 'invoke':
        return this.invocation(record);
      case 'ok':
      case 'fail':
      case 'info':
        return this.completion(record);
      case 'enter':
      case 'step':
      case 'exit':
        return this.act(record);
      case 'told':
      case 'release-sent':
      case 'validity':
      case 'access':
        return this.acquire(record.grant) === undefined ? noGrant(record.grant) : undefined;
      case 'lease':
        return this.lease(record);
      case 'acked':
        return this.acked(record);
      case 'lease-end':
        return this.leaseEnd(record);
      case 'host':
        return this.host(record);
      case 'clock':
        return clock(record);
      case 'request':
      case 'loss-delivered':
      case 'enqueued':
      case 'dequeued':
        return this.servers.has(record.server) ? undefined : `there is no server ${record.server}`;
      case 'fault':
      case 'pending':
        return undefined;
      default:
        return `there is no such record as ${JSON.stringify((record as HistoryRecord).type)}`;
    }
  }

  private invocation(record: InvokeRecord): string | undefined {
    const { call, action, operation } = record;
    if (this.calls.get(call) !== undefined) return `call ${call} is invoked a second time`;
    const known: KnownCall = {
      invocation: record,
      completion: undefined,
      entered: false,
      left: false,
      outer: undefined,
    };
    this.calls.set(call, known);
    if (action === 'acquire' && record.grant === undefined) {
      if (this.acquires.has(operation)) return `operation ${operation} acquires a second time`;
      this.acquires.add(operation);
      return undefined;
    }
    const grant = record.grant === undefined ? undefined : this.acquire(record.grant);
    if (grant === undefined) return noGrant(record.grant);
    if (action !== 'acquire') return undefined;
    known.outer = grant;
    if (grant.completion !== 'ok') return `grant ${record.grant} was not granted`;
    const holder = grant.invocation;
    if (holder.operation === operation && holder.client === record.client) return undefined;
    return `grant ${record.grant} belongs to ${holder.operation}, not to ${operation}`;
  }

  private completion(record: CompleteRecord): string | undefined {
    const known = this.calls.get(record.call);
    if (known === undefined) return `call ${record.call} was never invoked`;
    if (known.completion !== undefined) return `call ${record.call} ends a second time`;
    known.completion = record.type;
    const { action, client } = known.invocation;
    if (record.action === action && record.client === client) return undefined;
    return `call ${record.call} was invoked as ${action} by ${client}`;
  }

  private act(record: EnterRecord | StepRecord | ExitRecord): string | undefined {
    const { grant, client } = record;
    const known = this.acquire(grant);
    if (known === undefined) return noGrant(grant);
    if (client !== known.invocation.client) {
      return `grant ${grant} belongs to ${known.invocation.client}, not to ${client}`;
    }
    if (record.calledAtUs > record.atUs) return 'it takes effect before it is called';
    if (record.type === 'enter') {
      if (known.completion !== 'ok') return `grant ${grant} was not granted`;
      const { key, mode } = known.invocation;
      if (record.key !== key || record.mode !== mode) return `grant ${grant} is ${mode} for ${key}`;
      if (known.entered) return `grant ${grant} enters a second time`;
      if (known.outer !== undefined && (!known.outer.entered || known.outer.left)) {
        return `grant ${grant} enters outside of the section that it is nested in`;
      }
      known.entered = true;
    } else if (!known.entered) return `grant ${grant} has not entered`;
    if (record.type === 'exit') {
      if (known.left) return `grant ${grant} leaves a second time`;
      known.left = true;
    }
    return this.running(client, known.invocation.incarnation);
  }

  private lease(record: LeaseRecord): string | undefined {
    const { lease, server, termUs } = record;
    if (this.leases.get(lease) !== undefined) return `lease ${lease} is made a second time`;
    if (!this.servers.has(server)) return `there is no server ${server}`;
    if (record.sentAtUs > record.atUs) return `lease ${lease} is applied before it is sent`;
    if (typeof termUs === 'number' && !(termUs > 0)) return `lease ${lease} has no positive term`;
    this.leases.set(lease, MADE);
    return undefined;
  }

  private acked({ lease }: AckedRecord): string | undefined {
    const known = this.leases.get(lease);
    if (known === undefined) return `lease ${lease} was never made`;
    if ((known & ACKED) !== 0) return `lease ${lease} is acknowledged a second time`;
    this.leases.set(lease, known | ACKED);
    return undefined;
  }

  private leaseEnd({ lease }: LeaseEndRecord): string | undefined {
    const known = this.leases.get(lease);
    if (known === undefined) return `lease ${lease} was never made`;
    if ((known & ENDED) !== 0) return `lease ${lease} ends a second time`;
    this.leases.set(lease, known | ENDED);
    return undefined;
  }

  private host(record: HostRecord): string | undefined {
    const { host, state, incarnation } = record;
    const before = this.hosts.get(host) ?? { incarnation: 1, state: 'restarted' };
    const wasRunning = before.state === 'resumed' || before.state === 'restarted';
    if (state === 'paused' && !wasRunning) return `${host} pauses but is ${before.state}`;
    if (state === 'resumed' && before.state !== 'paused')
      return `${host} resumes but is not paused`;
    if (state === 'dead' && before.state === 'dead') return `${host} dies a second time`;
    if (state === 'restarted' && before.state !== 'dead') return `${host} restarts but is not dead`;
    const expected = before.incarnation + (state === 'restarted' ? 1 : 0);
    if (incarnation !== expected) return `${host} is in incarnation ${expected}`;
    this.hosts.set(host, { incarnation, state });
    return undefined;
  }

  private running(host: HostId, incarnation: number): string | undefined {
    const now = this.hosts.get(host);
    if (now === undefined) return undefined;
    if (now.incarnation !== incarnation) return `incarnation ${incarnation} of ${host} is over`;
    if (now.state === 'paused' || now.state === 'dead') return `${host} is ${now.state}`;
    return undefined;
  }

  private acquire(call: CallId): KnownCall | undefined {
    const known = this.calls.get(call);
    return known?.invocation.action === 'acquire' ? known : undefined;
  }
}

function noGrant(call: CallId | undefined): string {
  return `there is no acquire ${call} before it`;
}

function clock({ localUs, ratePpm, host }: ClockRecord): string | undefined {
  const sound = Number.isFinite(localUs) && ratePpm > -1_000_000;
  return sound ? undefined : `the clock of ${host} does not advance`;
}

/** Finds the first record that breaks what checkers take for granted; `undefined` if none does. */
export function findMalformation(history: History): Malformation | undefined {
  const reader = new Reader(history);
  let lastUs = 0;
  for (let at = 0; at < history.records.length; at++) {
    const record = history.records[at]!;
    const { atUs } = record;
    const problem =
      Number.isSafeInteger(atUs) && atUs >= 0
        ? atUs < lastUs
          ? `it is earlier than the record before it (${lastUs} µs)`
          : reader.add(record)
        : `its time ${atUs} is no whole number of µs`;
    if (problem !== undefined) {
      return { record: at, problem: `record ${at} (${record.type}, ${atUs} µs): ${problem}` };
    }
    lastUs = atUs;
  }
  return undefined;
}

/**
 * Writes a history the way one tells a story: who acquired, entered, slept and acted, and when.
 * Times are milliseconds of world time. Records are put in order of time; at one instant they keep
 * the order in which they were told. What a story does not mention gets the plainest value.
 */
import type { HostId, OperationId } from '../../src/fault.js';
import type {
  Action,
  CallId,
  CompleteRecord,
  Declarations,
  History,
  HistoryRecord,
  LeaseEndRecord,
  LeaseId,
  LeaseRecord,
  Mode,
  ToldRecord,
} from '../../src/history.js';
import type { Invariant } from '../../src/invariant.js';

export interface AcquireTold {
  /** Servers that accept it. Default: all. */
  readonly on?: readonly HostId[];
  readonly key?: string;
  readonly mode?: Mode;
  /** When the requests leave, are applied, and are acknowledged. Default: +0, +0.5, +1 ms. */
  readonly sentMs?: number;
  readonly appliedMs?: number;
  /** `null`: the replies are never delivered. */
  readonly ackedMs?: number | null;
  /** Term of the lease instead of the TTL. */
  readonly term?: 'none' | 'session' | { readonly ms: number };
  /** When the call ends, and how; default: `ok` with the acknowledgement. `null`: still pending. */
  readonly endMs?: number | null;
  readonly ends?: CompleteRecord['type'];
  readonly fencingToken?: number;
  readonly push?: boolean;
  readonly pull?: boolean;
  readonly waitMs?: number | null;
}

export interface Under {
  /** Operation whose grant is meant. Default: the client's latest. */
  readonly grant?: OperationId;
}

export interface ActTold extends Under {
  /** When the call was entered, if it was paused inside. */
  readonly calledMs?: number;
}

export interface ReleaseTold extends Under {
  readonly on?: readonly HostId[];
  readonly appliedMs?: number;
  readonly endMs?: number | null;
  readonly ends?: CompleteRecord['type'];
}

export interface RenewTold extends ReleaseTold {
  readonly sentMs?: number;
  readonly ackedMs?: number | null;
  /** Whether the key still held the owner's value; `false` if the request made it anew. */
  readonly extends?: boolean;
}

interface Told {
  readonly id: CallId;
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly key: string;
  readonly mode: Mode;
  /** The lease in force at each server. */
  readonly leases: Map<HostId, LeaseId>;
}

const us = (ms: number): number => Math.round(ms * 1000);

export class Story {
  private readonly records: HistoryRecord[] = [];
  private readonly grants = new Map<OperationId, Told>();
  private readonly latest = new Map<HostId, Told>();
  private readonly operations = new Map<HostId, number>();
  private readonly incarnations = new Map<HostId, number>();
  private ttlMs = 10_000;
  private serverIds: readonly HostId[] = ['r1'];
  private declared: Declarations = {};
  private isFenced = false;
  private promised: readonly Invariant[] | undefined;
  private healedMs: number | undefined;
  private endMs: number | undefined;
  private calls = 0;
  private leases = 0;

  constructor(private readonly clients: readonly HostId[]) {}

  ttl(ms: number): this {
    this.ttlMs = ms;
    return this;
  }

  servers(...servers: readonly HostId[]): this {
    this.serverIds = servers;
    return this;
  }

  declares(declarations: Declarations): this {
    this.declared = declarations;
    return this;
  }

  fenced(): this {
    this.isFenced = true;
    return this;
  }

  /** What the workload promises of the resource. */
  promising(invariants: readonly Invariant[]): this {
    this.promised = invariants;
    return this;
  }

  /** When faults end, and when the run ends. Default: with the last record. */
  healed(ms: number): this {
    this.healedMs = ms;
    return this;
  }

  end(ms: number): this {
    this.endMs = ms;
    return this;
  }

  /** Any record as it is, for what the words below do not say. */
  add(record: HistoryRecord): this {
    this.records.push(record);
    return this;
  }

  acquire(client: HostId, atMs: number, told: AcquireTold = {}): this {
    const number = (this.operations.get(client) ?? 0) + 1;
    this.operations.set(client, number);
    const grant: Told = {
      id: ++this.calls,
      client,
      incarnation: this.incarnations.get(client) ?? 1,
      operation: `${client}${number}`,
      key: told.key ?? 'lock',
      mode: told.mode ?? 'exclusive',
      leases: new Map(),
    };
    this.grants.set(grant.operation, grant);
    this.latest.set(client, grant);
    const waitMs = told.waitMs === undefined ? 0 : told.waitMs;
    this.invoke(grant, grant.id, 'acquire', atMs, { ttlMs: this.ttlMs, waitMs });
    const sentMs = told.sentMs ?? atMs;
    const appliedMs = told.appliedMs ?? sentMs + 0.5;
    const ackedMs = told.ackedMs === undefined ? appliedMs + 0.5 : told.ackedMs;
    const term = told.term ?? { ms: this.ttlMs };
    const termUs = typeof term === 'string' ? term : us(term.ms);
    for (const server of told.on ?? this.serverIds) {
      this.lease(grant, server, { sentMs, appliedMs, ackedMs, termUs, extends: false });
    }
    const endMs = told.endMs === undefined ? (ackedMs ?? appliedMs + 0.5) : told.endMs;
    if (endMs === null) return this;
    const { fencingToken, push, pull } = told;
    const type = told.ends ?? 'ok';
    return this.complete(grant, grant.id, 'acquire', type, endMs, {
      ...(type === 'ok' && { ownerId: `owner of ${grant.operation}` }),
      ...(fencingToken !== undefined && { fencingToken }),
      ...(push !== undefined && { push }),
      ...(pull !== undefined && { pull }),
    });
  }

  enter(client: HostId, atMs: number, told: ActTold = {}): this {
    const { id, incarnation, operation, key, mode } = this.grantOf(client, told);
    const { atUs, calledAtUs } = instants(atMs, told);
    const who = { grant: id, client, incarnation, operation, key, mode };
    return this.add({ type: 'enter', atUs, calledAtUs, ...who });
  }

  step(client: HostId, atMs: number, told: ActTold = {}): this {
    const { id } = this.grantOf(client, told);
    return this.add({ type: 'step', ...instants(atMs, told), grant: id, client });
  }

  /** Leaves having done its work; an act. */
  exit(client: HostId, atMs: number, told: ActTold = {}): this {
    const { id } = this.grantOf(client, told);
    const { atUs, calledAtUs } = instants(atMs, told);
    return this.add({ type: 'exit', atUs, calledAtUs, grant: id, client, completed: true });
  }

  /** Leaves because it was told, or a check failed; no act. */
  leave(client: HostId, atMs: number, told: ActTold = {}): this {
    const { id } = this.grantOf(client, told);
    const { atUs, calledAtUs } = instants(atMs, told);
    return this.add({ type: 'exit', atUs, calledAtUs, grant: id, client, completed: false });
  }

  /** Releases: the request leaves at once and ends what the grant still holds. */
  release(client: HostId, atMs: number, told: ReleaseTold = {}): this {
    const grant = this.grantOf(client, told);
    const id = ++this.calls;
    this.invoke(grant, id, 'release', atMs, { grant: grant.id });
    this.add({ type: 'release-sent', atUs: us(atMs), grant: grant.id });
    const appliedMs = told.appliedMs ?? atMs + 0.5;
    for (const server of told.on ?? this.serverIds) {
      const ended = grant.leases.has(server) ? 'ended' : 'none';
      this.request(grant, 'release', server, atMs, appliedMs, ended);
      if (ended === 'ended') this.endLease(grant, server, appliedMs, 'released', grant);
    }
    const endMs = told.endMs === undefined ? appliedMs + 0.5 : told.endMs;
    if (endMs === null) return this;
    return this.complete(grant, id, 'release', told.ends ?? 'ok', endMs);
  }

  /** Renews: each server that accepts it records a lease that replaces the one before. */
  renew(client: HostId, atMs: number, told: RenewTold = {}): this {
    const grant = this.grantOf(client, told);
    const id = ++this.calls;
    this.invoke(grant, id, 'renew', atMs, { grant: grant.id, ttlMs: this.ttlMs });
    const sentMs = told.sentMs ?? atMs;
    const appliedMs = told.appliedMs ?? sentMs + 0.5;
    const ackedMs = told.ackedMs === undefined ? appliedMs + 0.5 : told.ackedMs;
    for (const server of told.on ?? this.serverIds) {
      this.request(grant, 'renew', server, sentMs, appliedMs, 'extended');
      const times = { sentMs, appliedMs, ackedMs, termUs: us(this.ttlMs) };
      this.lease(grant, server, { ...times, extends: told.extends ?? true });
    }
    const endMs = told.endMs === undefined ? (ackedMs ?? appliedMs + 0.5) : told.endMs;
    if (endMs === null) return this;
    return this.complete(grant, id, 'renew', told.ends ?? 'ok', endMs);
  }

  /** A lease of the client's grant ends at a server (default: the first) in this way. */
  leaseEnd(
    client: HostId,
    atMs: number,
    cause: LeaseEndRecord['cause'],
    told: Under & { readonly server?: HostId; readonly by?: HostId } = {},
  ): this {
    const by = told.by === undefined ? undefined : this.grantOf(told.by, {});
    const server = told.server ?? this.serverIds[0]!;
    return this.endLease(this.grantOf(client, told), server, atMs, cause, by);
  }

  /** A reply that says "this server does not hold your lease" is delivered. */
  lossDelivered(client: HostId, atMs: number, told: Under & { readonly server?: HostId } = {}) {
    const { incarnation, operation } = this.grantOf(client, told);
    const server = told.server ?? this.serverIds[0]!;
    const atUs = us(atMs);
    return this.add({ type: 'loss-delivered', atUs, client, incarnation, operation, server });
  }

  told(client: HostId, atMs: number, how: ToldRecord['how'] = 'signal', told: Under = {}): this {
    return this.add({ type: 'told', atUs: us(atMs), grant: this.grantOf(client, told).id, how });
  }

  pause(host: HostId, fromMs: number, untilMs: number): this {
    const incarnation = this.incarnations.get(host) ?? 1;
    this.add({ type: 'host', atUs: us(fromMs), host, incarnation, state: 'paused' });
    return this.add({ type: 'host', atUs: us(untilMs), host, incarnation, state: 'resumed' });
  }

  crash(host: HostId, atMs: number, restartMs?: number): this {
    const incarnation = this.incarnations.get(host) ?? 1;
    this.add({ type: 'host', atUs: us(atMs), host, incarnation, state: 'dead' });
    if (restartMs === undefined) return this;
    this.incarnations.set(host, incarnation + 1);
    const atUs = us(restartMs);
    return this.add({ type: 'host', atUs, host, incarnation: incarnation + 1, state: 'restarted' });
  }

  /** From here on the clock reads `localMs` and runs at 1 + ppm/1,000,000. */
  clock(host: HostId, clock: 'wall' | 'mono', atMs: number, localMs: number, ratePpm = 0): this {
    return this.add({ type: 'clock', atUs: us(atMs), host, clock, localUs: us(localMs), ratePpm });
  }

  history(): History {
    const order = this.records.map((record, told) => ({ record, told }));
    order.sort((a, b) => a.record.atUs - b.record.atUs || a.told - b.told);
    const records = order.map(({ record }) => record);
    const lastUs = records.at(-1)?.atUs ?? 0;
    return {
      world: {
        key: 'lock',
        ttlMs: this.ttlMs,
        waitMs: 0,
        clients: this.clients,
        servers: this.serverIds,
        probe: 'P',
        declares: this.declared,
        fenced: this.isFenced,
        ...(this.promised === undefined ? {} : { invariants: this.promised }),
        longestLatencyUs: 1_000,
        longestSectionUs: us(this.ttlMs / 2),
        longestRetryUs: 1_000,
        largestClockStepUs: 0,
      },
      records,
      healedAtUs: this.healedMs === undefined ? lastUs : us(this.healedMs),
      endUs: this.endMs === undefined ? lastUs : us(this.endMs),
    };
  }

  private grantOf(client: HostId, told: Under): Told {
    const found = told.grant === undefined ? this.latest.get(client) : this.grants.get(told.grant);
    if (found === undefined) throw new Error(`${told.grant ?? client} has not acquired yet`);
    return found;
  }

  private invoke(
    grant: Told,
    call: CallId,
    action: Action,
    atMs: number,
    more: { ttlMs?: number; waitMs?: number | null; grant?: CallId },
  ): this {
    const { client, incarnation, operation, key, mode } = grant;
    const what = { call, action, client, incarnation, operation, key, mode };
    return this.add({ type: 'invoke', atUs: us(atMs), ...what, ...more });
  }

  private complete(
    { client, operation }: Told,
    call: CallId,
    action: Action,
    type: CompleteRecord['type'],
    atMs: number,
    more: Partial<CompleteRecord> = {},
  ): this {
    return this.add({ ...more, type, atUs: us(atMs), call, client, operation, action });
  }

  private request(
    { client, incarnation, operation, key }: Told,
    action: 'renew' | 'release',
    server: HostId,
    sentMs: number,
    appliedMs: number,
    effect: 'none' | 'ended' | 'extended',
  ): void {
    const who = { client, incarnation, operation };
    const times = { atUs: us(appliedMs), sentAtUs: us(sentMs) };
    this.add({ type: 'request', ...times, action, ...who, server, key, effect });
  }

  private lease(
    grant: Told,
    server: HostId,
    told: { sentMs: number; appliedMs: number; ackedMs: number | null } & Pick<
      LeaseRecord,
      'termUs' | 'extends'
    >,
  ): void {
    const { key, client: host, incarnation, operation } = grant;
    const lease = ++this.leases;
    grant.leases.set(server, lease);
    const owner = { host, incarnation, operation };
    const times = { atUs: us(told.appliedMs), sentAtUs: us(told.sentMs), termUs: told.termUs };
    const what = { lease, key, server, ...owner, owner, extends: told.extends };
    this.add({ type: 'lease', ...times, ...what });
    if (told.ackedMs !== null) this.add({ type: 'acked', atUs: us(told.ackedMs), lease });
  }

  private endLease(
    grant: Told,
    server: HostId,
    atMs: number,
    cause: LeaseEndRecord['cause'],
    by: Told | undefined,
  ): this {
    const lease = grant.leases.get(server);
    if (lease === undefined) throw new Error(`${grant.operation} holds no lease at ${server}`);
    grant.leases.delete(server);
    const who = by && { host: by.client, incarnation: by.incarnation, operation: by.operation };
    const atUs = us(atMs);
    return this.add({ type: 'lease-end', atUs, lease, cause, ...(who && { by: who }) });
  }
}

function instants(atMs: number, told: ActTold): { atUs: number; calledAtUs: number } {
  return { atUs: us(atMs), calledAtUs: us(told.calledMs ?? atMs) };
}

/** Begins a story about these clients: one server `r1`, TTL 10 s, until told otherwise. */
export function story(...clients: readonly HostId[]): Story {
  return new Story(clients);
}

/**
 * Small random histories for comparing the checker with its oracle: two or three clients, one or
 * three servers, times on a grid of 1 ms so that ties are common, short terms so that leases end
 * inside sections. Well-formed, and otherwise as unreasonable as the rules allow.
 */
import fc from 'fast-check';
import type { History, HistoryRecord, LeaseRecord, Mode } from '../../src/history.js';

const TICK_US = 1_000;

interface LeasePlan {
  readonly server: number;
  readonly sentAfter: number;
  readonly appliedAfter: number;
  readonly ackedAfter: number | null;
  readonly term: LeaseRecord['termUs'];
  readonly endsAfter: number | null;
  readonly endsBy: 'session' | 'lost';
  readonly owner: 'none' | 'own' | 'other-host';
}

type ActionKind = 'step' | 'slow step' | 'pause' | 'told' | 'release' | 'loss' | 'renew';

interface ActionPlan {
  readonly kind: ActionKind;
  readonly after: number;
  readonly lasts: number;
  readonly server: number;
}

interface OperationPlan {
  readonly gap: number;
  readonly key: string;
  readonly mode: Mode;
  readonly leases: readonly LeasePlan[];
  readonly entersAfter: number;
  readonly enterPause: number;
  readonly inside: readonly ActionPlan[];
  readonly exit: 'exit' | 'leave' | 'stay';
  readonly exitAfter: number;
  readonly outside: readonly ActionPlan[];
}

interface ClientPlan {
  readonly operations: readonly OperationPlan[];
  readonly diesAfter: number | null;
  readonly ratePpm: number;
  readonly rateFrom: number;
}

interface Plan {
  readonly clients: readonly ClientPlan[];
  readonly servers: 1 | 3;
  readonly quorum: number | null;
  readonly allowance: { ratio: number; constantMs: number } | null;
  readonly ties: readonly number[];
  readonly endAfter: number;
}

const often = <T>(usual: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

/** Terms of the leases of one history: mostly of one kind. */
const TERMS = {
  ttl: fc.integer({ min: 1, max: 12 }).map((ticks) => ticks * TICK_US),
  session: fc.constant('session' as const),
  none: fc.constant('none' as const),
};

const lease = (term: fc.Arbitrary<LeaseRecord['termUs']>): fc.Arbitrary<LeasePlan> =>
  fc.record({
    server: fc.nat(2),
    sentAfter: often(0, fc.nat(1)),
    appliedAfter: fc.integer({ min: 1, max: 2 }),
    ackedAfter: often<number | null>(0, fc.option(fc.nat(3), { freq: 3 })),
    term,
    endsAfter: fc.option(fc.nat(6), { freq: 2 }),
    endsBy: fc.constantFrom('session', 'session', 'lost'),
    owner: often('own', fc.constantFrom('none', 'other-host')),
  });

/** A lease at each of the three servers, as a rule, and now and then one more. */
const leases = (term: fc.Arbitrary<LeaseRecord['termUs']>): fc.Arbitrary<readonly LeasePlan[]> => {
  const at = (server: number) => lease(term).map((one) => ({ ...one, server }));
  const one = (server: number) => fc.array(at(server), { maxLength: 1, size: 'max' });
  const all = fc.tuple(at(0), at(1), at(2)).map((three) => [...three]);
  const some = fc
    .tuple(one(0), one(1), one(2), fc.array(lease(term), { maxLength: 1 }))
    .map((lists) => lists.flat());
  return fc.oneof({ weight: 3, arbitrary: all }, { weight: 2, arbitrary: some });
};

const action: fc.Arbitrary<ActionPlan> = fc.record({
  kind: fc.constantFrom<ActionKind>(
    ...(['step', 'step', 'slow step', 'slow step', 'pause', 'pause'] as const),
    ...(['told', 'release', 'loss', 'renew', 'renew'] as const),
  ),
  after: fc.nat(3),
  lasts: fc.nat(6),
  server: fc.nat(2),
});

const operation = (term: fc.Arbitrary<LeaseRecord['termUs']>): fc.Arbitrary<OperationPlan> =>
  fc.record({
    gap: fc.nat(5),
    key: often('lock', fc.constant('other')),
    mode: often<Mode>('exclusive', fc.constant('shared')),
    leases: leases(term),
    entersAfter: often(2, fc.nat(5)),
    enterPause: often(0, fc.nat(8)),
    inside: fc.array(action, { maxLength: 4 }),
    exit: fc.constantFrom('exit', 'exit', 'leave', 'leave', 'stay'),
    exitAfter: fc.nat(3),
    outside: fc.array(action, { maxLength: 2 }),
  });

const client = (term: fc.Arbitrary<LeaseRecord['termUs']>): fc.Arbitrary<ClientPlan> =>
  fc.record({
    operations: fc.array(operation(term), { minLength: 1, maxLength: 2 }),
    diesAfter: often<number | null>(null, fc.nat(20)),
    ratePpm: fc.constantFrom(0, 0, -500_000, 400_000),
    rateFrom: fc.nat(4),
  });

const plan = (term: fc.Arbitrary<LeaseRecord['termUs']>): fc.Arbitrary<Plan> =>
  fc.record({
    clients: fc.array(client(term), { minLength: 2, maxLength: 3 }),
    servers: fc.constantFrom(1, 1, 3),
    quorum: often<number | null>(null, fc.integer({ min: 1, max: 3 })),
    allowance: often<{ ratio: number; constantMs: number } | null>(
      null,
      fc.constant({ ratio: 0.1, constantMs: 1 }),
    ),
    ties: fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }),
    endAfter: fc.nat(1),
  });

/** Records of one origin, in order; the history interleaves lanes as their ties say. */
type Lane = HistoryRecord[];

class Writer {
  readonly lanes: Lane[] = [];
  private calls = 0;
  private leases = 0;

  constructor(private readonly servers: readonly string[]) {}

  client(id: string, otherHost: string, told: ClientPlan): void {
    const atUs = told.rateFrom * TICK_US;
    const clock = { type: 'clock', atUs, host: id, clock: 'mono', localUs: atUs } as const;
    if (told.ratePpm !== 0) this.lanes.push([{ ...clock, ratePpm: told.ratePpm }]);
    const lane: Lane = [];
    this.lanes.push(lane);
    let incarnation = 1;
    let startUs = 0;
    told.operations.forEach((operation, at) => {
      const who = { id, otherHost, incarnation, operation: `${id}${at + 1}` };
      const program = new Program(who, operation, startUs, this);
      const dies = at === 0 && told.diesAfter !== null ? told.diesAfter * TICK_US : undefined;
      lane.push(...program.lane.filter((record) => dies === undefined || record.atUs <= dies));
      startUs = program.nowUs;
      if (dies === undefined) return;
      lane.push({ type: 'host', atUs: dies, host: id, incarnation, state: 'dead' });
      incarnation++;
      startUs = dies + TICK_US;
      lane.push({ type: 'host', atUs: startUs, host: id, incarnation, state: 'restarted' });
    });
  }

  nextCall(): number {
    return ++this.calls;
  }

  /** A lease of a grant, with its acknowledgement and end, in a lane of its own. */
  lease(who: Who, key: string, told: LeasePlan, fromUs: number, isRenewal: boolean): void {
    const { id, incarnation, operation } = who;
    const lease = ++this.leases;
    const sentAtUs = fromUs + told.sentAfter * TICK_US;
    const atUs = sentAtUs + told.appliedAfter * TICK_US;
    const sender = told.owner === 'other-host' ? who.otherHost : id;
    const owner = { host: id, incarnation, operation };
    const record: LeaseRecord = {
      type: 'lease',
      atUs,
      lease,
      key,
      server: this.server(told.server),
      host: sender,
      incarnation,
      operation,
      ...(told.owner !== 'none' && { owner }),
      sentAtUs,
      termUs: told.term,
      extends: isRenewal,
    };
    const later: HistoryRecord[] = [];
    const { ackedAfter, endsAfter, endsBy: cause } = told;
    if (ackedAfter !== null)
      later.push({ type: 'acked', atUs: atUs + ackedAfter * TICK_US, lease });
    if (endsAfter !== null) {
      later.push({ type: 'lease-end', atUs: atUs + endsAfter * TICK_US, lease, cause });
    }
    later.sort((a, b) => a.atUs - b.atUs);
    this.lanes.push([record, ...later]);
  }

  server(number: number): string {
    return this.servers[number % this.servers.length]!;
  }
}

interface Who {
  readonly id: string;
  readonly otherHost: string;
  readonly incarnation: number;
  readonly operation: string;
}

/** One operation of one client, written as it goes through it. */
class Program {
  readonly lane: Lane = [];
  nowUs: number;
  private readonly grant: number;

  constructor(
    private readonly who: Who,
    private readonly plan: OperationPlan,
    startUs: number,
    private readonly writer: Writer,
  ) {
    const { key, mode } = plan;
    const { id: client, incarnation, operation } = who;
    this.nowUs = startUs + plan.gap * TICK_US;
    this.grant = writer.nextCall();
    const call = { call: this.grant, client, operation, action: 'acquire' } as const;
    this.lane.push({ type: 'invoke', atUs: this.nowUs, ...call, incarnation, key, mode });
    for (const lease of plan.leases) writer.lease(who, key, lease, this.nowUs, false);
    this.nowUs += plan.entersAfter * TICK_US;
    this.lane.push({ type: 'ok', atUs: this.nowUs, ...call });
    const times = this.pausedCall(plan.enterPause);
    const section = { grant: this.grant, client, incarnation, operation, key, mode };
    this.lane.push({ type: 'enter', ...times, ...section });
    for (const action of plan.inside) this.act(action);
    this.nowUs += plan.exitAfter * TICK_US;
    if (plan.exit !== 'stay') {
      const completed = plan.exit === 'exit';
      const at = { atUs: this.nowUs, calledAtUs: this.nowUs };
      this.lane.push({ type: 'exit', ...at, grant: this.grant, client, completed });
    }
    for (const action of plan.outside) this.act(action);
  }

  private act(told: ActionPlan): void {
    this.nowUs += told.after * TICK_US;
    const { nowUs: atUs, grant, who } = this;
    const { id: client, incarnation, operation } = who;
    switch (told.kind) {
      case 'step':
        this.lane.push({ type: 'step', atUs, calledAtUs: atUs, grant, client });
        break;
      case 'slow step':
        this.lane.push({ type: 'step', ...this.pausedCall(told.lasts), grant, client });
        break;
      case 'pause':
        this.pausedCall(told.lasts);
        break;
      case 'told':
        this.lane.push({ type: 'told', atUs, grant, how: 'signal' });
        break;
      case 'release':
        this.lane.push({ type: 'release-sent', atUs, grant });
        break;
      case 'loss': {
        const server = this.writer.server(told.server);
        this.lane.push({ type: 'loss-delivered', atUs, client, incarnation, operation, server });
        break;
      }
      case 'renew': {
        const { server, lasts } = told;
        const times = { sentAfter: 0, appliedAfter: 1, ackedAfter: 1, endsAfter: null } as const;
        const asked = this.plan.leases[0]?.term;
        const term = typeof asked === 'string' ? asked : (lasts + 2) * TICK_US;
        const lease = { server, ...times, term, endsBy: 'lost', owner: 'own' } as const;
        this.writer.lease(who, this.plan.key, lease, atUs, true);
        break;
      }
    }
  }

  /** A call that the host sleeps through for so many ticks, the interval included in the lane. */
  private pausedCall(ticks: number): { atUs: number; calledAtUs: number } {
    const { id: host, incarnation } = this.who;
    const calledAtUs = this.nowUs;
    this.nowUs += ticks * TICK_US;
    if (ticks > 0) {
      this.lane.push({ type: 'host', atUs: calledAtUs, host, incarnation, state: 'paused' });
      this.lane.push({ type: 'host', atUs: this.nowUs, host, incarnation, state: 'resumed' });
    }
    return { atUs: this.nowUs, calledAtUs };
  }
}

/** Merges lanes by time; among lanes that are at the same instant, the next tie decides. */
function interleave(lanes: readonly Lane[], ties: readonly number[]): HistoryRecord[] {
  const waiting = lanes.filter((lane) => lane.length > 0).map((lane) => [...lane]);
  const records: HistoryRecord[] = [];
  while (waiting.length > 0) {
    const atUs = Math.min(...waiting.map((lane) => lane[0]!.atUs));
    const heads = waiting.filter((lane) => lane[0]!.atUs === atUs);
    const lane = heads[ties[records.length % ties.length]! % heads.length]!;
    records.push(lane.shift()!);
    if (lane.length === 0) waiting.splice(waiting.indexOf(lane), 1);
  }
  return records;
}

function write(told: Plan): History {
  const clients = ['A', 'B', 'C'].slice(0, told.clients.length);
  const servers = ['r1', 'r2', 'r3'].slice(0, told.servers);
  const writer = new Writer(servers);
  told.clients.forEach((one, at) => {
    writer.client(clients[at]!, clients[(at + 1) % clients.length]!, one);
  });
  const records = interleave(writer.lanes, told.ties);
  const endUs = records.at(-1)!.atUs + told.endAfter * TICK_US;
  return {
    world: {
      key: 'lock',
      ttlMs: 5,
      waitMs: 0,
      clients,
      servers,
      probe: 'P',
      declares: {
        ...(told.allowance !== null && { driftAllowance: told.allowance }),
        ...(told.quorum !== null && { quorum: Math.min(told.quorum, told.servers) }),
      },
      fenced: false,
      longestLatencyUs: TICK_US,
      longestSectionUs: TICK_US,
      longestRetryUs: TICK_US,
      largestClockStepUs: 0,
    },
    records,
    healedAtUs: endUs,
    endUs,
  };
}

/** Every history that the plans above can describe. */
export const arbitraryHistory: fc.Arbitrary<History> = fc
  .oneof(
    { weight: 5, arbitrary: plan(TERMS.ttl) },
    { weight: 2, arbitrary: plan(TERMS.session) },
    { weight: 1, arbitrary: plan(fc.oneof(TERMS.ttl, TERMS.session, TERMS.none)) },
  )
  .map(write);

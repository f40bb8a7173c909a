/**
 * Who leads, as each member sees it, and therefore who answers which request, and what becomes of
 * those that nobody can answer (`etcdserver/v3_server.go`, `server.go: parseProposeCtxErr`).
 */
import type { Cluster, Question } from './cluster.js';
import { DEADLINE_EXCEEDED, LEADER_FAILED, NO_LEADER, REQUEST_TIMED_OUT } from './errors.js';
import type { IsolatedLeader } from './isolation.js';
import type { Lessor } from './lessor.js';
import type { ErrorResponse, EtcdRequest } from './messages.js';
import type { EtcdServerOptions, Isolation } from './port.js';
import type { View } from './range.js';
import type { Session } from './session.js';
import { isReadOnly, isSerializable } from './txn.js';
import { type Fate, ReadBatches } from './waiting.js';

/** What becomes of a call that cannot be answered now, and the error it may end with. */
interface Prospect {
  readonly fate: Fate;
  readonly error: ErrorResponse;
}

const READ: Prospect = { fate: 'read', error: REQUEST_TIMED_OUT };
const LOST: Prospect = { fate: 'lost', error: REQUEST_TIMED_OUT };
const GONE: Prospect = { fate: 'gone', error: LEADER_FAILED };
const FORWARDED: Prospect = { fate: 'forwarded', error: REQUEST_TIMED_OUT };
const PROPOSAL_QUEUED: Prospect = { fate: 'queued', error: DEADLINE_EXCEEDED };
const LEASE_CALL_QUEUED: Prospect = { fate: 'queued', error: NO_LEADER };

export class Leadership {
  isolated: IsolatedLeader | undefined;
  /** When the others will have elected another leader; ∞: they have one. */
  electedAtUs = Number.POSITIVE_INFINITY;

  /** `etcdserver/config.go: ReqTimeout`: 5 s and two election time-outs. */
  readonly giveUpAfterUs: number;

  constructor(
    private readonly cluster: Cluster,
    { electionMs }: EtcdServerOptions,
  ) {
    this.giveUpAfterUs = 5_000_000 + 2 * electionMs * 1000;
  }

  get isElecting(): boolean {
    return this.electedAtUs !== Number.POSITIVE_INFINITY;
  }

  /** When something happens by itself: an election, or that the leader cut off notices it. */
  get nextUs(): number {
    const { isolated, electedAtUs } = this;
    return isolated?.believes ? Math.min(electedAtUs, isolated.stepsDownAtUs) : electedAtUs;
  }

  /**
   * The leader is cut off; `drawUs` says how long it and the others take to notice, unless that is
   * known of the others.
   */
  cutOff(how: Isolation, nowUs: number, drawUs: () => number, electedAfterUs = drawUs()): void {
    const { revision, compactRevision } = this.cluster.store;
    this.electedAtUs = nowUs + electedAfterUs;
    this.isolated = {
      how,
      view: { revision, compactRevision },
      lessor: this.cluster.lessor.copy(),
      reads: new ReadBatches(),
      stepsDownAtUs: how === 'stall' ? Number.POSITIVE_INFINITY : nowUs + drawUs(),
      replacedAtUs: Number.POSITIVE_INFINITY,
      believes: true,
    };
  }

  viewOf(session: Session): View {
    return session.isolated ? this.isolated!.view : this.cluster.store;
  }

  /** The leases as seen by the member that answers a request; undefined: none can, yet. */
  lessorFor(session: Session, request: Question): Lessor | undefined {
    const { isolated, cluster } = this;
    if (isolated === undefined) return cluster.lessor;
    if (isLocal(request)) return session.isolated ? isolated.lessor : cluster.lessor;
    if (request.type === 'leaseTimeToLive') return this.primaryFor(session);
    return session.isolated || this.isElecting ? undefined : cluster.lessor;
  }

  /** The leases of whom the member at hand takes for the leader, if that one can be asked. */
  primaryFor(session: Session): Lessor | undefined {
    const { isolated, cluster } = this;
    if (isolated === undefined) return cluster.lessor;
    if (session.isolated) return isolated.believes ? isolated.lessor : undefined;
    if (!this.isElecting) return cluster.lessor;
    return isolated.how === 'stall' ? isolated.lessor : undefined;
  }

  /** When a call will be given up; reads are, in batches, where they may wait for that long. */
  giveUpAtUs(session: Session, fate: Fate, nowUs: number): number {
    if (fate !== 'read' || !session.isolated) return nowUs + this.giveUpAfterUs;
    return this.isolated!.reads.giveUpAtUs(nowUs, this.giveUpAfterUs);
  }

  prospect(session: Session, request: EtcdRequest): Prospect {
    if (isRead(request)) return READ;
    const isProposal = request.type !== 'leaseKeepAlive' && request.type !== 'leaseTimeToLive';
    if (!session.isolated) return isProposal ? GONE : LOST;
    const { believes, how } = this.isolated!;
    if (!believes) return isProposal ? PROPOSAL_QUEUED : LEASE_CALL_QUEUED;
    return how === 'stall' && !this.isElecting ? FORWARDED : LOST;
  }
}

/** What every member answers by itself. */
function isLocal(request: Question): boolean {
  if (request.type === 'range') return request.serializable;
  if (request.type === 'txn') return isSerializable(request);
  return request.type === 'leaseLeases';
}

function isRead(request: EtcdRequest): boolean {
  return request.type === 'range' || (request.type === 'txn' && isReadOnly(request));
}

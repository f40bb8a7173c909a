/**
 * An etcd cluster in the world. What a key is to the lock is seen here: one whose name contains the
 * lock's key is a lease (docs/semantics.md, R1). Its term is the TTL of the etcd lease it is
 * attached to, counted from the send of the grant or keep-alive applied last, and every keep-alive
 * extends it; a key that is attached to none has no term.
 */
import type { Struck } from '../../fault.js';
import type { Actor } from '../../history.js';
import type { ServerPlan } from '../../scenario.js';
import type { Connection, Request } from '../connection.js';
import { RequestEffect } from '../leases.js';
import type { QueueObserver } from '../queues.js';
import { REQUEST_TIMED_OUT, TOO_MANY_REQUESTS } from '../servers/etcd/errors.js';
import type { EtcdMessage, EtcdRequest, KeyValue, Operation } from '../servers/etcd/messages.js';
import type {
  EtcdPort,
  EtcdServer,
  KeyChange,
  LeaseChange,
  LeaseState,
} from '../servers/etcd/port.js';
import { createEtcdServer } from '../servers/etcd/server.js';
import { hashMessage } from './etcd-hash.js';
import { requestText, responseText } from './etcd-text.js';
import { ETCD_TIMES } from './lease-bounds.js';
import { type Intent, ServiceHost, type ServiceWorld } from './service-host.js';

/** A leader is cut off for 1 to 24 times so long (docs/semantics.md, R16). */
const ISOLATION_STEP_US = 500_000;
const ISOLATION_STEPS = 24;

const SECOND_US = 1_000_000;

/** The term of an etcd lease, and the values that stand for the keys attached to it. */
interface EtcdTerm {
  readonly ttlUs: number;
  /** When the grant or keep-alive left that was applied last. */
  sentAtUs: number;
  readonly values: string[];
}

const NO_WORDS: readonly string[] = [];

export class EtcdHost extends ServiceHost implements EtcdPort {
  readonly service = 'etcd';
  protected readonly model: EtcdServer;
  protected readonly busy: EtcdMessage = { call: undefined, body: REQUEST_TIMED_OUT };
  /** What reached the model on each connection: it numbers them so. */
  private readonly calls = new Map<number, Request[]>();
  /** What may still be applied: requests that wait, and some that were given up. */
  private readonly waiting: Request[] = [];
  /** Those of them that were answered with an error: if they are applied, nobody is told. */
  private readonly givenUp = new Set<Request>();
  /** What those that waited did before their answers. */
  private readonly effects = new Map<Request, RequestEffect>();
  private readonly terms = new Map<number, EtcdTerm>();
  /** What stands for each key: whose it was last. */
  private readonly values = new Map<string, string>();
  private isolatedUntilUs = 0;

  constructor(shared: ServiceWorld, plan: ServerPlan, index: number) {
    super(shared, plan, index);
    this.model = createEtcdServer(ETCD_TIMES, this);
  }

  protected apply(connection: number, body: unknown): void {
    let calls = this.calls.get(connection);
    if (calls === undefined) {
      calls = [];
      this.calls.set(connection, calls);
    }
    calls.push(this.current!);
    this.waiting.push(this.current!);
    this.model.execute(connection, body as EtcdRequest);
  }

  protected override isApplied(request: Request): boolean {
    return !this.waiting.includes(request);
  }

  /** An answer, maybe to a request that came earlier, or news of a watch. */
  override send(number: number, reply: unknown): void {
    const { call, body } = reply as EtcdMessage;
    const request = call === undefined ? undefined : this.calls.get(number)?.[call];
    if (request === undefined) {
      super.send(number, reply);
      return;
    }
    if (body.type === 'leaseGrant') {
      const ttlUs = body.ttlSeconds * SECOND_US;
      this.terms.set(body.id, { ttlUs, sentAtUs: request.sentAtUs, values: [] });
    }
    const effect = this.effectOf(request);
    const givenUp = body.type === 'error' && body.code === 'Unavailable';
    if (givenUp && isWrite(request.body)) this.givenUp.add(request);
    else this.done(request);
    // The model counts what reached it, the connection what was sent on it.
    const message = { call: request.number, body };
    this.respond(request.connection, message, request, effect);
    if (request !== this.current && !givenUp) this.recordRequest(request, effect);
  }

  private done(request: Request): void {
    const at = this.waiting.indexOf(request);
    if (at >= 0) this.waiting.splice(at, 1);
    this.givenUp.delete(request);
    this.effects.delete(request);
  }

  private effectOf(request: Request): RequestEffect {
    if (request === this.current) return this.effect;
    let effect = this.effects.get(request);
    if (effect === undefined) {
      effect = new RequestEffect();
      this.effects.set(request, effect);
    }
    return effect;
  }

  /** Only a word about the lease says that it is lost: an error of the cluster says nothing. */
  protected override saysLost(
    request: Request,
    effect: RequestEffect,
    reply: unknown,
  ): Actor | undefined {
    const { body } = reply as EtcdMessage;
    if (body.type === 'error' && body.code !== 'NotFound') return undefined;
    if (body.type === 'leaseKeepAlive' && body.ttlSeconds > 0) return undefined;
    return super.saysLost(request, effect, reply);
  }

  override hangup(connection: Connection): void {
    super.hangup(connection);
    this.forget((request) => request.connection === connection && !isWrite(request.body));
    this.calls.delete(connection.number);
  }

  override crash(): void {
    super.crash();
    this.forget(() => true);
    this.calls.clear();
  }

  private forget(isGone: (request: Request) => boolean): void {
    for (const request of this.waiting.filter(isGone)) this.done(request);
  }

  /** 1: another member leads at once. 2: the leader is cut off for a while. 3: it stalls. */
  promote(replica: number, told?: Struck): number {
    const { nowUs, log } = this.world;
    if (replica !== 2 && replica !== 3) {
      this.model.leaderChange();
      return nowUs;
    }
    const left = this.model.isolateLeader(replica === 2 ? 'partition' : 'stall', told);
    this.isolatedUntilUs = nowUs;
    if (told !== undefined) return nowUs;
    log?.struck(this.id, nowUs, { left: left.map((number) => this.laneOf(number)) });
    this.isolatedUntilUs += (1 + this.choose(ISOLATION_STEPS)) * ISOLATION_STEP_US;
    return this.isolatedUntilUs;
  }

  /** The number of a connection in the log of a run. */
  private laneOf(number: number): number {
    return this.connections.get(number)!.toServer.id >> 1;
  }

  /** The leader is back, unless another one was cut off meanwhile. */
  healed(): void {
    if (this.world.nowUs >= this.isolatedUntilUs) this.model.healLeader();
  }

  // What the model tells of leases and keys.

  leaseChanged({ id, expiresAtUs, keys }: LeaseState, change: LeaseChange): void {
    switch (change) {
      case 'created':
        // Its answer tells whose it is; until then nobody knows of it.
        return;
      case 'extended':
        this.extended(id, keys);
        return;
      case 'reset': {
        const untilUs = this.mono.when(expiresAtUs, this.world.nowUs);
        for (const key of keys) this.leases.prolonged(this.leasesHere, key, untilUs);
        return;
      }
      case 'expired':
      case 'released':
        // Its keys go with it, each with a word of its own.
        return;
    }
  }

  private extended(id: number, keys: readonly string[]): void {
    const { leases, leasesHere } = this;
    const request = this.requestFor((body) => body.type === 'leaseKeepAlive' && body.id === id);
    const term = this.terms.get(id);
    if (request === undefined || term === undefined) return;
    const { sentAtUs } = request;
    term.sentAtUs = sentAtUs;
    const effect = this.effectOf(request);
    for (const key of keys) {
      const value = ownerValue(key, id);
      if (!key.includes(this.lockKey)) continue;
      const stood = leasesHere.byKey.get(key) !== undefined;
      leases.granted(leasesHere, { key, value, termUs: term.ttlUs, sentAtUs }, request, effect);
      // The word of a leader that was cut off: the others have ended that lease before.
      if (!stood) leases.ended(leasesHere, key, 'lost');
    }
  }

  keyChanged(
    key: string,
    before: KeyValue | undefined,
    after: KeyValue | undefined,
    change: KeyChange,
  ): void {
    if (!key.includes(this.lockKey)) {
      if (after !== undefined && this.terms.has(after.lease)) this.wroteUnseen(key);
      return;
    }
    const { leases, leasesHere } = this;
    if (change === 'expired') {
      leases.ended(leasesHere, key, 'expired');
      this.queues?.ended(this.id, key, 'expired');
      return;
    }
    const request = this.requestFor((body) =>
      change === 'released'
        ? body.type === 'leaseRevoke' && body.id === before?.lease
        : isOperation(body) && writes(body, key, after?.lease),
    );
    if (request === undefined) {
      if (after !== undefined) return;
      leases.ended(leasesHere, key, 'lost');
      this.queues?.ended(this.id, key, 'removed');
    } else {
      const effect = this.effectOf(request);
      if (after === undefined) {
        leases.removed(leasesHere, key, request, effect);
        this.queues?.takenOut(this.id, key, leases.actorOf(leasesHere, request));
      } else this.written(after, request, effect);
      if (this.givenUp.has(request)) this.recordRequest(request, effect);
    }
  }

  private written(
    { key, value: text, lease }: KeyValue,
    request: Request,
    effect: RequestEffect,
  ): void {
    const { leases, leasesHere } = this;
    const term = this.terms.get(lease);
    const isPut = (request.body as EtcdRequest).type === 'put';
    if (isPut && term === undefined && this.isNote(key)) return;
    const value = term === undefined ? text : ownerValue(key, lease);
    if (term !== undefined && !term.values.includes(value)) term.values.push(value);
    this.values.set(key, value);
    const terms = {
      key,
      value: value === '' ? undefined : value,
      termUs: term?.ttlUs ?? ('none' as const),
      sentAtUs: term?.sentAtUs ?? request.sentAtUs,
    };
    leases.granted(leasesHere, terms, request, effect);
    if (term !== undefined && this.queues !== undefined) this.queued(this.queues, key);
  }

  /** A key with a lease is a place in the queue of those whose names begin as its own. */
  private queued(queues: QueueObserver, key: string): void {
    const lease = this.leasesHere.byKey.get(key);
    if (lease === undefined) return;
    queues.joined(this.id, key.slice(0, key.lastIndexOf('/') + 1), key, lease.actor);
  }

  /** A key beside the lock's own, put without a look or a lease, keeps nobody out. */
  private isNote(key: string): boolean {
    return key !== this.lockKey && this.leasesHere.byKey.get(key) === undefined;
  }

  /** The request that does what the model tells of: the one in hand mostly. */
  private requestFor(does: (body: EtcdRequest) => boolean): Request | undefined {
    const { current } = this;
    if (current !== undefined && does(current.body as EtcdRequest)) return current;
    return this.waiting.find(({ body }) => does(body as EtcdRequest));
  }

  // What a request is about.

  protected ownerWords({ body }: Request): readonly string[] {
    const request = body as EtcdRequest;
    switch (request.type) {
      case 'leaseKeepAlive':
      case 'leaseRevoke':
        return this.terms.get(request.id)?.values ?? NO_WORDS;
      case 'put':
      case 'deleteRange':
      case 'txn': {
        const words: string[] = [];
        this.addWords(words, request);
        return words;
      }
      default:
        return NO_WORDS;
    }
  }

  private addWords(words: string[], operation: Operation): void {
    if (operation.type === 'txn') {
      for (const one of operation.success) this.addWords(words, one);
      for (const one of operation.failure) this.addWords(words, one);
    } else if (operation.type !== 'range') {
      const value = this.values.get(operation.key);
      if (operation.type === 'put') words.push(operation.value);
      if (value !== undefined) words.push(value);
    }
  }

  /** By what it does: deleting, or prolonging. */
  protected intentOf(body: unknown): Intent {
    const request = body as EtcdRequest;
    if (request.type === 'leaseKeepAlive') return 'renew';
    if (request.type === 'leaseRevoke') return 'release';
    return isOperation(request) && deletes(request) ? 'release' : undefined;
  }

  protected errorReply(text: string, { number }: Request): EtcdMessage {
    const known = [REQUEST_TIMED_OUT, TOO_MANY_REQUESTS].find((error) => error.text === text);
    return { call: number, body: known ?? { type: 'error', code: 'Unavailable', text } };
  }

  protected hashReply(reply: unknown): number {
    return hashMessage(reply as EtcdMessage);
  }

  describeRequest(body: unknown): string {
    return requestText(body as EtcdRequest);
  }

  describeReply(body: unknown): string {
    return responseText((body as EtcdMessage).body);
  }
}

/** What stands for a key that is attached to an etcd lease: it tells whose it is. */
function ownerValue(key: string, lease: number): string {
  return `${key} ${lease}`;
}

function isOperation(request: EtcdRequest): request is Operation {
  const { type } = request;
  return type === 'put' || type === 'deleteRange' || type === 'txn' || type === 'range';
}

/** Whether a request may be applied after its client was told that it was given up. */
function isWrite(body: unknown): boolean {
  const { type } = body as EtcdRequest;
  return type !== 'range' && type !== 'leaseKeepAlive' && !type.startsWith('watch');
}

/** Whether an operation may write a key with that lease, or without one delete it. */
function writes(operation: Operation, key: string, lease: number | undefined): boolean {
  switch (operation.type) {
    case 'range':
      return false;
    case 'put':
      return operation.key === key && (operation.lease === lease || operation.ignoreLease);
    case 'deleteRange':
      return lease === undefined && (operation.key === key || operation.rangeEnd !== '');
    case 'txn':
      return [...operation.success, ...operation.failure].some((one) => writes(one, key, lease));
  }
}

function deletes(operation: Operation): boolean {
  if (operation.type !== 'txn') return operation.type === 'deleteRange';
  return [...operation.success, ...operation.failure].some(deletes);
}

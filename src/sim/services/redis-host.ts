/**
 * A Redis server in the world. What a key is to the lock is seen here: a string or a hash whose
 * name contains the lock's key is a lease (see leases.ts, field-leases.ts).
 */
import { fold, hashString } from '../../digest.js';
import type { ServerPlan } from '../../scenario.js';
import type { Connection, Request } from '../connection.js';
import { RequestEffect } from '../leases.js';
import { Lane } from '../queue.js';
import { BUSY } from '../servers/redis/errors.js';
import type { KeyChange, KeyState, RedisPort, RedisServer } from '../servers/redis/port.js';
import { RedisError, type Reply, Status } from '../servers/redis/reply.js';
import { createRedisServer } from '../servers/redis/server.js';
import { FieldLeases } from './field-leases.js';
import { ListQueue } from './list-queue.js';
import { PermitLeases } from './permit-leases.js';
import { type Intent, ServiceHost, type ServiceWorld } from './service-host.js';
import { SideKeys } from './side-keys.js';

/** Words that need no quotes to be told apart. */
const PLAIN_WORD = /^[\w:./+-]+$/;

export class RedisHost extends ServiceHost implements RedisPort {
  readonly service = 'redis';
  protected readonly model: RedisServer;
  protected readonly busy = BUSY;
  /** Whether the command in hand has had its reply; a blocked call has not. */
  private answered = false;
  /** Commands that wait for their replies, by connection, in order: a reply tells of no number. */
  private readonly unanswered = new Map<number, Request[]>();

  /** Made for the first hash; most locks keep none. */
  private fields: FieldLeases | undefined;
  private readonly places: ListQueue | undefined;
  private readonly permits: PermitLeases | undefined;

  constructor(shared: ServiceWorld, plan: ServerPlan, index: number) {
    super(shared, plan, index);
    const { leases, leasesHere, queues } = this;
    this.places = queues === undefined ? undefined : new ListQueue(queues, leases, leasesHere);
    const { world, permitTermUs } = shared;
    this.permits =
      permitTermUs === undefined
        ? undefined
        : new PermitLeases(world, leases, leasesHere, permitTermUs, new Lane(960 + index, true));
    const { persistence, replicaLagUs } = plan;
    this.model = createRedisServer({ persistence, replicaLagUs }, this);
  }

  override receive(request: Request): void {
    if (this.error !== undefined) return super.receive(request);
    this.answered = false;
    super.receive(request);
    if (this.answered) return;
    const { number } = request.connection;
    const waiting = this.unanswered.get(number);
    if (waiting === undefined) this.unanswered.set(number, [request]);
    else waiting.push(request);
  }

  override send(number: number, reply: unknown): void {
    if (this.current?.connection.number === number) {
      this.answered = true;
      this.settle(this.current);
    } else this.unanswered.get(number)?.shift();
    super.send(number, reply);
  }

  /** The request is over, and about to be answered: what it did to keys with several owners. */
  private settle(request: Request): void {
    const { fields, places } = this;
    if (places !== undefined) {
      places.settle(request, (ownerId) => fields?.touchedHolds(ownerId) ?? false);
    }
    if (fields?.pending) {
      this.wroteUnseen(fields.settle(request, this.effect, this.wallMs()), 'hash');
    }
    this.wroteUnseen(this.permits?.settle(request, this.effect), 'members');
  }

  override hangup(connection: Connection): void {
    this.unanswered.delete(connection.number);
    super.hangup(connection);
  }

  /** Goes on with a command that waited for a blocked call of its connection. */
  resume(connection: number, apply: () => void): void {
    const { current, effect, answered } = this;
    const waiting = this.unanswered.get(connection);
    const request = waiting?.shift();
    this.current = request;
    this.effect = new RequestEffect();
    this.answered = false;
    apply();
    if (request !== undefined) {
      this.recordRequest(request, this.effect);
      if (!this.answered) waiting?.unshift(request);
    }
    this.current = current;
    this.effect = effect;
    this.answered = answered;
  }

  /**
   * A key is a lease if its name contains the lock's key and it holds a string; one that is counted
   * up (a fencing counter) is none, nor is a note beside a lease (side-keys.ts). For hashes see
   * field-leases.ts.
   */
  keyChanged(
    key: string,
    before: KeyState | undefined,
    after: KeyState | undefined,
    change: KeyChange,
  ): void {
    const { leases, leasesHere, current, effect } = this;
    if (change === 'counter') this.counted(key);
    if (leases.counters.size > 0 && leases.counters.has(key)) return;
    if (key !== this.leaseKey && !this.isLeaseKey(key)) {
      if (change === 'command' && after !== undefined) this.wroteUnseen(key);
      return;
    }
    const type = (after ?? before)?.type;
    if (type !== 'string') return this.collectionChanged(key, type, after, change);
    if (key !== this.lockKey || this.permits !== undefined) {
      if (this.isNoLease(key, after, change)) {
        if (change === 'command' && after !== undefined) this.wroteUnseen(key, 'string');
        return;
      }
    }
    const leftMs = after?.expireAtMs === undefined ? undefined : after.expireAtMs - this.wallMs();
    if (change !== 'command') {
      leases.ended(leasesHere, key, change === 'expired' ? 'expired' : 'lost');
      if (after === undefined) return;
      // A key lives through the millisecond of its expiry, so what comes back has a term left.
      const termUs = leftMs === undefined ? 'none' : Math.max(1, leftMs) * 1_000;
      leases.reinstated(leasesHere, key, after.value, termUs);
    } else if (current !== undefined && after === undefined) {
      leases.removed(leasesHere, key, current, effect);
    } else if (current !== undefined && after !== undefined) {
      const termUs = leftMs === undefined ? 'none' : leftMs * 1_000;
      const { sentAtUs } = current;
      const terms = { key, value: after.value, termUs, sentAtUs } as const;
      leases.granted(leasesHere, terms, current, effect);
    }
  }

  /** A fencing counter, mostly; but a lock may count its holders. */
  private counted(key: string): void {
    this.leases.counters.add(key);
    if (key.includes(this.lockKey)) this.wroteUnseen(key, 'count');
  }

  /** Whether a string that names the lock's key tells of no lease. */
  private isNoLease(key: string, after: KeyState | undefined, change: KeyChange): boolean {
    // Where permits are given out, strings only count them.
    if (this.permits !== undefined) return true;
    const { current } = this;
    if (this.fieldLeases().isCompanion(key, after, change, current)) return true;
    return this.sideKeys().isNoteChanged(this.leasesHere, key, after, change, current);
  }

  private sideKeys(): SideKeys {
    this.shared.sideKeys ??= new SideKeys(this.leases, this.lockKey);
    return this.shared.sideKeys;
  }

  /** The key that was looked at last and names the lock's key: mostly the only one. */
  private leaseKey: string | undefined;

  private isLeaseKey(key: string): boolean {
    if (!key.includes(this.lockKey)) return false;
    this.leaseKey = key;
    return true;
  }

  /** What holds several things; of a type that no rule reads a lease from, it is none. */
  private collectionChanged(
    key: string,
    type: KeyState['type'] | undefined,
    after: KeyState | undefined,
    change: KeyChange,
  ): void {
    const { places, permits } = this;
    if (type === 'hash') this.fieldLeases().changed(key, after, change, this.wallMs());
    else if (type === 'list' && places !== undefined) places.changed(key, after, change);
    else if (type === 'zset' && permits !== undefined) permits.changed(key, after, change);
    else if (change === 'command') this.wroteUnseen(key, type);
  }

  private fieldLeases(): FieldLeases {
    this.fields ??= new FieldLeases(this.leases, this.leasesHere, this.sideKeys());
    return this.fields;
  }

  private wallMs(): number {
    return Math.floor(this.wallUs() / 1_000);
  }

  protected apply(connection: number, body: unknown): void {
    this.model.execute(connection, body as readonly string[]);
  }

  /** The connections go to the old primary; its replica takes over with what it has. */
  promote(replica: number): number {
    this.dropConnections();
    this.model.promote(replica);
    return this.world.nowUs;
  }

  healed(): void {}

  /** A real server answered a WAIT: its replicas spoke up when no model can know. */
  acknowledged(connection: number, replicas: number): void {
    this.model.acknowledge(connection, replicas);
  }

  protected errorReply(text: string): Reply {
    return new RedisError(text);
  }

  protected ownerWords({ body }: Request): readonly string[] {
    return body as readonly string[];
  }

  /** By what it does: deleting, or prolonging. */
  protected intentOf(body: unknown): Intent {
    const words = body as readonly string[];
    const text = /^eval/i.test(words[0]!) ? words[1]! : words[0]!;
    if (/\b(del|unlink)\b/i.test(text)) return 'release';
    return /expire/i.test(text) ? 'renew' : undefined;
  }

  protected hashReply(reply: unknown): number {
    return hashReply(reply as Reply);
  }

  /** As one would type it: a word is quoted if it could be taken for several. */
  describeRequest(body: unknown): string {
    const words = body as readonly string[];
    return words.map((word) => (PLAIN_WORD.test(word) ? word : JSON.stringify(word))).join(' ');
  }

  describeReply(body: unknown): string {
    return replyText(body as Reply);
  }
}

/** A reply in the words of redis-cli. */
function replyText(reply: Reply): string {
  if (reply === null) return '(nil)';
  if (typeof reply === 'number') return `(integer) ${reply}`;
  if (typeof reply === 'string') return JSON.stringify(reply);
  if (reply instanceof Status) return reply.text;
  if (reply instanceof RedisError) return `(error) ${reply.text}`;
  return `[${reply.map(replyText).join(', ')}]`;
}

function hashReply(reply: Reply): number {
  if (typeof reply === 'number') return fold(17, reply | 0);
  if (typeof reply === 'string') return fold(19, hashString(reply));
  if (reply === null) return 23;
  if (reply instanceof Status) return fold(29, hashString(reply.text));
  if (reply instanceof RedisError) return fold(31, hashString(reply.text));
  let h = 37;
  for (const item of reply) h = fold(h, hashReply(item));
  return h;
}

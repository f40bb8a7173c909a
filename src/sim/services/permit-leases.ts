/**
 * Permits that are members of a sorted set, as Redisson's semaphore keeps them: each is a lease of
 * its own. What a score means only the clients know, so the term is that of the operation, rounded
 * down as the clients' clocks are. The lease is over when it has passed, whenever somebody takes
 * the member out (docs/semantics.md, R1).
 */
import type { Request } from '../connection.js';
import type { LeaseObserver, RequestEffect, ServerLeases } from '../leases.js';
import type { Lane, SimEvent } from '../queue.js';
import type { KeyChange, KeyState } from '../servers/redis/port.js';
import { EVENT_KIND, type Handler, type World } from '../world.js';

/** Clients reckon in whole milliseconds of their wall clocks (`System.currentTimeMillis`). */
const GRAIN_US = 1_000;

interface Permit {
  readonly lease: string;
  readonly score: number;
  readonly endsAtUs: number;
  /** What ends it; `undefined` when it is over. */
  end: SimEvent | undefined;
}

export class PermitLeases implements Handler {
  /** Sets that the request in hand has written or deleted. */
  private readonly touched = new Map<string, KeyState | undefined>();
  private readonly permits = new Map<string, Map<string, Permit>>();

  constructor(
    private readonly world: World,
    private readonly leases: LeaseObserver,
    private readonly here: ServerLeases,
    private readonly termUs: number,
    private readonly lane: Lane,
  ) {}

  /** A sorted set changed by the request in hand, or without one. */
  changed(key: string, after: KeyState | undefined, change: KeyChange): void {
    if (change === 'command') {
      this.touched.set(key, after);
      return;
    }
    const permits = this.permitsIn(key);
    for (const [member, { lease }] of permits) {
      this.leases.ended(this.here, lease, 'lost');
      this.drop(permits, member);
    }
    for (const { member, score } of after?.sorted?.items ?? []) {
      if (this.leases.issuedToOf(member) === undefined) continue;
      const endsAtUs = this.endsAtUs.get(`${member} ${score}`) ?? 0;
      if (endsAtUs <= this.world.nowUs) continue;
      const permit = this.add(permits, key, member, score, endsAtUs);
      this.leases.reinstated(this.here, permit.lease, member, endsAtUs - this.world.nowUs);
    }
  }
  /** When a permit with a score is over: a failover may bring back what was before. */
  private readonly endsAtUs = new Map<string, number>();

  /**
   * The request is over: writes down what it did to permits. Answers a set that it gave a member
   * which is no owner id: whose permit that is nobody can see.
   */
  settle(request: Request, effect: RequestEffect): string | undefined {
    if (this.touched.size === 0) return undefined;
    let unnamed: string | undefined;
    const { leases, here } = this;
    const { sentAtUs, process } = request;
    const termUs = this.termUs - (process.host.wall.read(sentAtUs) % GRAIN_US);
    for (const [key, after] of this.touched) {
      const permits = this.permitsIn(key);
      for (const [member, { lease, endsAtUs }] of permits) {
        if (after?.sorted?.score(member) !== undefined) continue;
        // Scores are in whole milliseconds: a permit may be over by so much sooner.
        const isOver = endsAtUs - this.world.nowUs < GRAIN_US;
        if (isOver) leases.ended(here, lease, 'expired');
        else leases.removed(here, lease, request, effect);
        this.drop(permits, member);
      }
      for (const { member, score } of after?.sorted?.items ?? []) {
        // What is known stands on, or was brought back when it was over.
        if (this.endsAtUs.has(`${member} ${score}`)) continue;
        if (leases.issuedToOf(member) === undefined) {
          unnamed = key;
          continue;
        }
        this.drop(permits, member);
        const endsAtUs = sentAtUs + termUs;
        const { lease } = this.add(permits, key, member, score, endsAtUs);
        const terms = { key: lease, value: member, termUs, sentAtUs };
        leases.granted(here, terms, request, effect);
      }
    }
    this.touched.clear();
    return unnamed;
  }

  /** The term of a permit has passed. */
  happen(event: SimEvent): boolean {
    const permit = event.payload as Permit;
    permit.end = undefined;
    this.leases.ended(this.here, permit.lease, 'expired');
    return false;
  }

  private add(
    permits: Map<string, Permit>,
    key: string,
    member: string,
    score: number,
    endsAtUs: number,
  ): Permit {
    const { world, lane } = this;
    const permit: Permit = { lease: `${key} ${member}`, score, endsAtUs, end: undefined };
    const dueUs = Math.max(world.nowUs, endsAtUs);
    const { alarm } = EVENT_KIND;
    permit.end = world.schedule(lane, this, alarm, dueUs, 0, 0, world.nowUs, 0, permit);
    permits.set(member, permit);
    this.endsAtUs.set(`${member} ${score}`, endsAtUs);
    return permit;
  }

  private drop(permits: Map<string, Permit>, member: string): void {
    const permit = permits.get(member);
    if (permit === undefined) return;
    if (permit.end !== undefined) this.world.cancel(permit.end);
    permits.delete(member);
  }

  private permitsIn(key: string): Map<string, Permit> {
    let permits = this.permits.get(key);
    if (permits === undefined) {
      permits = new Map();
      this.permits.set(key, permits);
    }
    return permits;
  }
}

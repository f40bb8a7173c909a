/**
 * Which locks of sessions and transactions are leases (docs/semantics.md, R1): every advisory lock,
 * and every row lock on a row whose key contains the lock's, if it outlives the query that took it.
 * One that is given back before its answer is nobody's lease, as those of a single UPDATE are.
 */
import type { Actor } from '../../history.js';
import type { Request } from '../connection.js';
import type { LeaseObserver, RequestEffect, ServerLeases } from '../leases.js';
import type { LockChange } from '../servers/postgres/port.js';

/** A lock that a session has. */
interface Hold {
  readonly name: string;
  /** The key of its lease; none before its query is answered. */
  place: string | undefined;
  /** What tells whose it is. */
  owner: string;
}

const NONE: readonly never[] = [];

export class SessionLocks {
  /** By session of the server. */
  private readonly holds = new Map<number, Hold[]>();
  /** How many of them no answer has been sent for. */
  private fresh = 0;
  private owners = 0;
  /** Whose grants rest on a client's connection, whatever its session has become. */
  private readonly resting = new Map<number, Actor[]>();

  constructor(
    private readonly leases: LeaseObserver,
    private readonly here: ServerLeases,
    private readonly lockKey: string,
  ) {}

  /** What tells whose the locks of a session are. */
  ownersOf(session: number): readonly string[] {
    return this.holds.get(session)?.map(({ owner }) => owner) ?? NONE;
  }

  granted({ kind, key, session }: LockChange): void {
    if (kind === 'row' && !key.includes(this.lockKey)) return;
    const hold: Hold = { name: `${kind} ${key}`, place: undefined, owner: '' };
    const held = this.holds.get(session);
    if (held === undefined) this.holds.set(session, [hold]);
    else held.push(hold);
    this.fresh += 1;
  }

  /** The query of a session is answered: what it has by now are leases of who asked. */
  answered(session: number, request: Request, effect: RequestEffect): void {
    if (this.fresh === 0) return;
    for (const hold of this.holds.get(session) ?? []) {
      if (hold.place !== undefined) continue;
      this.fresh -= 1;
      this.owners += 1;
      hold.place = this.freePlace(hold.name);
      hold.owner = `${hold.name} ${this.owners}`;
      const { sentAtUs } = request;
      const terms = { key: hold.place, value: hold.owner, termUs: 'session', sentAtUs } as const;
      this.leases.granted(this.here, terms, request, effect);
      this.rest(request.connection.number, this.here.byKey.get(hold.place)!.actor);
    }
  }

  private rest(connection: number, actor: Actor): void {
    const actors = this.resting.get(connection);
    if (actors === undefined) this.resting.set(connection, [actor]);
    else actors.push(actor);
  }

  /** Whose grants have rested on a connection that is over, for its client to be told. */
  leaveTo(connection: number): readonly Actor[] {
    const actors = this.resting.get(connection);
    this.resting.delete(connection);
    return actors ?? NONE;
  }

  /** Several may hold the same lock: shared, or a session more than once. */
  private freePlace(name: string): string {
    const { byKey } = this.here;
    let place = name;
    for (let nth = 2; byKey.get(place) !== undefined; nth++) place = `${name} (${nth})`;
    return place;
  }

  /** A lock ended: with its session, or by a request on it. */
  ended(change: LockChange, request: Request | undefined, effect: RequestEffect): void {
    const { kind, key, session, end } = change;
    const held = this.holds.get(session);
    const hold = held === undefined ? undefined : this.find(held, `${kind} ${key}`, request);
    if (held === undefined || hold === undefined) return;
    held.splice(held.indexOf(hold), 1);
    if (held.length === 0) this.holds.delete(session);
    const { leases, here } = this;
    if (hold.place === undefined) this.fresh -= 1;
    else if (end === 'session end' || end === 'lost' || request === undefined) {
      leases.ended(here, hold.place, 'session');
    } else {
      leases.removed(here, hold.place, request, effect);
      this.resting.delete(request.connection.number);
    }
  }

  /** Of several holds of one session the one that its client took, else the last. */
  private find(held: readonly Hold[], name: string, request: Request | undefined) {
    const alike = held.filter((hold) => hold.name === name);
    if (alike.length < 2 || request === undefined) return alike.at(-1);
    const { id } = request.process.host;
    const own = alike.findLast(({ place }) => {
      return place === undefined || this.here.byKey.get(place)?.actor.host === id;
    });
    return own ?? alike.at(-1);
  }
}

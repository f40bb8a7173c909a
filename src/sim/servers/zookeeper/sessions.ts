/**
 * The leader's sessions and when they end (upstream SessionTrackerImpl.java and ExpiryQueue.java of
 * 3.8.0). A session ends at a multiple of the tick: the first one that is later than its timeout
 * after the leader last heard of it, so up to a whole tick later than was agreed on.
 */
import { ERROR } from './errors.js';

export interface Session {
  readonly id: number;
  readonly password: string;
  /** As agreed when it was opened; a new leader goes by it. */
  readonly timeoutMs: number;
  /** Server that its client is at; 0: not known, the next one that asks. */
  owner: number;
  expiresAtMs: number;
}

export class Sessions {
  private readonly byId = new Map<number, Session>();
  private opened = 0;

  constructor(private readonly tickTimeMs: number) {}

  /** A session of a client at server `owner`. */
  open(timeoutMs: number, owner: number, nowMs: number): Session {
    this.opened += 1;
    const id = this.opened;
    const expiresAtMs = this.bucket(nowMs + timeoutMs);
    // Upstream, too, makes the password from the id and a secret of the server's.
    const session = { id, password: `password ${id}`, timeoutMs, owner, expiresAtMs };
    this.byId.set(id, session);
    return session;
  }

  get(id: number): Session | undefined {
    return this.byId.get(id);
  }

  /** Heard of the session: whether there is such a one. */
  touch(id: number, timeoutMs: number, nowMs: number): boolean {
    const session = this.byId.get(id);
    if (session === undefined) return false;
    session.expiresAtMs = this.bucket(nowMs + timeoutMs);
    return true;
  }

  private bucket(atMs: number): number {
    return (Math.floor(atMs / this.tickTimeMs) + 1) * this.tickTimeMs;
  }

  /** Whether server `member` may ask on behalf of the session: 0, or the error. */
  check(id: number, member: number): number {
    const session = this.byId.get(id);
    if (session === undefined) return ERROR.SESSIONEXPIRED;
    if (session.owner === 0) session.owner = member;
    return session.owner === member ? ERROR.OK : ERROR.SESSIONMOVED;
  }

  remove(id: number): void {
    this.byId.delete(id);
  }

  all(): Session[] {
    return [...this.byId.values()];
  }

  /**
   * Sessions whose time is up, in the order in which they end: by their ticks, and within a tick in
   * any order (upstream keeps them in a set by the identity of objects), which `choose` decides.
   */
  due(nowMs: number, choose: (n: number) => number): Session[] {
    const waiting = this.all()
      .filter(({ expiresAtMs }) => expiresAtMs <= nowMs)
      .sort((a, b) => a.expiresAtMs - b.expiresAtMs || a.id - b.id);
    const ordered: Session[] = [];
    while (waiting.length > 0) {
      const { expiresAtMs } = waiting[0]!;
      const count = waiting.filter((session) => session.expiresAtMs === expiresAtMs).length;
      ordered.push(...waiting.splice(count === 1 ? 0 : choose(count), 1));
    }
    return ordered;
  }

  /** When the next one ends; ∞: there is none. */
  nextAtMs(): number {
    let atMs = Number.POSITIVE_INFINITY;
    for (const { expiresAtMs } of this.byId.values()) atMs = Math.min(atMs, expiresAtMs);
    return atMs;
  }

  /** A new leader has heard of nobody yet, and gives everybody the whole timeout. */
  restart(nowMs: number): void {
    for (const session of this.byId.values()) {
      session.owner = 0;
      session.expiresAtMs = this.bucket(nowMs + session.timeoutMs);
    }
  }
}

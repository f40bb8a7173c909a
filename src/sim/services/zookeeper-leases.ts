/**
 * The leases of a lock on ZooKeeper, by the sessions that they live with: an ephemeral znode whose
 * path contains the lock's key is a lease and a place in the queue (docs/semantics.md, R1, R20).
 * Its term is the timeout of its session, counted from the send of the request that was answered
 * last: every request of a session is a heartbeat, and extends all leases of the session.
 */
import type { HostId } from '../../fault.js';
import type { Request } from '../connection.js';
import type { LeaseObserver, RequestEffect, ServerLeases } from '../leases.js';
import type { QueueObserver } from '../queues.js';
import type { Request as ZooKeeperRequest } from '../servers/zookeeper/messages.js';

/** Where the leases are written down. */
export interface LeaseBook {
  readonly id: HostId;
  readonly leases: LeaseObserver;
  readonly leasesHere: ServerLeases;
  readonly queues: QueueObserver | undefined;
  /** World instant to which a session lives at most if it is heard of now. */
  livesUntilUs(termUs: number): number;
}

/** A request and what it did. */
export interface Cause {
  readonly request: Request;
  readonly effect: RequestEffect;
}

interface Standing {
  readonly key: string;
  /** What tells its owner. */
  readonly value: string;
  /** When the request left from which its term counts. */
  sentAtUs: number;
}

/** A session, as far as leases go. */
export class LeaseSession {
  termUs = 0;
  standing: Standing[] = [];
  /** What ended with it: a server that has not heard of that still answers its client. */
  ended: Standing[] = [];

  words(): string[] {
    return [...this.standing, ...this.ended].map(({ value }) => value);
  }
}

const NO_WORDS: readonly string[] = [];

export class SessionLeases {
  private readonly sessions = new Map<number, LeaseSession>();
  /** The session of each connection. */
  private readonly byConnection = new Map<number, LeaseSession>();
  /** What stands for each znode of the lock: whose it was. */
  private readonly values = new Map<string, string>();

  constructor(private readonly book: LeaseBook) {}

  /** A connection belongs to a session from now on. */
  connected(connection: number, sessionId: number, timeoutMs: number): void {
    const session = this.get(sessionId);
    session.termUs = timeoutMs * 1_000;
    this.byConnection.set(connection, session);
  }

  disconnected(connection: number): void {
    this.byConnection.delete(connection);
  }

  of(connection: number): LeaseSession | undefined {
    return this.byConnection.get(connection);
  }

  get(sessionId: number): LeaseSession {
    let session = this.sessions.get(sessionId);
    if (session === undefined) {
      session = new LeaseSession();
      this.sessions.set(sessionId, session);
    }
    return session;
  }

  /** A request was answered on a connection: that is a heartbeat of its session. */
  keep(connection: number, { request, effect }: Cause): void {
    const session = this.byConnection.get(connection);
    if (session === undefined) return;
    const { leases, leasesHere } = this.book;
    const { sentAtUs } = request;
    const { termUs } = session;
    for (const standing of session.standing) {
      if (standing.sentAtUs >= sentAtUs) continue;
      standing.sentAtUs = sentAtUs;
      const { key, value } = standing;
      leases.kept(leasesHere, { key, value, termUs, sentAtUs }, effect);
      this.prolong(session, key);
    }
    for (const { key, value } of session.ended) {
      leases.kept(leasesHere, { key, value, termUs, sentAtUs }, effect);
      // The word of a server that was cut off: the others have ended that session before.
      leases.ended(leasesHere, key, 'lost');
    }
  }

  /** The service gives a session its whole timeout again. */
  restarted(sessionId: number): void {
    const session = this.sessions.get(sessionId);
    for (const { key } of session?.standing ?? []) this.prolong(session!, key);
  }

  private prolong({ termUs }: LeaseSession, key: string): void {
    const { leases, leasesHere } = this.book;
    leases.prolonged(leasesHere, key, this.book.livesUntilUs(termUs));
  }

  created(session: LeaseSession, key: string, czxid: number, { request, effect }: Cause): void {
    const { leases, leasesHere, queues, id: server } = this.book;
    const { sentAtUs } = request;
    const value = `${key} ${czxid}`;
    this.values.set(key, value);
    session.standing.push({ key, value, sentAtUs });
    leases.granted(leasesHere, { key, value, termUs: session.termUs, sentAtUs }, request, effect);
    this.prolong(session, key);
    const queue = key.slice(0, key.lastIndexOf('/') + 1);
    queues?.joined(server, queue, key, leasesHere.byKey.get(key)!.actor);
  }

  /** A request deleted a znode; without one its session has timed out. */
  deleted(session: LeaseSession, key: string, cause: Cause | undefined): void {
    const { leases, leasesHere, queues, id: server } = this.book;
    const at = session.standing.findIndex((standing) => standing.key === key);
    const gone = at < 0 ? [] : session.standing.splice(at, 1);
    if (cause === undefined) {
      session.ended.push(...gone);
      leases.ended(leasesHere, key, 'session');
      queues?.ended(server, key, 'expired');
    } else {
      leases.removed(leasesHere, key, cause.request, cause.effect);
      queues?.takenOut(server, key, leases.actorOf(leasesHere, cause.request));
    }
  }

  /** The words of a request that may tell whose lease it is about. */
  words({ body, connection }: Request): readonly string[] {
    const request = body as ZooKeeperRequest;
    switch (request.type) {
      case 'connect':
        return this.sessions.get(request.sessionId)?.words() ?? NO_WORDS;
      case 'delete': {
        const value = this.values.get(request.path);
        return value === undefined ? NO_WORDS : [value];
      }
      case 'create':
      case 'create2':
      case 'multi':
        return NO_WORDS;
      default:
        return this.byConnection.get(connection.number)?.words() ?? NO_WORDS;
    }
  }
}

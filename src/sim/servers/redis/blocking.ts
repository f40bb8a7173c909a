/**
 * Calls that wait: for an element of a list or sorted set (BLPOP and its like), or for replicas to
 * have what was written (WAIT). A key that comes to be serves those who wait for it in the order in
 * which they began to wait, after the command, transaction or script that made it has ended
 * (`blocked.c: handleClientsBlockedOnKeys`).
 *
 * How long a call waits runs on the wall clock, as in Redis 7 (`timeout.c` adds `mstime()`), so a
 * clock step ends or prolongs it. Replication runs on the monotonic clock.
 */
import type { Acknowledgements } from './acknowledgements.js';
import type { Alarm } from './alarm.js';
import type { ListEntry, SortedSetEntry } from './entry.js';
import type { Keyspace } from './keyspace.js';
import type { RedisPort } from './port.js';
import type { Reply } from './reply.js';
import type { Session } from './session.js';

/** A call that waits for one of several keys. */
export interface Waiting {
  readonly session: Session;
  readonly keys: readonly string[];
  readonly type: 'list' | 'zset';
  /** Wall clock in milliseconds after which the call gives up; ∞: never. */
  readonly deadlineMs: number;
  /** Takes what it waited for from a key that has it. */
  serve(key: string, entry: ListEntry | SortedSetEntry): Reply;
}

interface WaitingForReplicas {
  readonly session: Session;
  readonly replicas: number;
  readonly writtenAtUs: number;
  readonly deadlineMs: number;
}

export class Blocking {
  private readonly calls = new Set<Waiting>();
  private readonly byKey = new Map<string, Set<Waiting>>();
  private readonly waits = new Set<WaitingForReplicas>();
  private readonly ready = new Set<string>();

  constructor(
    private readonly port: RedisPort,
    private readonly keyspace: Keyspace,
    private readonly wall: Alarm,
    private readonly mono: Alarm,
    private readonly acknowledgements: Acknowledgements,
  ) {}

  /** Holds back the reply of a blocking pop. */
  wait(call: Waiting): void {
    call.session.blocked = true;
    this.calls.add(call);
    for (const key of call.keys) {
      const waiting = this.byKey.get(key);
      if (waiting === undefined) this.byKey.set(key, new Set([call]));
      else waiting.add(call);
    }
    this.wall.ask((call.deadlineMs + 1) * 1000);
  }

  /** Holds back the reply of a WAIT; the replicas have been asked. */
  waitForReplicas(session: Session, replicas: number, deadlineMs: number): void {
    session.blocked = true;
    const writtenAtUs = session.sawWrittenAtUs;
    this.waits.add({ session, replicas, writtenAtUs, deadlineMs });
    this.wall.ask((deadlineMs + 1) * 1000);
    this.mono.ask(this.nextArrivalUs());
  }

  /** A key came to be that somebody may wait for. */
  created(key: string): void {
    if (this.byKey.size !== 0 && this.byKey.has(key)) this.ready.add(key);
  }

  /** Serves what became ready; answers the sessions that may go on. */
  serve(): Session[] {
    const served: Session[] = [];
    for (const key of this.ready) {
      // Serving may make further keys ready (BLMOVE): they are met later in this same loop.
      this.ready.delete(key);
      for (const call of [...(this.byKey.get(key) ?? [])]) {
        const entry = this.keyspace.find(key);
        if (entry === undefined || (entry.type !== 'list' && entry.type !== 'zset')) break;
        if (entry.type !== call.type) continue;
        const reply = call.serve(key, entry);
        this.end(call);
        this.port.send(call.session.connection, reply);
        served.push(call.session);
      }
    }
    return served;
  }

  /** Whether `serve` has something to look at. */
  get hasReady(): boolean {
    return this.ready.size !== 0;
  }

  /** Ends the calls whose time is up or whose replicas are there; answers their sessions. */
  wake(): Session[] {
    const nowMs = this.keyspace.nowMs;
    const woken: Session[] = [];
    for (const wait of [...this.waits]) {
      const acknowledged = this.acknowledgements.of(wait.writtenAtUs);
      if (acknowledged < wait.replicas && nowMs <= wait.deadlineMs) continue;
      this.waits.delete(wait);
      this.release(wait.session, acknowledged);
      woken.push(wait.session);
    }
    const late = [...this.calls].filter(({ deadlineMs }) => nowMs > deadlineMs);
    for (const call of late.sort((a, b) => a.deadlineMs - b.deadlineMs)) {
      this.end(call);
      this.port.send(call.session.connection, null);
      woken.push(call.session);
    }
    return woken;
  }

  /** Ends the WAIT of a session with the count that it was told; whether it had one. */
  acknowledge(session: Session, replicas: number): boolean {
    const wait = [...this.waits].find((one) => one.session === session);
    if (wait === undefined) return false;
    this.waits.delete(wait);
    this.release(session, replicas);
    return true;
  }

  private release(session: Session, reply: Reply): void {
    session.blocked = false;
    this.port.send(session.connection, reply);
  }

  private end(call: Waiting): void {
    call.session.blocked = false;
    this.calls.delete(call);
    for (const key of call.keys) {
      const waiting = this.byKey.get(key);
      waiting?.delete(call);
      if (waiting?.size === 0) this.byKey.delete(key);
    }
  }

  /** Wall clock at which the next call gives up, in microseconds; ∞: none. */
  nextDeadlineUs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { deadlineMs } of this.calls) earliestMs = Math.min(earliestMs, deadlineMs);
    for (const { deadlineMs } of this.waits) earliestMs = Math.min(earliestMs, deadlineMs);
    return (earliestMs + 1) * 1000;
  }

  /** Monotonic clock at which a replica next tells what a WAIT waits for; ∞: none. */
  nextArrivalUs(): number {
    let earliestUs = Number.POSITIVE_INFINITY;
    for (const { writtenAtUs } of this.waits) {
      earliestUs = Math.min(earliestUs, this.acknowledgements.nextUs(writtenAtUs));
    }
    return earliestUs;
  }

  /** The connection of a session ended: nobody waits for its reply. */
  leave(session: Session): void {
    for (const call of this.calls) if (call.session === session) this.end(call);
    for (const wait of this.waits) if (wait.session === session) this.waits.delete(wait);
  }

  clear(): void {
    this.calls.clear();
    this.byKey.clear();
    this.waits.clear();
    this.ready.clear();
  }
}

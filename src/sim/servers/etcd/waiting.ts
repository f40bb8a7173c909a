/**
 * Calls that wait because there is no leader to answer them, each with what ends its wait. Those
 * that nothing else ends are given up after a while.
 */
import type { ErrorResponse, EtcdRequest } from './messages.js';
import type { Session } from './session.js';

/**
 * What becomes of a call. `gone`: nothing. `lost`: it went to a leader that cannot commit it, and
 * is done only if that one stays the leader. `queued`: it is done once a leader is known;
 * `forwarded`: so it is, even if its client has given up. `read`: it is refused by then, and may be
 * asked again.
 */
export type Fate = 'gone' | 'lost' | 'queued' | 'forwarded' | 'read';

export interface WaitingCall {
  readonly session: Session;
  readonly call: number;
  readonly request: EtcdRequest;
  fate: Fate;
  readonly giveUpAtUs: number;
  /** The answer when it is given up. */
  error: ErrorResponse;
  answered: boolean;
}

export class Waiting {
  private calls: WaitingCall[] = [];

  add(call: WaitingCall): void {
    this.calls.push(call);
  }

  get nextUs(): number {
    let earliestUs = Number.POSITIVE_INFINITY;
    for (const { giveUpAtUs, answered } of this.calls) {
      if (!answered && giveUpAtUs < earliestUs) earliestUs = giveUpAtUs;
    }
    return earliestUs;
  }

  /** The calls to give up now, in order; those that may still be done stay. */
  giveUp(nowUs: number): WaitingCall[] {
    const due = this.calls.filter(({ giveUpAtUs, answered }) => !answered && giveUpAtUs <= nowUs);
    for (const call of due) call.answered = true;
    this.calls = this.calls.filter(({ answered, fate }) => !answered || mayStillBeDone(fate));
    return due;
  }

  /** Takes out the calls of some fates on one side of a cut, in order. */
  take(isolated: boolean, fates: readonly Fate[]): WaitingCall[] {
    const isTaken = ({ session, fate }: WaitingCall) =>
      session.isolated === isolated && fates.includes(fate);
    const taken = this.calls.filter(isTaken);
    this.calls = this.calls.filter((call) => !isTaken(call));
    return taken;
  }

  /** A client is gone: what had reached no leader never will. */
  drop(session: Session): void {
    for (const call of this.calls) if (call.session === session) call.answered = true;
    this.calls = this.calls.filter(({ answered, fate }) => !answered || mayStillBeDone(fate));
  }

  /** Another leader was elected. */
  lose(): void {
    for (const call of this.calls) if (call.fate === 'lost') call.fate = 'gone';
  }

  /** What was gone at the leader that was cut off will be given up with another error. */
  blame(error: ErrorResponse): void {
    for (const call of this.calls) {
      if (call.session.isolated && call.fate === 'gone') call.error = error;
    }
  }

  clear(): void {
    this.calls = [];
  }
}

function mayStillBeDone(fate: Fate): boolean {
  return fate === 'lost' || fate === 'forwarded';
}

/**
 * Reads that a member cannot answer are given up one batch after the other: those that come while
 * one is under way are the next (`etcdserver/v3_server.go: linearizableReadLoop`).
 */
export class ReadBatches {
  private endsAtUs = Number.NEGATIVE_INFINITY;
  private hasNext = false;

  /** When a read that comes now will be given up. */
  giveUpAtUs(nowUs: number, afterUs: number): number {
    if (this.hasNext && this.endsAtUs <= nowUs) {
      this.endsAtUs += afterUs;
      this.hasNext = false;
    }
    if (this.endsAtUs <= nowUs) {
      this.endsAtUs = nowUs + afterUs;
      return this.endsAtUs;
    }
    this.hasNext = true;
    return this.endsAtUs + afterUs;
  }
}

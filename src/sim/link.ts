/**
 * The link between a client and a server: what a partition cuts, a delay slows and a lost message
 * strikes, whatever connection travels on it (docs/semantics.md, R7).
 */
import { PURPOSE } from '../random.js';
import type { ClientHost } from './client.js';
import type { Connection } from './connection.js';
import { Subject } from './decisions.js';
import { LATENCY_GRID_US, LATENCY_RARE_US } from './limits.js';
import type { Gate } from './queue.js';

/** Of 1,000 latencies, so many are the rare long one (R16). */
const RARE = 10;
/** Answers of the latency decision: rare ones first, then the grid from 0.2 to 1 ms. */
const LATENCIES = 1_000;
const GRID_STEPS = 9;
/** The answer that gives the median latency: 13 mod 9 is 4, which is 0.6 ms. */
const LATENCY_FALLBACK = 13;
const TIES = 0x4000_0000;

export type Direction = 'to-server' | 'to-client';
/** A strike waits for the next request of its kind, then ends its connection. */
export type Strike = 'lost-request' | 'lost-reply' | 'half-open';

/** A strike that waits. */
export interface ArmedStrike {
  readonly kind: Strike;
  /** No request that leaves before meets it. */
  readonly fromUs: number;
  readonly touched: () => void;
}

export interface DelayWindow {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly byUs: number;
  readonly touched: () => void;
}

export class Link {
  readonly subject: Subject;
  readonly toServer: Gate = { closedUntilUs: 0, healsAtUs: 0 };
  readonly toClient: Gate = { closedUntilUs: 0, healsAtUs: 0 };
  /** Connections opened so far: numbers their lanes. */
  generation = 0;
  /** The connection in use. */
  connection: Connection | undefined;
  private delays: { readonly direction: Direction; readonly window: DelayWindow }[] | undefined;
  private strikes: ArmedStrike[] | undefined;

  constructor(
    readonly client: ClientHost,
    readonly serverIndex: number,
  ) {
    const id = 128 + client.index * 64 + serverIndex;
    this.subject = new Subject(client.world.decisions, id);
    client.subjects.push(this.subject);
  }

  /** How much of the latency that was answered last is the doing of faults. */
  delayedByUs = 0;

  /** One-way latency of a message that leaves now. */
  latencyUs(direction: Direction, leavesUs: number): number {
    const purpose =
      direction === 'to-server' ? PURPOSE['latency-request'] : PURPOSE['latency-reply'];
    const answer = this.subject.decide(purpose, LATENCIES, LATENCY_FALLBACK);
    let latencyUs = answer < RARE ? LATENCY_RARE_US : (2 + (answer % GRID_STEPS)) * LATENCY_GRID_US;
    this.delayedByUs = 0;
    if (this.delays === undefined) return latencyUs;
    for (const { direction: delayed, window } of this.delays) {
      if (delayed !== direction) continue;
      if (leavesUs < window.fromUs || leavesUs >= window.untilUs) continue;
      latencyUs += window.byUs;
      this.delayedByUs += window.byUs;
      window.touched();
    }
    return latencyUs;
  }

  tie(direction: Direction): number {
    const purpose = direction === 'to-server' ? PURPOSE['tie-request'] : PURPOSE['tie-reply'];
    return this.subject.decide(purpose, TIES, 0);
  }

  delay(direction: Direction, window: DelayWindow): void {
    (this.delays ??= []).push({ direction, window });
  }

  /** The delay never happened (R4). */
  withdrawDelay(window: DelayWindow): void {
    this.delays = this.delays?.filter((delay) => delay.window !== window);
  }

  /** Arms a strike against the next request on this link. */
  arm(strike: ArmedStrike): void {
    (this.strikes ??= []).push(strike);
  }

  /** The strike never happened (R4). */
  withdrawStrike(strike: ArmedStrike): void {
    const index = this.strikes?.indexOf(strike) ?? -1;
    if (index >= 0) this.strikes?.splice(index, 1);
  }

  /** The strike that a request leaving now meets, if any. */
  takeStrike(): Strike | undefined {
    const { client, strikes } = this;
    const strike = strikes === undefined ? undefined : earliest(strikes, client.frontierUs);
    if (strike === undefined) return undefined;
    this.withdrawStrike(strike);
    strike.touched();
    // A request that never leaves met nothing (R4); what was disarmed meanwhile stays so.
    const undo = () => {
      strikes?.unshift(strike);
    };
    if (client.frontierUs > client.world.nowUs) client.later(client.frontierUs, () => {}, undo);
    return strike.kind;
  }

  /** Forgets strikes nobody met: faults end (R10). */
  disarm(): void {
    this.strikes = undefined;
  }
}

/** Of the strikes whose time has come at `atUs`, the one whose time came first. */
function earliest(strikes: readonly ArmedStrike[], atUs: number): ArmedStrike | undefined {
  let first: ArmedStrike | undefined;
  for (const strike of strikes) {
    if (strike.fromUs <= atUs && !(first && first.fromUs <= strike.fromUs)) first = strike;
  }
  return first;
}

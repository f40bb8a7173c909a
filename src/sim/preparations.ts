/**
 * What faults change in clocks and links, each change with the way to take it back. Code ahead of
 * the world must find them in place before they strike; if its host dies before it gets there,
 * they were never made (docs/semantics.md, R4).
 */
import type {
  ClockDriftFault,
  ClockStepFault,
  DelayFault,
  Fault,
  HalfOpenFault,
  HostId,
  LostReplyFault,
  LostRequestFault,
} from '../fault.js';
import type { HostClock } from './clock.js';
import type { Link } from './link.js';

export type StrikeFault = LostRequestFault | LostReplyFault | HalfOpenFault;
type Undo = () => void;

/** What the preparations reach, and whom they tell that a message met a fault. */
export interface Grounds {
  clocksOf(host: HostId): { readonly wall: HostClock; readonly mono: HostClock } | undefined;
  link(client: HostId, server: HostId): Link | undefined;
  touch(fault: Fault): void;
}

export class Preparations {
  private readonly prepared = new Set<string>();
  private readonly armed = new Set<string>();

  constructor(private readonly grounds: Grounds) {}

  has(fault: Fault): boolean {
    return this.prepared.has(fault.id);
  }

  /** Changes clocks and links from `atUs` on, once. */
  prepare(fault: Fault, atUs: number, touched = () => this.grounds.touch(fault)): Undo {
    if (this.prepared.has(fault.id)) return () => {};
    this.prepared.add(fault.id);
    const undo = this.change(fault, atUs, touched);
    return () => {
      this.prepared.delete(fault.id);
      undo?.();
    };
  }

  /** The next request on its link meets the strike, unless that was armed ahead. */
  arm(fault: StrikeFault): void {
    if (!this.armed.delete(fault.id)) this.armLink(fault, () => this.grounds.touch(fault));
  }

  /** Before it strikes: a request that leaves ahead of the world meets it. */
  armAhead(fault: StrikeFault, touched: () => void): Undo {
    this.armed.add(fault.id);
    const undo = this.armLink(fault, touched);
    return () => {
      this.armed.delete(fault.id);
      undo();
    };
  }

  private armLink(fault: StrikeFault, touched: () => void): Undo {
    const link = this.grounds.link(fault.client, fault.server);
    const strike = { kind: fault.class, touched };
    link?.arm(strike);
    return () => link?.withdrawStrike(strike);
  }

  private change(fault: Fault, atUs: number, touched: () => void): Undo | undefined {
    if (fault.class === 'clock-step') return this.stepClock(fault, atUs);
    if (fault.class === 'clock-drift') return this.driftClocks(fault, atUs);
    if (fault.class === 'delay') return this.delay(fault, atUs, touched);
    return undefined;
  }

  private stepClock(fault: ClockStepFault, atUs: number): Undo {
    const wall = this.grounds.clocksOf(fault.host)?.wall;
    const step = wall?.step(atUs, fault.byUs);
    return () => step && wall?.withdraw([step]);
  }

  private driftClocks({ host, ppm, durationUs }: ClockDriftFault, atUs: number): Undo {
    const clocks = this.grounds.clocksOf(host);
    const undos = (clocks === undefined ? [] : [clocks.wall, clocks.mono]).map((clock) => {
      const changes = [clock.setRate(atUs, ppm), clock.setRate(atUs + durationUs, 0)];
      return () => clock.withdraw(changes);
    });
    return () => {
      for (const undo of undos) undo();
    };
  }

  private delay(fault: DelayFault, atUs: number, touched: () => void): Undo {
    const { direction, durationUs, byUs } = fault;
    const link = this.grounds.link(fault.client, fault.server);
    const window = { fromUs: atUs, untilUs: atUs + durationUs, byUs, touched };
    link?.delay(direction, window);
    return () => link?.withdrawDelay(window);
  }
}

/** The host that a fault is about; of a link the client. */
export function concerned(fault: Fault): HostId {
  return 'client' in fault ? fault.client : fault.host;
}

/** When the effect of a fault that strikes at `atUs` ends. */
export function endOf(fault: Fault, atUs: number): number {
  if ('durationUs' in fault) return atUs + fault.durationUs;
  return 'restartAfterUs' in fault ? atUs + (fault.restartAfterUs ?? 0) : atUs;
}

/** Whether it touches nobody until a message meets it (R13). */
export function isMetByMessages({ class: faultClass }: Fault): boolean {
  return ['delay', 'lost-request', 'lost-reply', 'half-open'].includes(faultClass);
}

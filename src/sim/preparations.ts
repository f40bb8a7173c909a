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

type StrikeFault = LostRequestFault | LostReplyFault | HalfOpenFault;
type Undo = () => void;

/** What the preparations reach, and whom they tell that a message met a fault. */
export interface Grounds {
  clocksOf(host: HostId): { readonly wall: HostClock; readonly mono: HostClock } | undefined;
  link(client: HostId, server: HostId): Link | undefined;
  touch(fault: Fault): void;
}

export class Preparations {
  private readonly prepared = new Map<string, Undo | undefined>();

  constructor(private readonly grounds: Grounds) {}

  has(fault: Fault): boolean {
    return this.prepared.has(fault.id);
  }

  /** Changes clocks and links from `atUs` on, once. */
  prepare(fault: Fault, atUs: number): Undo {
    if (this.prepared.has(fault.id)) return () => {};
    this.prepared.set(fault.id, this.change(fault, atUs));
    return () => this.withdraw(fault);
  }

  /** From now on it is as if the fault had never been prepared. */
  withdraw(fault: Fault): void {
    this.prepared.get(fault.id)?.();
    this.prepared.delete(fault.id);
  }

  private change(fault: Fault, atUs: number): Undo | undefined {
    switch (fault.class) {
      case 'clock-step':
        return this.stepClock(fault, atUs);
      case 'clock-drift':
        return this.driftClocks(fault, atUs);
      case 'delay':
        return this.delay(fault, atUs);
      case 'lost-request':
      case 'lost-reply':
      case 'half-open':
        return this.arm(fault, atUs);
      default:
        return undefined;
    }
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

  private delay(fault: DelayFault, atUs: number): Undo {
    const { direction, durationUs, byUs } = fault;
    const link = this.grounds.link(fault.client, fault.server);
    // A reply leaves its server in the present, whatever the client's frontier.
    const touched =
      direction === 'to-server' ? this.metBy(link, fault) : () => this.grounds.touch(fault);
    const window = { fromUs: atUs, untilUs: atUs + durationUs, byUs, touched };
    link?.delay(direction, window);
    return () => link?.withdrawDelay(window);
  }

  private arm(fault: StrikeFault, atUs: number): Undo {
    const link = this.grounds.link(fault.client, fault.server);
    const strike = { kind: fault.class, fromUs: atUs, touched: this.metBy(link, fault) };
    link?.arm(strike);
    return () => link?.withdrawStrike(strike);
  }

  /** A request meets a fault where its client's code is; what never leaves meets nothing. */
  private metBy(link: Link | undefined, fault: Fault): () => void {
    return () => link?.client.reached(() => this.grounds.touch(fault));
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

/**
 * The next instant at which a clock must wake the server. Requests only ever move it earlier
 * between two alarms: an instant that is no longer needed costs one alarm that finds nothing to do,
 * which is cheaper than keeping the requests of a lock key that is set and deleted all the time in
 * a heap.
 */
import type { RedisPort } from './port.js';

export class Alarm {
  private atUs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly port: Pick<RedisPort, 'setAlarm'>,
    private readonly clock: 'wall' | 'mono',
  ) {}

  /** Wake at `atUs` at the latest. */
  ask(atUs: number): void {
    if (atUs >= this.atUs) return;
    this.atUs = atUs;
    this.port.setAlarm(this.clock, atUs);
  }

  /** The clock has woken the server: `atUs` (∞: none) is the next instant. */
  reset(atUs: number): void {
    this.atUs = atUs;
    this.port.setAlarm(this.clock, atUs === Number.POSITIVE_INFINITY ? undefined : atUs);
  }
}

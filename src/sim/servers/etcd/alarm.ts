/**
 * When the server is to be woken next, and the rounds of its loops. Requests only ever move the
 * alarm earlier; one that is no longer needed costs a ring that finds nothing to do.
 */
import type { EtcdPort } from './port.js';
import { Rounds } from './rounds.js';

const NEVER = Number.POSITIVE_INFINITY;

export class Alarm {
  private atUs = NEVER;
  private started: Rounds | undefined;

  constructor(private readonly port: EtcdPort) {}

  /** Drawn when first needed, and anew after a restart. */
  get rounds(): Rounds {
    this.started ??= new Rounds(this.port);
    return this.started;
  }

  /** Wake at `atUs` at the latest. */
  ask(atUs: number): void {
    if (atUs >= this.atUs) return;
    this.atUs = atUs;
    this.port.setAlarm('mono', atUs);
  }

  /** It rang. */
  rang(): void {
    this.atUs = NEVER;
  }

  /** After it rang and all was asked for. */
  settle(): void {
    if (this.atUs === NEVER) this.port.setAlarm('mono', undefined);
  }

  /** The server is down. */
  stop(): void {
    this.started = undefined;
    this.rang();
    this.settle();
  }
}

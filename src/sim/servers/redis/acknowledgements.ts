/**
 * What replicas have told their primary that they have, which is what WAIT counts. A replica has a
 * change as late as it lags; it says so when it is asked, and once a second of its own accord. The
 * question travels behind the changes, so its answer is late by the lag as well
 * (`replication.c`: `waitCommand`, `replicationRequestAckFromSlaves`, `replicationCron`).
 *
 * An answer is on its way back for no time, and all replicas speak up at whole seconds.
 */
import type { RedisPort } from './port.js';

const SECOND_US = 1_000_000;

export class Acknowledgements {
  /** Instants of the monotonic clock at which the replicas were asked (REPLCONF GETACK). */
  private readonly asked: number[] = [];
  private readonly longestUs: number;

  constructor(
    private readonly port: Pick<RedisPort, 'monoUs'>,
    private readonly lagsUs: readonly number[],
  ) {
    this.longestUs = Math.max(0, ...lagsUs);
  }

  /** Asks all replicas what they have. */
  ask(): void {
    const nowUs = this.port.monoUs();
    // Of what is older than that, replicas have spoken of their own accord.
    const neededUs = nowUs - this.longestUs - SECOND_US;
    while (this.asked.length > 0 && this.asked[0]! < neededUs) this.asked.shift();
    if (this.asked.at(-1) !== nowUs) this.asked.push(nowUs);
  }

  /** How many replicas have said that they have everything up to the change at this instant. */
  of(changeAtUs: number): number {
    const nowUs = this.port.monoUs();
    return this.lagsUs.filter((lagUs) => this.heardAtUs(changeAtUs, lagUs) <= nowUs).length;
  }

  /** When it is next heard of a replica that it has that change; ∞: they all have said it. */
  nextUs(changeAtUs: number): number {
    const nowUs = this.port.monoUs();
    const heard = this.lagsUs.map((lagUs) => this.heardAtUs(changeAtUs, lagUs));
    return Math.min(Number.POSITIVE_INFINITY, ...heard.filter((atUs) => atUs > nowUs));
  }

  private heardAtUs(changeAtUs: number, lagUs: number): number {
    const byItselfUs = Math.ceil((changeAtUs + lagUs) / SECOND_US) * SECOND_US;
    const askedAtUs = this.asked.find((atUs) => atUs >= changeAtUs);
    return askedAtUs === undefined ? byItselfUs : Math.min(byItselfUs, askedAtUs + lagUs);
  }

  clear(): void {
    this.asked.length = 0;
  }
}

/**
 * What replicas have told their primary that they have, which is what WAIT counts. A replica has a
 * change as late as it lags; it says so when it is asked, and once a second of its own accord. The
 * question travels behind the changes, so its answer is late by the lag as well; and it is written
 * to them like a change: who sends a command after it waits for replicas to have the question too
 * (`replication.c`: `waitCommand`, `replicationRequestAckFromSlaves`, `replicationCron`).
 *
 * An answer is on its way back for no time, and all replicas speak up at whole seconds.
 */
import type { RedisPort } from './port.js';

const SECOND_US = 1_000_000;
/** A question comes behind what was written in its instant. */
const BEHIND_US = 0.5;

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

  /** When the last thing that was no change was written to the replicas; −∞: never. */
  get lastAtUs(): number {
    return (this.asked.at(-1) ?? Number.NEGATIVE_INFINITY) + BEHIND_US;
  }

  /** Asks all replicas what they have. */
  ask(): void {
    const nowUs = this.port.monoUs();
    // Of what is older than that, replicas have spoken of their own accord.
    const neededUs = nowUs - this.longestUs - SECOND_US;
    while (this.asked.length > 0 && this.asked[0]! < neededUs) this.asked.shift();
    if (this.asked.at(-1) !== nowUs) this.asked.push(nowUs);
  }

  /** How many replicas have said that they have everything that was written up to then. */
  of(writtenAtUs: number): number {
    const nowUs = this.port.monoUs();
    return this.lagsUs.filter((lagUs) => this.heardAtUs(writtenAtUs, lagUs) <= nowUs).length;
  }

  /** When it is next heard of a replica that it has all that; ∞: they all have said it. */
  nextUs(writtenAtUs: number): number {
    const nowUs = this.port.monoUs();
    const heard = this.lagsUs.map((lagUs) => this.heardAtUs(writtenAtUs, lagUs));
    return Math.min(Number.POSITIVE_INFINITY, ...heard.filter((atUs) => atUs > nowUs));
  }

  private heardAtUs(writtenAtUs: number, lagUs: number): number {
    const byItselfUs = Math.ceil((writtenAtUs + lagUs) / SECOND_US) * SECOND_US;
    const askedAtUs = this.asked.find((atUs) => atUs >= writtenAtUs);
    return askedAtUs === undefined ? byItselfUs : Math.min(byItselfUs, askedAtUs + lagUs);
  }

  clear(): void {
    this.asked.length = 0;
  }
}

/**
 * What replicas have told their primary that they have, which is what WAIT counts. A replica has a
 * change as late as it lags; it says so when it is asked, and once a second of its own accord. The
 * question travels behind the changes, so its answer is late by the lag as well; and it is written
 * to them like a change: who sends a command after it waits for replicas to have the question too
 * (`replication.c`: `waitCommand`, `replicationRequestAckFromSlaves`, `replicationCron`).
 *
 * An answer is on its way back for no time, and all replicas speak up at whole seconds. What else
 * is written to replicas and changes nothing (PUBLISH, a PING every ten seconds) is left out.
 */
import type { RedisPort } from './port.js';

const SECOND_US = 1_000_000;
/** A question comes behind all that was written in its instant, up to a thousand others too. */
const BEHIND_US = 1 / 1_024;

export class Acknowledgements {
  /** Places, on the monotonic clock, at which the replicas were asked (REPLCONF GETACK). */
  private readonly asked: number[] = [];
  private readonly longestUs: number;

  constructor(
    private readonly port: Pick<RedisPort, 'monoUs'>,
    private readonly lagsUs: readonly number[],
  ) {
    this.longestUs = Math.max(0, ...lagsUs);
  }

  /** The place of the last question; −∞: there was none. */
  get lastAtUs(): number {
    return this.asked.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Asks all replicas whether they have what was written up to then. */
  ask(writtenAtUs: number): void {
    const nowUs = this.port.monoUs();
    if (this.lastAtUs > Math.max(nowUs, writtenAtUs)) return;
    // Of what is older than that, replicas have spoken of their own accord.
    const neededUs = nowUs - this.longestUs - SECOND_US;
    while (this.asked.length > 0 && this.asked[0]! < neededUs) this.asked.shift();
    this.asked.push(Math.max(nowUs, writtenAtUs) + BEHIND_US);
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
    const question = this.asked.find((atUs) => atUs > writtenAtUs);
    return question === undefined ? byItselfUs : Math.min(byItselfUs, Math.floor(question) + lagUs);
  }

  clear(): void {
    this.asked.length = 0;
  }
}

/**
 * ioredis-mock as a third column: sequences that the real server has answered are played on it too,
 * as its users call it, up to its first other answer: what follows may follow from that. It is
 * counted by command, and held against nobody.
 */

import type { Reply } from '../../../src/sim/servers/redis/reply.js';
import { agrees } from '../../../test/sim/servers/redis/compare.js';
import { expectedByClient, MockClients } from '../../../test/sim/servers/redis/mock-client.js';
import { show, showRecorded, timingOf } from '../../../test/sim/servers/redis/replay.js';
import { type GoldenSequence, type GoldenStep, resolveTime } from '../../record/redis/format.js';

/** Sequences whose first other answer was to this command, and the shortest example. */
export interface MockGroup {
  sequences: number;
  command: string;
  real: string;
  mock: string;
}

/** What the mock answers by other means: to who waits, and to who subscribes. */
const OTHER_MEANS = /^B(?:[LR]|ZP)|SUBSCRIBE$|^RESET$/i;
/** A mock that answers within this many milliseconds of the real one is right. */
const SLACK_MS = 20;

export class MockColumn {
  readonly groups = new Map<string, MockGroup>();
  sequences = 0;
  /** Answers that were compared. */
  compared = 0;
  /** Sequences that were played to their end, or to a call that the mock answers by other means. */
  equal = 0;
  private seen = 0;
  private pending: Promise<void> = Promise.resolve();

  /** Plays every so-manieth recording that is handed to it. */
  constructor(private readonly every: number) {}

  /** Takes a recording; it is played when those before it are, while the real server goes on. */
  offer(recording: GoldenSequence): void {
    if (this.seen++ % this.every !== 0) return;
    this.pending = this.pending.then(() => this.playAll(recording));
  }

  /** Resolves when all have been played. */
  done(): Promise<void> {
    return this.pending;
  }

  private async playAll(recording: GoldenSequence): Promise<void> {
    this.sequences += 1;
    const clients = new MockClients(`conformance ${this.sequences}`);
    const startMs = Date.now();
    const toleranceMs = timingOf(recording).toleranceMs + SLACK_MS;
    let isEqual = true;
    for (const step of recording.steps) {
      const { waitMs, args, close } = step;
      if (waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (close !== undefined || OTHER_MEANS.test(args?.[0] ?? '')) break;
      isEqual = await this.play(clients, step, { startMs, toleranceMs });
      if (!isEqual) break;
    }
    if (isEqual) this.equal += 1;
    clients.close();
  }

  private async play(
    clients: MockClients,
    { args, reply, connection = 0 }: GoldenStep,
    timing: { readonly startMs: number; readonly toleranceMs: number },
  ): Promise<boolean> {
    if (args === undefined || reply === undefined) return true;
    const resolved = args.map((arg) => resolveTime(arg, timing.startMs));
    const answer = await clients.call(connection, resolved);
    this.compared += 1;
    if (agrees(expectedByClient(reply), answer, timing)) return true;
    this.note(args, showRecorded(reply), answer);
    return false;
  }

  private note(args: readonly string[], real: string, answer: Reply): void {
    const name = args[0]!.toUpperCase();
    const example = { command: args.join(' '), real, mock: show(answer) };
    const known = this.groups.get(name);
    const isShorter = known === undefined || example.command.length < known.command.length;
    const sequences = (known?.sequences ?? 0) + 1;
    this.groups.set(name, { ...(isShorter ? example : known), sequences });
  }
}

/**
 * The call timeouts of a process (docs/semantics.md, R7). One event stands for the call that is due
 * first, whatever connection it waits on: a lock calls several servers at once with one timeout,
 * and nearly all calls are answered long before it.
 */

import type { Request } from './connection.js';
import type { Process } from './process.js';
import type { SimEvent } from './queue.js';
import { EVENT_KIND, type Handler } from './world.js';

export class CallDeadlines implements Handler {
  private event: SimEvent | undefined;
  /** What `event` waits for, on the monotonic clock of the host. */
  private dueMonoUs = 0;

  constructor(private readonly process: Process) {}

  /** A call that was made at `fromUs` is due at that reading of the monotonic clock. */
  arm(dueMonoUs: number, fromUs: number): void {
    const { host } = this.process;
    if (this.event !== undefined) {
      if (this.dueMonoUs <= dueMonoUs) return;
      host.world.cancel(this.event);
    }
    const dueUs = host.mono.when(dueMonoUs, fromUs);
    this.dueMonoUs = dueMonoUs;
    this.event = host.world.schedule(host.timers, this, EVENT_KIND.internal, dueUs, 0);
  }

  /** The rate of the clock changed: calls are due at other instants now. */
  clockChanged(): void {
    const { host } = this.process;
    if (this.event !== undefined) host.world.cancel(this.event);
    this.event = undefined;
    this.armForNext();
  }

  happen(): boolean {
    this.event = undefined;
    const { host } = this.process;
    const due = this.earliest();
    const expired = due !== undefined && due.dueMonoUs <= host.mono.read(host.world.nowUs);
    const ran = expired && due.connection.expire(due);
    this.armForNext();
    return ran;
  }

  private armForNext(): void {
    const next = this.earliest();
    if (next !== undefined) this.arm(next.dueMonoUs, this.process.host.world.nowUs);
  }

  private earliest(): Request | undefined {
    let earliest: Request | undefined;
    for (const connection of this.process.connections) {
      const call = connection.earliestDue();
      if (call === undefined) continue;
      if (earliest === undefined || call.dueMonoUs < earliest.dueMonoUs) earliest = call;
    }
    return earliest;
  }
}

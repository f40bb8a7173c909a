/**
 * Plays a sequence against a real server and writes down what came back, on every connection.
 */
import { Connection } from './connection.js';
import {
  type GoldenPush,
  type GoldenReply,
  type GoldenSequence,
  type GoldenStep,
  resolveTime,
} from './format.js';
import { dependsOnTime, recordable } from './reply-kinds.js';
import type { Sequence, SequenceStep } from './sequence.js';
import { readState } from './state.js';

type CommandStep = SequenceStep & { type: 'command' };

class Recording {
  private readonly connections = new Map<number, Connection>();
  /** Commands queued on each connection since MULTI: EXEC answers for all of them. */
  private readonly queued = new Map<number, CommandStep[]>();
  /** Connections of a generated sequence whose call has not been answered yet. */
  private readonly blocked = new Set<number>();
  readonly startMs = Date.now();

  constructor(
    private readonly port: number,
    private readonly control: Connection,
  ) {}

  private async connection(number: number): Promise<Connection> {
    const known = this.connections.get(number);
    if (known !== undefined) return known;
    const opened = await Connection.open(this.port);
    this.connections.set(number, opened);
    return opened;
  }

  async step(step: SequenceStep): Promise<GoldenStep> {
    const from = Date.now() - this.startMs;
    const recorded = await this.perform(step);
    const pushes = await this.pushes();
    for (const [number] of pushes) this.blocked.delete(number);
    const at = [from, Date.now() - this.startMs] as const;
    return { ...recorded, ...(pushes.length === 0 ? {} : { pushes }), at };
  }

  /** A step of which nobody said whether it blocks; undefined if it cannot be sent. */
  async generatedStep(step: SequenceStep): Promise<GoldenStep | undefined> {
    if (step.type !== 'command') {
      if (step.type === 'close') this.blocked.delete(step.connection);
      return this.step(step);
    }
    if (this.blocked.has(step.connection)) return undefined;
    const { pushes = [], ...recorded } = await this.step({ ...step, blocks: true });
    const first = pushes.findIndex(([number]) => number === step.connection);
    if (first < 0) {
      this.blocked.add(step.connection);
      return pushes.length === 0 ? recorded : { ...recorded, pushes };
    }
    const reply = this.translate(step, pushes[first]![1]);
    const others = pushes.toSpliced(first, 1);
    return { ...recorded, reply, ...(others.length === 0 ? {} : { pushes: others }) };
  }

  private async perform(step: SequenceStep): Promise<GoldenStep> {
    if (step.type === 'wait') {
      await new Promise((resolve) => setTimeout(resolve, step.durationMs));
      return { waitMs: step.durationMs };
    }
    if (step.type === 'close') {
      this.connections.get(step.connection)?.close();
      this.connections.delete(step.connection);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { close: step.connection };
    }
    const connection = await this.connection(step.connection);
    connection.send(step.args.map((arg) => resolveTime(arg, this.startMs)));
    const command = {
      ...(step.connection === 0 ? {} : { connection: step.connection }),
      args: step.args,
    };
    if (step.blocks) return command;
    return { ...command, reply: this.translate(step, await connection.next()) };
  }

  private translate(step: CommandStep, reply: GoldenReply): GoldenReply {
    const queue = this.queued.get(step.connection) ?? [];
    if (isQueued(reply)) this.queued.set(step.connection, [...queue, step]);
    const name = step.args[0]?.toLowerCase();
    if (name === 'multi' && !isError(reply)) this.queued.delete(step.connection);
    if (name !== 'exec') {
      return recordable(step.args, reply, this.startMs, step.hint);
    }
    this.queued.delete(step.connection);
    if (!Array.isArray(reply)) return reply;
    return (reply as GoldenReply[]).map((item, at) =>
      recordable(queue[at]?.args ?? [], item, this.startMs, queue[at]?.hint),
    );
  }

  /**
   * What else arrived. Two round trips of a third connection: after the first the server has read
   * the step, after the second all it wrote because of it is here.
   */
  private async pushes(): Promise<GoldenPush[]> {
    await this.control.call('PING');
    await this.control.call('PING');
    await new Promise((resolve) => setImmediate(resolve));
    return [...this.connections]
      .sort(([a], [b]) => a - b)
      .flatMap(([number, connection]) =>
        connection.take().map((reply): GoldenPush => [number, reply]),
      );
  }

  close(): void {
    for (const connection of this.connections.values()) connection.close();
  }
}

function isQueued(reply: GoldenReply): boolean {
  return JSON.stringify(reply) === '{"status":"QUEUED"}';
}

function isError(reply: GoldenReply): boolean {
  return typeof reply === 'object' && reply !== null && 'error' in reply;
}

/** Whether the instants of a sequence matter; if not, they would only make recordings differ. */
function isTimed(steps: readonly GoldenStep[]): boolean {
  return steps.some(
    ({ waitMs, reply, args }) =>
      waitMs !== undefined || dependsOnTime(reply) || args?.some((arg) => /^@m?s[+-]/.test(arg)),
  );
}

/** Records one sequence on an emptied server. */
export async function record(
  port: number,
  control: Connection,
  { name, steps, isGenerated }: Sequence,
): Promise<GoldenSequence> {
  await control.call('FLUSHALL');
  await control.call('SCRIPT', 'FLUSH');
  await control.call('CONFIG', 'SET', 'notify-keyspace-events', '');
  const recording = new Recording(port, control);
  try {
    const recorded: GoldenStep[] = [];
    for (const step of steps) {
      const done = await (isGenerated ? recording.generatedStep(step) : recording.step(step));
      if (done !== undefined) recorded.push(done);
    }
    if (isGenerated) recorded.push(...(await readState((step) => recording.step(step))));
    if (isTimed(recorded)) {
      return { name, startMs: recording.startMs % 1000, steps: recorded };
    }
    return { name, steps: recorded.map(({ at: _at, ...step }) => step) };
  } finally {
    recording.close();
  }
}

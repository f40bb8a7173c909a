/** Plays recordings of a real PostgreSQL against the simulated one. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Arrived,
  type GoldenHeader,
  type GoldenMessage,
  type GoldenSequence,
  type GoldenStep,
  type GoldenValue,
  normaliseDetail,
  relativeTime,
} from '../../../../scripts/record/postgres/format.js';
import type { PostgresMessage } from '../../../../src/sim/servers/postgres/port.js';
import { START_US, World } from './world.js';

const FOLDER = path.join(import.meta.dirname, '../../../golden/postgres');

export interface GoldenFile {
  readonly header: GoldenHeader;
  readonly sequences: readonly GoldenSequence[];
}

export function readGolden(family: string): GoldenFile {
  const text = readFileSync(path.join(FOLDER, `${family}.jsonl`), 'utf8');
  const [header, ...sequences] = text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return { header: header as GoldenHeader, sequences: sequences as GoldenSequence[] };
}

export function families(): string[] {
  return readdirSync(FOLDER).map((file) => path.basename(file, '.jsonl'));
}

/** Instants may differ by what the real server took for its steps, and a little. */
const SLACK_MS = 25;

/** A step that the simulated server answered otherwise, with what both said, as data. */
export interface Difference {
  /** Index of the step. */
  readonly step: number;
  readonly real: readonly Arrived[];
  readonly simulated: readonly Arrived[];
}

class Replay {
  private readonly sessions: readonly number[];

  constructor(
    { steps }: GoldenSequence,
    private readonly toleranceMs: number,
    readonly world: World,
  ) {
    const numbers = steps.flatMap(({ session, close }) => session ?? close ?? []);
    this.sessions = [...new Set(numbers)].sort((a, b) => a - b);
    this.world.connect(...this.sessions);
  }

  /** What the simulated server says in a step, if it is something else. */
  play(step: GoldenStep): readonly Arrived[] | undefined {
    const { world } = this;
    if (step.at !== undefined) {
      const untilMs = step.at[step.waitMs === undefined ? 0 : 1];
      world.pass(Math.max(untilMs * 1000 - world.monoUs, 0));
    }
    if (step.close !== undefined) world.close(step.close);
    if (step.text !== undefined) {
      const { text, values } = step;
      world.server.execute(step.session!, values === undefined ? { text } : { text, values });
    }
    // What is due while the step lasts, happens in it; where times were not kept, a short sleep.
    if (step.at !== undefined) world.pass(Math.max(step.at[1] * 1000 - world.monoUs, 0));
    else if (step.text?.includes('pg_sleep') && step.arrived.length > 0) world.passMs(60);
    return this.compare(step);
  }

  private compare({ arrived }: GoldenStep): readonly Arrived[] | undefined {
    const own = this.sessions
      .map((session): Arrived => [session, this.world.take(session).map((m) => this.golden(m))])
      .filter(([, messages]) => messages.length > 0);
    return this.same(arrived, own) ? undefined : own;
  }

  private same(expected: unknown, own: unknown): boolean {
    if (typeof expected !== 'object' || expected === null) return expected === own;
    if (typeof own !== 'object' || own === null) return false;
    const instant = (expected as { readonly ms?: unknown }).ms;
    const ownInstant = (own as { readonly ms?: unknown }).ms;
    if (typeof instant === 'number' && typeof ownInstant === 'number') {
      return Math.abs(instant - ownInstant) <= this.toleranceMs;
    }
    const keys = Object.keys(expected);
    return (
      keys.length === Object.keys(own).length &&
      keys.every((key) =>
        this.same(
          (expected as Record<string, unknown>)[key],
          (own as Record<string, unknown>)[key],
        ),
      )
    );
  }

  private golden(message: PostgresMessage): GoldenMessage {
    switch (message.kind) {
      case 'result':
        return this.result(message);
      case 'error':
        return {
          error: message.code,
          ...(message.severity === 'ERROR' ? {} : { severity: message.severity }),
          message: message.message,
          ...(message.detail === undefined
            ? {}
            : { detail: normaliseDetail(message.detail, (id) => this.sessions[id - 1001] ?? -1) }),
          ...(message.constraint === undefined ? {} : { constraint: message.constraint }),
          ...(message.table === undefined ? {} : { table: message.table }),
        };
      case 'notice':
        return { notice: message.code, message: message.message };
      case 'notification':
        return { notification: message.channel, payload: message.payload };
      case 'ready':
        return { ready: message.status };
      case 'closed':
        return { closed: true };
    }
  }

  private result({
    command,
    rowCount,
    rows,
  }: Extract<PostgresMessage, { kind: 'result' }>): GoldenMessage {
    const shown = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]): [string, GoldenValue] => [
          name,
          typeof value === 'string' ? relativeTime(value, START_US / 1000) : value,
        ]),
      ),
    );
    const count = rowCount === undefined ? {} : { count: rowCount };
    return { result: command, ...count, ...(rows.length === 0 ? {} : { rows: shown }) };
  }
}

/** The first difference between a recording and the simulated server; undefined: none. */
export function differenceOf(
  sequence: GoldenSequence,
  world = new World(),
): Difference | undefined {
  const lengths = sequence.steps.map(({ at }) => (at === undefined ? 0 : at[1] - at[0]));
  const replay = new Replay(sequence, Math.max(0, ...lengths) + SLACK_MS, world);
  for (const [step, recorded] of sequence.steps.entries()) {
    const simulated = replay.play(recorded);
    if (simulated !== undefined) return { step, real: recorded.arrived, simulated };
  }
  return undefined;
}

/** The same in words. */
export function firstDifference(sequence: GoldenSequence): string | undefined {
  const difference = differenceOf(sequence);
  if (difference === undefined) return undefined;
  const { step, real, simulated } = difference;
  const what = sequence.steps[step]!.text ?? 'wait or close';
  const both = `expected ${JSON.stringify(real)}\n     got ${JSON.stringify(simulated)}`;
  return `${sequence.name}, step ${step + 1} (${what}):\n${both}`;
}

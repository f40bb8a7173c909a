/**
 * Plays recorded sequences against the simulated Redis.
 */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type GoldenHeader,
  type GoldenPush,
  type GoldenReply,
  type GoldenSequence,
  type GoldenStep,
  resolveTime,
} from '../../../../scripts/record/redis/format.js';
import type { ServerError } from '../../../../scripts/record/redis/server-errors.js';
import { RedisError, type Reply, Status } from '../../../../src/sim/servers/redis/reply.js';
import { agrees, type Timing } from './compare.js';
import { World } from './world.js';

const FOLDER = new URL('../../../golden/redis/', import.meta.url);

export interface GoldenFile {
  readonly header: GoldenHeader;
  readonly sequences: readonly GoldenSequence[];
}

/** The lines of a recording, read. */
function readLines(name: string): unknown[] {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Recordings of something else than sequences. */
const NO_SEQUENCES = ['commands.jsonl', 'server-errors.jsonl'];

/** All recorded sequences, in the order of the files' names. */
export function readGolden(): GoldenFile[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.jsonl') && !NO_SEQUENCES.includes(name))
    .sort()
    .map((name) => {
      const [header, ...sequences] = readLines(name);
      return { header: header as GoldenHeader, sequences: sequences as GoldenSequence[] };
    });
}

/** A whole second; a timed sequence starts as far into it as it did when it was recorded. */
const SECOND_MS = 1_700_000_000_000;

/** Wall clock at which the replay of a sequence starts, in milliseconds. */
export function startOf({ startMs }: GoldenSequence): number {
  return SECOND_MS + (startMs ?? 0);
}

/**
 * How far times may be off: twice the longest step, for a key that is set in one step and asked for
 * in another, and some rounding.
 */
export function timingOf(sequence: GoldenSequence): Timing {
  const lengths = sequence.steps.map(({ at, waitMs }) =>
    at === undefined ? 0 : at[1] - at[0] - (waitMs ?? 0),
  );
  const toleranceMs = sequence.startMs === undefined ? 0 : 2 + 2 * Math.max(0, ...lengths);
  return { startMs: startOf(sequence), toleranceMs };
}

/** A step that the simulated server answered otherwise, with both answers in words. */
export interface Difference {
  /** Index of the step. */
  readonly step: number;
  readonly real: string;
  readonly simulated: string;
}

type Answers = Omit<Difference, 'step'>;

/** The world in which a recording is played: it begins when the recording did. */
export function worldOf(sequence: GoldenSequence): World {
  return new World({}, startOf(sequence) * 1000);
}

/** The first difference between a recording and the simulated server; undefined: none. */
export function differenceOf(
  sequence: GoldenSequence,
  world = worldOf(sequence),
): Difference | undefined {
  const timing = timingOf(sequence);
  for (const [step, recorded] of sequence.steps.entries()) {
    const answers = playStep(world, recorded, timing);
    if (answers !== undefined) return { step, ...answers };
  }
  return undefined;
}

/** The same as a sentence. */
export function firstDifference(sequence: GoldenSequence): string | undefined {
  const difference = differenceOf(sequence);
  if (difference === undefined) return undefined;
  const { step, real, simulated } = difference;
  const what = sequence.steps[step]!.args?.join(' ') ?? 'wait or close';
  return `${sequence.name}, step ${step + 1} (${what}): expected ${real}, got ${simulated}`;
}

function playStep(world: World, step: GoldenStep, timing: Timing): Answers | undefined {
  if (step.at !== undefined) {
    const untilMs = step.at[step.waitMs === undefined ? 0 : 1];
    world.pass(Math.max((timing.startMs + untilMs) * 1000 - world.wallUs(), 0));
  }
  if (step.close !== undefined) world.close(step.close);
  if (step.args !== undefined) {
    const args = step.args.map((arg) => resolveTime(arg, timing.startMs));
    const reply = world.on(step.connection ?? 0, ...args);
    const same =
      step.reply === undefined
        ? reply === undefined
        : reply !== undefined && agrees(step.reply, reply, timing);
    if (!same) return { real: showRecorded(step.reply), simulated: show(reply) };
  }
  return pushDifference(step.pushes ?? [], world, timing);
}

function pushDifference(
  expected: readonly GoldenPush[],
  world: World,
  timing: Timing,
): Answers | undefined {
  const sent = world.takeSent();
  // Between connections there is no order to compare.
  const sorted = sent.toSorted((a, b) => a.connection - b.connection);
  const same =
    sorted.length === expected.length &&
    expected.every(
      ([connection, reply], at) =>
        sorted[at]!.connection === connection && agrees(reply, sorted[at]!.reply, timing),
    );
  if (same) return undefined;
  return {
    real: showPushes(expected.map(([connection, reply]) => [connection, showRecorded(reply)])),
    simulated: showPushes(sorted.map(({ connection, reply }) => [connection, show(reply)])),
  };
}

function showPushes(pushes: readonly (readonly [connection: number, reply: string])[]): string {
  if (pushes.length === 0) return 'no pushes';
  return `pushes ${pushes.map(([connection, reply]) => `${connection}: ${reply}`).join('; ')}`;
}

/** A recorded reply, as `show` has those of the simulated server. */
export function showRecorded(reply: GoldenReply | undefined): string {
  if (Array.isArray(reply)) return `[${(reply as GoldenReply[]).map(showRecorded).join(', ')}]`;
  if (typeof reply === 'object' && reply !== null) {
    if ('status' in reply) return `+${reply.status}`;
    if ('error' in reply) return `-${reply.error}`;
    if ('nil' in reply) return 'null';
  }
  return JSON.stringify(reply) ?? 'nothing';
}

/** A reply in words that show its type. */
export function show(reply: Reply | undefined): string {
  if (reply instanceof Status) return `+${reply.text}`;
  if (reply instanceof RedisError) return `-${reply.text}`;
  if (Array.isArray(reply)) return `[${(reply as Reply[]).map(show).join(', ')}]`;
  return JSON.stringify(reply) ?? 'nothing';
}

/** A command of the real server: arity and flags as COMMAND INFO has them. */
export interface RealCommand {
  readonly name: string;
  readonly arity: number;
  readonly flags: readonly string[];
}

/** All commands and subcommands of the real server. */
export function readCommands(): RealCommand[] {
  const [, ...commands] = readLines('commands.jsonl');
  return commands as RealCommand[];
}

/** What the real server answers in each kind of trouble, by the first word. */
export function readServerErrors(): Map<string, string> {
  const [, ...errors] = readLines('server-errors.jsonl');
  return new Map((errors as ServerError[]).map(({ name, text }) => [name, text]));
}

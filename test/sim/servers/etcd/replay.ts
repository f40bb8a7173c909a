/**
 * Plays recorded sequences against the simulated etcd. Where the real one promises no order — keys
 * of a lease, messages of different watches — none is demanded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { ExpiryDelay } from '../../../../scripts/record/etcd/expiry-delays.js';
import {
  byAddressee,
  type GoldenHeader,
  type GoldenPush,
  type GoldenSequence,
  type GoldenStep,
  renumber,
  type Slim,
  slim,
} from '../../../../scripts/record/etcd/format.js';
import { complete } from '../../../../scripts/record/etcd/requests.js';
import type { EtcdResponse } from '../../../../src/sim/servers/etcd/messages.js';
import { World } from './world.js';

const FOLDER = new URL('../../../golden/etcd/', import.meta.url);
const NO_SEQUENCES = 'expiry-delays';

export interface GoldenFile {
  readonly header: GoldenHeader;
  readonly sequences: readonly GoldenSequence[];
}

function readLines(name: string): unknown[] {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** All recorded sequences, in the order of the files' names. */
export function readGolden(): GoldenFile[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.jsonl') && name !== `${NO_SEQUENCES}.jsonl`)
    .sort()
    .map((name) => {
      const [header, ...sequences] = readLines(name);
      return { header: header as GoldenHeader, sequences: sequences as GoldenSequence[] };
    });
}

export function readExpiryDelays(): ExpiryDelay[] {
  return readLines(`${NO_SEQUENCES}.jsonl`).slice(1) as ExpiryDelay[];
}

/** In a sequence without instants: after a step, and after a watch that begins in the past. */
const STEP_MS = 1;
const CATCH_UP_MS = 110;

/** A step that the simulated server answered otherwise, with both answers in words. */
export interface Difference {
  /** Index of the step. */
  readonly step: number;
  readonly real: string;
  readonly simulated: string;
}

type Answers = Omit<Difference, 'step'>;

class Replay {
  private nowMs = 0;
  private readonly chosenIds: number[] = [];

  constructor(readonly world: World) {}

  /** The first difference of a step; undefined: none. */
  step(step: GoldenStep): Answers | undefined {
    if (step.at !== undefined) this.passUntil(step.at[0]);
    const difference = this.perform(step);
    if (difference !== undefined) return difference;
    this.passUntil(step.at?.[1] ?? this.nowMs + durationOf(step));
    return this.pushDifference(step.pushes ?? []);
  }

  private passUntil(atMs: number): void {
    this.world.pass(Math.max(atMs - this.nowMs, 0));
    this.nowMs = Math.max(atMs, this.nowMs);
  }

  private perform(step: GoldenStep): Answers | undefined {
    const { world } = this;
    if (step.close !== undefined) world.close(step.close);
    if (step.event !== undefined) this.happen(step);
    if (step.request === undefined) return undefined;
    const real = (id: number): number => (id < 0 ? this.chosenIds[-1 - id]! : id);
    const connection = step.connection ?? 0;
    const call = world.request(connection, renumber(complete(step.request), 0, real));
    // The answer took its time to come.
    this.passUntil(this.nowMs + STEP_MS);
    if (step.answer === undefined) return undefined;
    const answer = world.answerTo(connection, call);
    const got = answer === undefined ? undefined : this.written(answer);
    if (got !== undefined && agrees(step.answer, got, step.at !== undefined)) return undefined;
    return { real: JSON.stringify(step.answer), simulated: JSON.stringify(got) ?? 'nothing' };
  }

  private happen({ event, at }: GoldenStep): void {
    const { server } = this.world;
    switch (event) {
      case 'restart':
        server.crash();
        this.world.forgetConnections();
        this.passUntil(at![1]);
        server.restart();
        return;
      case 'move leader':
        server.leaderChange();
        return;
      case 'reunite':
        server.healLeader();
        return;
      default:
        // Connections from before are to the leader.
        server.isolateLeader('partition');
    }
  }

  /** As it is recorded: chosen ids as −1, −2, … */
  private written(body: EtcdResponse): Slim {
    const plain = (id: number): number => {
      if (id < CHOSEN_FROM) return id;
      const known = this.chosenIds.indexOf(id);
      return known >= 0 ? -1 - known : -this.chosenIds.push(id);
    };
    return slim(renumber(body, 0, plain));
  }

  private pushDifference(recorded: readonly GoldenPush[]): Answers | undefined {
    const expected = recorded.toSorted(byAddressee);
    const sent = this.world
      .takeSent()
      .map(({ connection, message: { call, body } }): GoldenPush => {
        return [connection, call ?? null, this.written(body)];
      })
      .sort(byAddressee);
    const isSame =
      sent.length === expected.length &&
      sent.every(
        ([connection, call, body], at) =>
          connection === expected[at]![0] &&
          call === expected[at]![1] &&
          agrees(expected[at]![2], body, false),
      );
    if (isSame) return undefined;
    return {
      real: `pushes ${JSON.stringify(expected)}`,
      simulated: `pushes ${JSON.stringify(sent)}`,
    };
  }
}

/** The simulated server chooses ids above all that clients do. */
const CHOSEN_FROM = 2 ** 32;

function durationOf({ request }: GoldenStep): number {
  if (request?.type !== 'watchCreate') return STEP_MS;
  return request['startRevision'] === undefined ? STEP_MS : CATCH_UP_MS;
}

/**
 * Whether two answers are the same. What is left of a lease may be one second off if the sequence
 * has instants: the recording knows when a request was sent and answered, not when it was applied.
 */
function agrees(expected: Slim, got: Slim, isTimed: boolean): boolean {
  const left = (body: Slim) => Number(body['ttlSeconds'] ?? 0);
  const isTimeToLive = expected.type === 'leaseTimeToLive' && got.type === 'leaseTimeToLive';
  const toleranceSeconds = isTimed && left(expected) > 0 ? 1 : 0;
  if (isTimeToLive && Math.abs(left(expected) - left(got)) > toleranceSeconds) return false;
  return canonical(expected, isTimeToLive) === canonical(got, isTimeToLive);
}

function canonical(body: Slim, isTimeToLive: boolean): string {
  const { ttlSeconds, keys, ...rest } = body;
  const entries = isTimeToLive
    ? { ...rest, keys: ((keys ?? []) as string[]).toSorted((a, b) => (a < b ? -1 : 1)) }
    : { ...rest, ttlSeconds, keys };
  return JSON.stringify(sortedFields(entries));
}

function sortedFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedFields);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sortedFields(field)]));
}

/** The first difference between a recording and the simulated server; undefined: none. */
export function differenceOf(
  sequence: GoldenSequence,
  world = new World(),
  choice: (n: number) => number = () => 0,
): Difference | undefined {
  const replay = new Replay(world);
  // Ids that the server chooses are told from those of clients by their size.
  world.choice = (n) => (n === ID_PREFIXES ? 1 : choice(n));
  for (const [step, recorded] of sequence.steps.entries()) {
    const answers = replay.step(recorded);
    if (answers !== undefined) return { step, ...answers };
  }
  return undefined;
}

/** The same in words. */
export function firstDifference(
  sequence: GoldenSequence,
  choice?: (n: number) => number,
): string | undefined {
  const difference = differenceOf(sequence, new World(), choice);
  if (difference === undefined) return undefined;
  const { step, real, simulated } = difference;
  const what = JSON.stringify(sequence.steps[step]!.request) ?? 'wait, close or event';
  return `${sequence.name}, step ${step + 1} (${what}): expected ${real}, got ${simulated}`;
}

const ID_PREFIXES = 2 ** 20;

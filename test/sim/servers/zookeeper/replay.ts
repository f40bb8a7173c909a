/** Plays recorded sequences against the simulated ZooKeeper. */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type GoldenConnect,
  type GoldenHeader,
  type GoldenRequest,
  type GoldenSequence,
  type GoldenStep,
  normalise,
  type Origin,
} from '../../../../scripts/record/zookeeper/format.js';
import {
  OPEN_ACL_UNSAFE,
  PING_XID,
  type Request,
  SET_WATCHES_XID,
} from '../../../../src/sim/servers/zookeeper/messages.js';
import { World } from './world.js';

const FOLDER = new URL('../../../golden/zookeeper/', import.meta.url);
const CONTROL = 1000;
/** How late what was due in a wait may have arrived: a busy machine. */
const JITTER_MS = 40;
const WALL_MS = 1_700_000_000_000;

export interface GoldenFile {
  readonly header: GoldenHeader;
  readonly sequences: readonly GoldenSequence[];
}

/** All recordings, in the order of the files' names. */
export function readGolden(): GoldenFile[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => {
      const lines = readFileSync(new URL(name, FOLDER), 'utf8').trimEnd().split('\n');
      const [header, ...sequences] = lines.map((line) => JSON.parse(line) as unknown);
      return { header: header as GoldenHeader, sequences: sequences as GoldenSequence[] };
    });
}

/** How far ctime and mtime may be off: as long as the longest step took, and rounding. */
function toleranceOf({ steps }: GoldenSequence): number {
  let before = 0;
  const lengths = steps.map(({ at, waitMs }) => {
    const length = at[1] - before - (waitMs ?? 0);
    before = at[1];
    return length;
  });
  return 2 + Math.max(...lengths);
}

class Replay {
  private readonly world: World;
  private readonly origin: Origin;
  private readonly startUs: number;
  /** Session and xid of each connection. */
  private readonly sessions = new Map<number, number>();
  private readonly xids = new Map<number, number>();

  constructor(header: GoldenHeader, sequence: GoldenSequence, WorldClass: typeof World) {
    const { tickTimeMs, containerCheckIntervalMs, followers = 0, syncLimit = 5 } = header;
    const timed = sequence.phaseMs !== undefined && followers === 0;
    const followerLagUs = Array<number>(followers).fill(0);
    const options = { tickTimeMs, containerCheckIntervalMs, followerLagUs, syncLimit };
    // Some whole ticks after it began, at the millisecond of a tick at which it was recorded.
    this.startUs = (5 * tickTimeMs + (sequence.phaseMs ?? 0)) * 1000;
    this.world = new WorldClass(
      timed ? { ...options, maxSessionTimeoutMs: 60_000 } : options,
      this.startUs,
      WALL_MS * 1000,
    );
    // Of those that are equally far, the one with the highest id becomes the leader.
    this.world.choice = (n) => n - 1;
    this.world.open(CONTROL, 40_000);
    const { zxid } = this.world.create(CONTROL, '/t');
    this.origin = { zxid, wallMs: WALL_MS, sessions: 1 };
  }

  /** What the servers say in a step, as a recording has it. */
  play(step: GoldenStep): GoldenStep['messages'] {
    const { world } = this;
    world.said.length = 0;
    if (step.waitMs !== undefined) this.passTo(step.at[1]);
    else this.passTo(step.at[0]);
    if (step.drop !== undefined) world.server.disconnect(this.numberOf(step.drop));
    if (step.isolate !== undefined) world.server.isolate(step.isolate);
    if (step.kill !== undefined) this.elect(step);
    if (step.rejoin !== undefined) world.server.rejoin(step.rejoin);
    if (step.request !== undefined) this.send(step.connection!, step.request);
    if (step.waitMs === undefined) this.passTo(step.at[1]);
    const told = world.said
      .filter(({ connection }) => connection < CONTROL)
      .map(({ connection, message, atUs }) => {
        const letter = connection % 100;
        const text = plain(normalise(message, this.origin));
        const atMs = (atUs - this.startUs) / 1000;
        return step.waitMs === undefined
          ? ([letter, text] as const)
          : ([letter, text, atMs] as const);
      });
    return told.sort(([a], [b]) => a - b);
  }

  /** Servers 2 and 3 were without a leader until the end of the step. */
  private elect({ at }: GoldenStep): void {
    const { server } = this.world;
    server.isolate(1);
    server.isolate(2);
    this.passTo(at[1]);
    server.rejoin(2);
  }

  private passTo(sinceStartMs: number): void {
    const ms = sinceStartMs - (this.world.monoUs() - this.startUs) / 1000;
    if (ms > 0) this.world.pass(ms);
  }

  /** A letter that connects again is another connection. */
  private readonly generations = new Map<number, number>();

  private numberOf(letter: number): number {
    return (this.generations.get(letter) ?? 0) * 100 + letter;
  }

  private send(letter: number, request: GoldenRequest): void {
    if (request.type === 'connect') {
      this.connect(letter, request);
      return;
    }
    const number = this.numberOf(letter);
    let xid = PING_XID;
    if (request.type === 'setWatches') xid = SET_WATCHES_XID;
    else if (request.type !== 'ping') {
      xid = (this.xids.get(number) ?? 0) + 1;
      this.xids.set(number, xid);
    }
    const sent = { ...request, xid } as Request;
    if (sent.type === 'setWatches') {
      const relativeZxid = sent.relativeZxid + this.origin.zxid;
      this.world.server.execute(number, { ...sent, relativeZxid });
    } else {
      this.world.server.execute(number, sent);
    }
  }

  private connect(letter: number, request: GoldenConnect): void {
    if (this.generations.has(letter)) {
      this.generations.set(letter, this.generations.get(letter)! + 1);
    } else {
      this.generations.set(letter, 0);
    }
    const number = this.numberOf(letter);
    const { session, timeoutMs, wrongPassword, lastZxidSeen } = request;
    const sessionId = session === undefined ? 0 : this.sessions.get(session)!;
    this.world.server.connect(number, request.member);
    this.world.server.execute(number, {
      type: 'connect',
      sessionId,
      password: wrongPassword ? 'wrong' : `password ${sessionId}`,
      timeoutMs,
      lastZxidSeen: lastZxidSeen === undefined ? 0 : lastZxidSeen + this.origin.zxid,
    });
    const { said } = this.world;
    const answer = said.find(
      ({ connection, message }) => connection === number && message.type === 'connected',
    );
    if (answer?.message.type === 'connected' && answer.message.sessionId !== 0) {
      this.sessions.set(letter, answer.message.sessionId);
    }
  }
}

function plain(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message)) as unknown;
}

const TIMES = new Set(['ctimeMs', 'mtimeMs']);

/** Whether two messages say the same, times within the tolerance. */
function agree(expected: unknown, actual: unknown, toleranceMs: number, name = ''): boolean {
  if (typeof expected !== typeof actual) return false;
  if (TIMES.has(name) && expected !== null && actual !== null) {
    return Math.abs((expected as number) - (actual as number)) <= toleranceMs;
  }
  if (typeof expected !== 'object' || expected === null || actual === null) {
    return Object.is(expected, actual);
  }
  const entries = Object.entries(expected);
  if (entries.length !== Object.keys(actual as object).length) return false;
  return entries.every(([key, value]) =>
    agree(value, (actual as Record<string, unknown>)[key], toleranceMs, key),
  );
}

/** How much earlier or later something may have happened than it does here. */
interface Slack {
  readonly earlyMs: number;
  readonly lateMs: number;
}

/**
 * A server that is cut off counts from the last it heard, up to half a tick before the cut, and
 * looks once a tick; when exactly a new leader began is not known to the recorder.
 */
function slackOf({ followers, tickTimeMs }: GoldenHeader): Slack {
  if (followers === undefined) return { earlyMs: 0, lateMs: JITTER_MS };
  return { earlyMs: tickTimeMs + JITTER_MS, lateMs: tickTimeMs + JITTER_MS };
}

function arrivedInTime(
  expected: number | undefined,
  actual: number | undefined,
  { earlyMs, lateMs }: Slack,
): boolean {
  if (expected === undefined || actual === undefined) return true;
  return expected >= Math.floor(actual) - earlyMs && expected <= actual + lateMs;
}

/** A step in which the simulated server said something else, with what both said. */
export interface Difference {
  /** Index of the step. */
  readonly step: number;
  readonly real: GoldenStep['messages'];
  readonly simulated: GoldenStep['messages'];
}

/** The first difference between a recording and the simulated server; undefined: none. */
export function differenceOf(
  header: GoldenHeader,
  sequence: GoldenSequence,
  WorldClass: typeof World = World,
): Difference | undefined {
  const replay = new Replay(header, sequence, WorldClass);
  const toleranceMs = toleranceOf(sequence);
  const slack = slackOf(header);
  for (const [step, recorded] of sequence.steps.entries()) {
    const said = replay.play(recorded);
    const same =
      said.length === recorded.messages.length &&
      recorded.messages.every(([connection, message, atMs], at) => {
        const [number, actual, actualMs] = said[at]!;
        return (
          connection === number &&
          agree(message, actual, toleranceMs) &&
          arrivedInTime(atMs, actualMs, slack)
        );
      });
    if (!same) return { step, real: recorded.messages, simulated: said };
  }
  return undefined;
}

/** The same in words. */
export function firstDifference(
  header: GoldenHeader,
  sequence: GoldenSequence,
): string | undefined {
  const difference = differenceOf(header, sequence);
  if (difference === undefined) return undefined;
  const { step, real, simulated } = difference;
  const what = JSON.stringify(shorten(sequence.steps[step]!));
  const both = `expected ${JSON.stringify(real)}, got ${JSON.stringify(simulated)}`;
  return `${sequence.name}, step ${step + 1} ${what}: ${both}`;
}

/** A step without the access control list that nearly all have. */
function shorten({ request, waitMs, drop, connection }: GoldenStep): unknown {
  const open = JSON.stringify(OPEN_ACL_UNSAFE);
  const text = JSON.stringify(request ?? { waitMs, drop }).replaceAll(`,"acl":${open}`, '');
  return { connection, request: JSON.parse(text) as unknown };
}

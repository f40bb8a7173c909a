/**
 * Format of the recordings in test/golden/zookeeper: one JSON object a line, first a header, then
 * one sequence each. Sessions are numbered in the order of the sequence, zxids are counted from its
 * start, times from its start in milliseconds; `password` is left out.
 */
import { errorName } from '../../../src/sim/servers/zookeeper/errors.js';
import type {
  RequestBody,
  ServerMessage,
  Stat,
} from '../../../src/sim/servers/zookeeper/messages.js';

export interface GoldenHeader {
  readonly format: 1;
  /** The server that answered, with its version. */
  readonly server: string;
  readonly family: string;
  /** zoo.cfg of that server. */
  readonly tickTimeMs: number;
  readonly containerCheckIntervalMs: number;
  /** Servers beside the leader; absent: none. */
  readonly followers?: number;
  readonly syncLimit?: number;
}

/** `session`: the connection whose session goes on. zxids: from the start of the sequence. */
export interface GoldenConnect {
  readonly type: 'connect';
  readonly timeoutMs: number;
  readonly session?: number;
  /** Server, as its part was at the start: 1 the leader, 2 and 3 followers. Absent: 1. */
  readonly member?: number;
  readonly wrongPassword?: true;
  readonly lastZxidSeen?: number;
}

export type GoldenRequest = GoldenConnect | RequestBody;

/** A message as recorded: plain data. */
export type GoldenMessage = unknown;

export interface GoldenStep {
  /** Connection that the request is sent on; a number for each letter. */
  readonly connection?: number;
  readonly request?: GoldenRequest;
  /** Instead of a request: this long nothing was sent. */
  readonly waitMs?: number;
  /** Instead of a request: the client's end of this connection was gone. */
  readonly drop?: number;
  /** Instead of a request: this server could not reach the other ones any more, or could again. */
  readonly isolate?: number;
  readonly rejoin?: number;
  /** Instead of a request: this server, the leader, died; the last one was to follow it. */
  readonly kill?: number;
  /** What arrived until the next step; in a wait, with the time since the start. */
  readonly messages: readonly (readonly [
    connection: number,
    message: GoldenMessage,
    atMs?: number,
  ])[];
  /** Milliseconds from the start: before the step, and when its answer was there. */
  readonly at: readonly [from: number, to: number];
}

export interface GoldenSequence {
  readonly name: string;
  /** The server was started for this sequence, and is looked at from its root on. */
  readonly fresh?: true;
  /** Monotonic clock at the start, within a tick: of timed sequences. */
  readonly phaseMs?: number;
  readonly steps: readonly GoldenStep[];
}

/** Where a sequence starts. */
export interface Origin {
  readonly zxid: number;
  readonly wallMs: number;
  /** Sessions there were before. */
  readonly sessions: number;
}

/** A message as it stands in a recording. */
export function normalise(
  message: ServerMessage | { readonly type: 'closed' },
  origin: Origin,
): GoldenMessage {
  switch (message.type) {
    case 'closed':
      return 'closed';
    case 'event':
      return { event: message.event, path: message.path };
    case 'connected': {
      const { sessionId, timeoutMs } = message;
      return { session: sessionId === 0 ? 0 : sessionId - origin.sessions, timeoutMs };
    }
    default: {
      const { xid, zxid, error, result } = message;
      return {
        xid,
        zxid: zxid - origin.zxid,
        ...(error === 0 ? {} : { error: errorName(error) }),
        ...(result?.path === undefined ? {} : { path: result.path }),
        ...(result?.data === undefined ? {} : { data: result.data }),
        ...(result?.children === undefined ? {} : { children: result.children }),
        ...(result?.stat === undefined ? {} : { stat: normaliseStat(result.stat, origin) }),
        ...(result?.results === undefined
          ? {}
          : {
              results: result.results.map((each) => ({
                ...(each.error === 0 ? {} : { error: errorName(each.error) }),
                ...(each.path === undefined ? {} : { path: each.path }),
                ...(each.stat === undefined ? {} : { stat: normaliseStat(each.stat, origin) }),
              })),
            }),
      };
    }
  }
}

/** What was there before all sequences has no time. */
function normaliseStat(stat: Stat, origin: Origin): unknown {
  const since = (ms: number) => (ms === 0 ? null : ms - origin.wallMs);
  const { ephemeralOwner } = stat;
  return {
    ...stat,
    czxid: stat.czxid - origin.zxid,
    mzxid: stat.mzxid - origin.zxid,
    pzxid: stat.pzxid - origin.zxid,
    ctimeMs: since(stat.ctimeMs),
    mtimeMs: since(stat.mtimeMs),
    ephemeralOwner: ephemeralOwner === 0 ? 0 : ephemeralOwner - origin.sessions,
  };
}

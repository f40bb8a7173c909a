/**
 * Which replies are not recorded as they came, because Redis promises no order, or because they
 * depend on the time or on chance.
 */
import type { GoldenReply } from './format.js';
import type { ReplyHint } from './sequence.js';

type Transform = (reply: GoldenReply, startMs: number) => GoldenReply;

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const unordered: Transform = (reply) =>
  Array.isArray(reply) ? { unordered: [...(reply as GoldenReply[])].sort(byText) } : reply;

const pairs: Transform = (reply) => {
  if (!Array.isArray(reply)) return reply;
  const items = reply as GoldenReply[];
  const paired = items.flatMap((name, at) => (at % 2 === 0 ? [[name, items[at + 1]!]] : []));
  return { pairs: paired.sort(byText) };
};

/** A scan answers its cursor first. */
function scanned(of: Transform): Transform {
  return (reply, startMs) => {
    if (!Array.isArray(reply)) return reply;
    const [cursor, items] = reply as GoldenReply[];
    return [cursor!, of(items!, startMs)];
  };
}

/** TTLs of −1 and −2, and errors, stay as they are. */
function positive(of: (value: number, startMs: number) => GoldenReply): Transform {
  return (reply, startMs) => (typeof reply === 'number' && reply >= 0 ? of(reply, startMs) : reply);
}

const ms: Transform = positive((value) => ({ ms: value }));

const time: Transform = (reply, startMs) => {
  if (!Array.isArray(reply)) return reply;
  const [seconds, micros] = (reply as string[]).map(Number);
  return { timeMs: seconds! * 1000 + Math.floor(micros! / 1000) - startMs };
};

/** The lines of INFO that are modelled, up to what varies in them. */
const INFO_LINES = [
  /^# (?:Server|Replication|Keyspace)$/,
  /^(?:redis_version|redis_mode|role|connected_slaves):.*/,
  /^db0:keys=\d+,expires=\d+/,
];

const info: Transform = (reply) => {
  if (typeof reply !== 'string') return reply;
  const lines = reply
    .split('\r\n')
    .flatMap((line) => INFO_LINES.flatMap((pattern) => pattern.exec(line)?.[0] ?? []));
  return { lines };
};

const hello: Transform = (reply) =>
  Array.isArray(reply)
    ? (reply as GoldenReply[]).map((item, at) => (at === 7 ? { integer: 'any' } : item))
    : reply;

const TRANSFORMS: Readonly<Record<string, Transform>> = {
  smembers: unordered,
  sinter: unordered,
  sunion: unordered,
  sdiff: unordered,
  keys: unordered,
  hkeys: unordered,
  hvals: unordered,
  'pubsub channels': unordered,
  hgetall: pairs,
  'config get': pairs,
  scan: scanned(unordered),
  sscan: scanned(unordered),
  hscan: scanned(pairs),
  zscan: scanned(pairs),
  pttl: ms,
  pexpiretime: positive((value, startMs) => ({ wallMs: value - startMs })),
  expiretime: positive((value, startMs) => ({ wallSeconds: value - Math.floor(startMs / 1000) })),
  time,
  info,
  hello,
  'client id': (reply) => (typeof reply === 'number' ? { integer: 'any' } : reply),
};

function applyHint(hint: ReplyHint, reply: GoldenReply): GoldenReply {
  if (hint.kind === 'ms') return ms(reply, 0);
  const seen = (Array.isArray(reply) ? reply : [reply]) as unknown[];
  const of = [...hint.of].sort(byText);
  if (!seen.every((item) => of.includes(item as string))) {
    throw new Error(`expected some of ${of.join(' ')}, got ${JSON.stringify(reply)}`);
  }
  return hint.kind === 'oneOf' ? { oneOf: of } : { some: hint.count, of };
}

/** How the reply to a command is recorded. */
export function recordable(
  args: readonly string[],
  reply: GoldenReply,
  startMs: number,
  hint?: ReplyHint,
): GoldenReply {
  if (hint !== undefined) return applyHint(hint, reply);
  const name = args[0]?.toLowerCase() ?? '';
  const full = `${name} ${args[1]?.toLowerCase() ?? ''}`;
  const transform = TRANSFORMS[full] ?? TRANSFORMS[name];
  return transform === undefined ? reply : transform(reply, startMs);
}

/** Whether a sequence depends on the time: then its steps are recorded with their instants. */
export function dependsOnTime(reply: GoldenReply | undefined): boolean {
  if (typeof reply !== 'object' || reply === null) return false;
  if (Array.isArray(reply)) return (reply as GoldenReply[]).some(dependsOnTime);
  return ['ms', 'wallMs', 'wallSeconds', 'timeMs'].some((kind) => kind in reply);
}
